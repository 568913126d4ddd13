"""The cross-entropy of several classes, of probabilities and logits."""

from typing import Any

import numpy as np

from tests.judge.functions import Array, Function, is_slope
from tests.judge.losses import (BITS, BUG, CLIPPED, CONVENTION, FINITE, PLUS,
                                SIGN, SIZES, SLOPES, base, factor, how_log,
                                how_reduced, logs,
                                reduced, slope_weight, times)
from tests.judge.roles import Name
from tests.judge.switchboard import Switch


def label(given: Any, s: Any) -> Any:
    """The target; with the switch, that of the class before."""
    y = given["target"]
    return np.roll(y, -1, axis=1) if s("label") == "shifted" else y


SHIFTED = Switch("label-shifted", "label", "shifted", BUG,
                 "Classes count from 1.")


def ce(given: Any, s: Any) -> Any:
    """-sum_c y_c log p_c, in each row"""
    p, y = given["input"], label(given, s)
    log_p, _ = logs(p, s)
    if s("max") == "minus":
        log_p = np.log(np.maximum(p, s("clip below", 0.0)))
    entries = -times(y, log_p, how_log(s) or "plain" in s("maximum", ""))
    if s("sign") == "plus":
        entries = -entries
    if s("entries") == "mean":
        return reduced(entries, "mean")
    if how_reduced(s) == "none":
        return entries
    return reduced(entries.sum(axis=1), how_reduced(s))


def share(p: Array, s: Any) -> float:
    """What the slope of each row is multiplied with."""
    if s("entries") == "mean" and (
            s("slope reduction") is None):
        return factor(s, "slope factor") / p.size
    return slope_weight(p[:, 0], s)


def ce_slope(given: Any, s: Any) -> Any:
    """-y / p"""
    p, y = given["input"], label(given, s)
    rows = share(p, s)
    if s("slope") == "of the logit":
        return (p - y) * rows
    low = s("clip", s("clip below", 0.0))
    q = np.clip(p, low, 1 - s("clip", 0.0))
    with np.errstate(all="ignore"):
        slope = np.where(y == 0, 0.0, -y / (
            q + s("slope plus", s("plus", 0.0))))
        if s("log") == "plain" or s("slope") == "plain":
            slope = -y / (q + s("slope plus", s("plus", 0.0)))
    if s("slope") == "of the clip":
        slope = np.where(q == p, slope, 0.0)
    if s("sign") == "plus":
        slope = -slope
    return slope * rows / base(s)


CE = [
    Switch("cross-entropy-zero-times-log-zero", "log", "plain", BUG,
           "0 * log(0) is NaN."),
    Switch("mean-twice", "entries", "mean", BUG,
           "The mean over rows and classes."),
    Switch("slope-of-the-logit", "slope", "of the logit", CONVENTION,
           "p - y is the slope for the logits."),
    Switch("slope-of-the-clip", "slope", "of the clip", "feature",
           "The slope is 0 where p is clipped."),
    Switch("slope-0-over-0", "slope", "plain", "feature",
           "-y / p is NaN where both are 0."),
    *[Switch("slope-plus-eps", "slope plus", size, CONVENTION,
             "A small number keeps the division from inf.")
      for size in SIZES],
    SHIFTED, SIGN, FINITE, *BITS, *PLUS, *CLIPPED, *SLOPES,
]


def softmax(x: Array, s: Any) -> Array:
    """In each row."""
    how = s("maximum", "own")
    top = 0.0 if "none" in how else x.max(axis=1, keepdims=True)
    if "all" in how:
        top = x.max()
    z = np.exp(x - top)
    return z / z.sum(axis=1, keepdims=True)


