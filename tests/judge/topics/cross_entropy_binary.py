"""The cross-entropy of two classes, from probabilities and logits."""

import itertools
from typing import Any

import numpy as np

from tests.judge.functions import Array, Function, is_slope
from tests.judge.losses import (BITS, BUG, CLIPPED, CONVENTION, FINITE, PLUS,
                                SIGN, SIZES, SLOPES, base, factor, how_log,
                                how_reduced, logs,
                                reduced, slope_weight, times)
from tests.judge.roles import Name
from tests.judge.switchboard import Switch, family


def bce(given: Any, s: Any) -> Any:
    """-(y log p + (1 - y) log(1 - p))"""
    p, y = given["input"], given["target"]
    if s("target") == "swapped":
        y = 1 - y
    plain = s("log") in ("plain", "no floor", "nan to num")
    log_p, log_q = logs(p, s, 0.0 if plain or s("plus", 0.0) or s(
        "clip", 0.0) else -100.0)
    loss = -(times(y, log_p, how_log(s))
             + times(1 - y, log_q, how_log(s)))
    if s("half") == "first":
        loss = -times(y, log_p, how_log(s))
    if s("half") == "second":
        loss = -times(1 - y, log_q, how_log(s))
    if s("half") == "sign":
        loss = (times(1 - y, log_q, how_log(s))
                - times(y, log_p, how_log(s)))
    if s("sign") == "plus":
        loss = -loss
    return factor(s) * reduced(loss, how_reduced(s))


def bce_slope(given: Any, s: Any) -> Any:
    """(p - y) / (p (1 - p))"""
    p, y = given["input"], given["target"]
    if s("target") == "swapped":
        y = 1 - y
    low = s("clip", 0.0)
    how, scale = s("slope", "right"), factor(s) * slope_weight(p, s)
    if how == "of the logit":
        return (p - y) * scale
    if how == "not clipped":
        return (p - y) / (p * (1 - p)) * scale
    inside = (p >= low) & (p <= 1 - low)
    p = np.clip(p, low, 1 - low)
    plus = s("slope plus", s("plus", 0.0))
    below = s("divisor plus", 0.0)
    if how == "two terms" or s("plus", 0.0):
        slope = -y / (p + plus) + (1 - y) / (1 - p + plus)
    elif below or low or s("log") in ("plain", "no floor", "nan to num"):
        slope = (p - y) / (p * (1 - p) + below)
    else:
        slope = (p - y) / np.maximum(p * (1 - p), 1e-12)
    if low and how == "of the clip":
        slope = np.where(inside, slope, 0.0)
    if s("half"):
        first, second = -y / (p + plus), (1 - y) / (1 - p + plus)
        slope = {"first": first, "second": second}.get(
            s("half"), first - second)
    if s("sign") == "plus":
        slope = -slope
    return slope * scale / base(s)


BCE = [
    Switch("cross-entropy-zero-times-log-zero", "log", "plain", BUG,
           "0 * log(0) is NaN."),
    Switch("cross-entropy-without-floor", "log", "no floor", CONVENTION,
           "log 0 is -inf; torch stops at -100."),
    Switch("cross-entropy-target-swapped", "target", "swapped", BUG,
           "Which of the two is the label?"),
    Switch("cross-entropy-half", "half", "first", BUG,
           "Only y log p: nothing pulls p down where y is 0."),
    Switch("cross-entropy-half", "half", "second", BUG,
           "Only (1 - y) log(1 - p): nothing pulls p up where y is 1."),
    Switch("cross-entropy-term-sign", "half", "sign", BUG,
           "The minus belongs to the first term only."),
    Switch("half-the-loss", "factor", "half", CONVENTION, "Half of it."),
    Switch("slope-of-the-logit", "slope", "of the logit", CONVENTION,
           "p - y is the slope for the logit."),
    Switch("slope-of-the-clip", "slope", "of the clip", "feature",
           "The slope is 0 where p is clipped."),
    Switch("slope-not-clipped", "slope", "not clipped", "feature",
           "p is kept away from 0 and 1 in the value only."),
    Switch("slope-of-two-terms", "slope", "two terms", "feature",
           "-y / p + (1 - y) / (1 - p)."),
    Switch("sum-for-mean", "reduction again", "sum", BUG,
           "The learning rate takes care of the scale."),
    *[Switch("slope-plus-eps", "slope plus", size, CONVENTION,
             "A small number keeps the division from inf.")
      for size in SIZES],
    *family(SIZES, "slope-plus-eps", "divisor plus", CONVENTION,
            "A small number is added to p (1 - p)."),
    SIGN, FINITE, *BITS, *PLUS, *CLIPPED, *SLOPES,
]


def bce_logits(given: Any, s: Any) -> Any:
    """-(y log s + (1 - y) log(1 - s)), s = sigmoid(x)"""
    x, y = given["input"], given["target"]
    if s("target") == "swapped":
        y = 1 - y
    if s("form") == "twice":
        x = 1 / (1 + np.exp(-x))
    if s("form") == "plain" or s("plus") or s("clip"):
        z = np.exp(-abs(x))
        p = np.where(x < 0, z / (1 + z), 1 / (1 + z))
        return bce({"input": p, "target": y}, lambda place, right=None: {
            "log": "plain" if s("form") == "plain" else None,
            "target": None}.get(place) or s(place, right))
    log = (np.log(1 + np.exp(x)) if s("softplus") == "textbook"
           else np.maximum(x, 0) + np.log1p(np.exp(-abs(x))))
    return reduced(log - x * y, how_reduced(s))