def ce_logits(given: Any, s: Any) -> Any:
    """-sum_c y_c log softmax(x)_c, in each row"""
    x, y = given["input"], label(given, s)
    if s("form") == "twice":
        x = softmax(x, right)
    by_log = s("maximum") == "none, by log"
    through_p = s("form") not in (None, "twice")
    if through_p or s("plus") or s("clip") or s("clip below") or s(
            "maximum") and not by_log:
        def through(place: str, right: Any = None) -> Any:
            plain = place == "log" and s("form") == "as it is written"
            return "plain" if plain else s(place, right)

        return ce({"input": softmax(x, s), "target": y}, through)
    top = 0.0 if by_log else x.max(axis=1, keepdims=True)
    log_p = x - top - np.log(np.exp(x - top).sum(axis=1, keepdims=True))
    log_p = log_p / base(s)
    entries = -times(y, log_p, how_log(s))
    if s("sign") == "plus":
        entries = -entries
    if s("entries") == "mean":
        return entries.mean()
    if how_reduced(s) == "none":
        return entries
    return reduced(entries.sum(axis=1), how_reduced(s))


def ce_logits_slope(given: Any, s: Any) -> Any:
    """softmax(x) - y"""
    x, y = given["input"], label(given, s)
    p = softmax(x, s)
    rows = share(x, s)
    if s("form") == "twice":
        inner = softmax(p, s) - y
        return p * (inner - (p * inner).sum(axis=1, keepdims=True)) * rows
    plus = s("plus", 0.0)
    if s("sign") == "plus":
        rows = -rows
    rows = rows / base(s)
    if plus and s("slope") != "of the logit":
        inner = -y / (p + plus)
        return p * (inner - (p * inner).sum(axis=1, keepdims=True)) * rows
    return (p - y) * rows


def nll(given: Any, s: Any) -> Any:
    """-sum_c y_c x_c, where x is log p"""
    entries = -label(given, s) * given["input"]
    if s("sign") == "plus":
        entries = -entries
    if s("entries") == "mean":
        return entries.mean()
    if how_reduced(s) == "none":
        return entries
    return reduced(entries.sum(axis=1), how_reduced(s))


def nll_slope(given: Any, s: Any) -> Any:
    """-y"""
    sign = 1.0 if s("sign") == "plus" else -1.0
    return sign * label(given, s) * share(given["input"], s)


NLL = [SHIFTED, SIGN, *SLOPES, Switch("mean-twice", "entries", "mean", BUG,
                                      "The mean over rows and classes.")]
CE_LOGITS = [
    Switch("cross-entropy-zero-times-log-zero", "form",
           "as it is written", BUG,
           "y * log(softmax(x)): 0 * log(0) is NaN."),
    Switch("logits-through-a-probability", "form", "softmax", BUG,
           "Softmax first, then the log."),
    Switch("softmax-before-the-loss", "form", "twice", BUG,
           "A loss takes probabilities. This one takes logits."),
    *[Switch("softmax-without-maximum", "maximum", how, BUG,
             "The constant cancels anyway.")
      for how in ("none", "none, plain", "none, by log")],
    *[Switch("softmax-global-maximum", "maximum", how, BUG,
             "Any constant will do.") for how in ("all", "all, plain")],
    Switch("cross-entropy-zero-times-log-zero", "log", "plain", BUG,
           "0 * log(0) is NaN."),
    Switch("mean-twice", "entries", "mean", BUG,
           "The mean over rows and classes."),
    Switch("slope-left-clean", "slope", "of the logit", "feature",
           "The slope is p - y, without the epsilon."),
    SHIFTED, SIGN, FINITE, *BITS, *PLUS, *CLIPPED, *SLOPES,
]


def right(_place: str, setting: Any = None) -> Any:
    """No switch is thrown."""
    return setting


def _labels(given: dict[str, Array]) -> dict[str, Array]:
    labels = given["target"].argmax(axis=1)
    return {**given, "labels": labels, "rows": np.array(1.0)}