def bce_logits_slope(given: Any, s: Any) -> Any:
    """sigmoid(x) - y"""
    x, y = given["input"], given["target"]
    if s("target") == "swapped":
        y = 1 - y
    z = np.exp(-abs(x))
    p = np.where(x < 0, z / (1 + z), 1 / (1 + z))
    if s("at 0"):
        p = np.where(x == 0, 1.0 if s("at 0") == "one" else 0.0, p)
    weight = slope_weight(x, s)
    if s("form") == "twice":
        return (1 / (1 + np.exp(-p)) - y) * p * (1 - p) * weight
    if s("slope") == "of sigmoid, too":
        return (p - y) * p * (1 - p) * weight
    return (p - y) * weight


BCE_LOGITS = [
    Switch("logits-through-a-probability", "form", "plain", BUG,
           "Sigmoid first, then the cross-entropy."),
    Switch("sigmoid-before-the-loss", "form", "twice", BUG,
           "A loss takes probabilities. This one takes logits."),
    Switch("sigmoid-slope-twice", "slope", "of sigmoid, too", BUG,
           "The chain rule needs the slope of the sigmoid: p - y has "
           "it."),
    Switch("softplus-textbook", "softplus", "textbook", BUG,
           "log(1 + exp(x)) is inf for large x."),
    Switch("cross-entropy-target-swapped", "target", "swapped", BUG,
           "Which of the two is the label?"),
    *[Switch("logits-slope-at-0", "at 0", how, BUG,
             "exp(-|x|) never overflows; its slope at 0 is 0.")
      for how in ("one", "zero")],
    *PLUS, *CLIPPED, *SLOPES,
]


def probabilities() -> dict[str, list[dict[str, Array]]]:
    """Probabilities and labels, one column."""
    random = np.random.default_rng(0)

    def pair(p: Any, y: Any) -> dict[str, Array]:
        """Columns."""
        return {"input": np.array(p, float).reshape(-1, 1),
                "target": np.array(y, float).reshape(-1, 1)}

    some = [pair(random.uniform(0.05, 0.95, 6), random.integers(0, 2, 6))
            for _ in range(4)]
    return {"ordinary": [pair([0.5, 0.25, 0.75], [1, 0, 1]), *some],
            "near 0 and 1": [pair([1e-6, 1 - 1e-6, 1e-9, 1e-4],
                                  [0, 1, 1, 1])],
            "at 0 and 1": [pair([0, 1, 0.5], [0, 1, 1]),
                           pair([0, 1, 0.5], [1, 0, 1]),
                           pair([0, 0.5], [1, 1])]}


def wide() -> dict[str, Array]:
    """Several columns: a mean of rows is no sum of rows."""
    return {"input": np.array([[0.5, 0.25, 0.75], [0.125, 0.6, 0.3]]),
            "target": np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])}


def columns() -> dict[str, list[dict[str, Array]]]:
    """Logits and labels, one column."""
    found = {}
    for region, given in probabilities().items():
        found[region] = [{"input": 8 * one["input"] - 4,
                          "target": one["target"]} for one in given]
    found.pop("near 0 and 1"), found.pop("at 0 and 1")
    found["at 0"] = [{"input": np.array([[0.0], [0.0], [1.0]]),
                      "target": np.array([[0.0], [1.0], [1.0]])}]
    found["far apart"] = [{"input": np.array([[40.0], [-40.0], [1.0]]),
                           "target": np.array([[0.0], [1.0], [1.0]])}]
    found["large"] = [{"input": np.array([[800.0], [-800.0], [1000.0]]),
                       "target": np.array([[0.0], [1.0], [1.0]])}]
    for one in itertools.chain(*found.values()):
        with np.errstate(over="ignore"):
            one["probs"] = 1 / (1 + np.exp(-one["input"]))
    return found


LAYOUTS = "", "columns", "flat"
SPARE = "row", "number"
FROM_P = Function("bce", "torch's binary_cross_entropy", bce, bce_slope,
                  BCE, probabilities, True, LAYOUTS, SPARE, wide=wide)
FROM_LOGITS = Function(
    "bce_logits", "torch's binary_cross_entropy_with_logits", bce_logits,
    bce_logits_slope, BCE_LOGITS, columns, True, LAYOUTS, SPARE,
    noise=lambda s: 1e-13, wide=wide)


def recognise(name: Name) -> list[Function]:
    """bce, BinaryCrossEntropy, log_loss: from probabilities first."""
    if is_slope(name) or name.has("smooth") or not (
            name.has("entropy", "logloss", "logisticloss", "likelihood")
            or name.is_word("bce", "bceloss", "nll", "xent")):
        return []
    if name.has("logit", "sigmoid"):
        return [FROM_LOGITS, FROM_P]
    if name.has("softmax", "categorical") or name.is_word("cce"):
        return []
    return [FROM_P, FROM_LOGITS]