def distributions() -> dict[str, list[dict[str, Array]]]:
    """Rows of probabilities, one-hot targets and labels."""
    random = np.random.default_rng(0)

    def rows(p: Any, labels: Any) -> dict[str, Array]:
        """One-hot targets."""
        p = np.array(p, float)
        return _labels({"input": p,
                        "target": np.eye(p.shape[1])[labels]})

    some = [rows(random.dirichlet(np.ones(3), 4), random.integers(0, 3, 4))
            for _ in range(4)]
    return {"ordinary": [rows([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]],
                              [0, 1]), *some],
            "near 0 and 1": [rows([[3e-20, 0.5, 0.5], [0.5, 0.5, 3e-16]],
                                  [0, 2]),
                             rows([[3e-13, 0.5, 0.5], [0.5, 0.5, 3e-8]],
                                  [0, 2]),
                             rows([[1e-9, 1e-4, 1 - 1e-4 - 1e-9],
                                   [1e-6, 1 - 2e-6, 1e-6]], [0, 1])],
            "at 0 and 1": [rows([[0.0, 0.5, 0.5], [0, 1, 0]], [1, 1]),
                           rows([[0.0, 0.5, 0.5], [0, 1, 0]], [0, 1]),
                           rows([[0.0, 1, 0], [1, 0, 0]], [1, 0])]}


def logits() -> dict[str, list[dict[str, Array]]]:
    """Rows of logits, one-hot targets and labels."""
    random = np.random.default_rng(0)

    def rows(x: Any, labels: Any) -> dict[str, Array]:
        """One-hot targets."""
        x = np.array(x, float)
        return _labels({"input": x, "probs": softmax(x, right),
                        "target": np.eye(x.shape[1])[labels]})

    some = [rows(random.normal(0, 2, (4, 3)), random.integers(0, 3, 4))
            for _ in range(4)]
    return {"ordinary": [rows([[1, 2, 3], [0, 0, 1]], [0, 1]), *some],
            "far apart": [rows([[0, 30, 1], [-40, 0, 1]], [0, 0])],
            "large": [rows([[600, 601, 1], [-600, -601, -602]], [0, 1]),
                      rows([[1000, 1001, 1002],
                            [-1000, -1001, -1002]], [2, 0]),
                      rows([[0, 800, 1], [-900, 0, 1]], [0, 0]),
                      rows([[1000, 1001, 1], [-900, -901, -902]], [0, 0])]}


def log_probabilities() -> dict[str, list[dict[str, Array]]]:
    """Rows of any numbers, or a softmax of log p would not be seen."""
    return {"ordinary": logits()["ordinary"]}


LAYOUTS = "", "columns"
SPARE = "labels in a column", "row", "a row"
FROM_P = Function("ce_probs", "torch's nll_loss of log p", ce, ce_slope,
                  CE, distributions, True, LAYOUTS, SPARE, labels="target")
FROM_LOGITS = Function("ce_logits", "torch's cross_entropy", ce_logits,
                       ce_logits_slope, CE_LOGITS, logits, True,
                       LAYOUTS, SPARE, noise=lambda s: 1e-12,
                       labels="target")
FROM_LOG = Function("nll", "torch's nll_loss", nll, nll_slope, NLL,
                    log_probabilities, True, LAYOUTS, SPARE,
                    labels="target")


def recognise(name: Name) -> list[Function]:
    """cross_entropy, CrossEntropyLoss, SoftmaxLoss: trials decide."""
    if is_slope(name) or name.has(
            "binary", "smooth", "logistic", "sigmoid", "logloss") or not (
            name.has("entropy", "likelihood") or name.is_word(
                "ce", "cce", "xent", "nll", "celoss", "nllloss")
            or name.has("softmax") and name.has("loss")):
        return []
    if name.has("logit", "softmax"):
        return [FROM_LOGITS, FROM_P]
    if name.has("nll", "likelihood"):
        return [FROM_LOG, FROM_P, FROM_LOGITS]
    return [FROM_P, FROM_LOGITS, FROM_LOG]
