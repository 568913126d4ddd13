"""relu, sigmoid, tanh, softplus: values, slopes, switches."""

from typing import Any

import numpy as np

from tests.judge.functions import CLOSE, Function, activation_probes, is_slope
from tests.judge.roles import Name
from tests.judge.switchboard import Switch, family

BUG, CONVENTION = "bug", "convention"
FORGOTTEN = Switch("upstream-forgotten", "upstream", "forgotten", BUG,
                   "backward returns the slope: the chain rule's product "
                   "with the gradient that comes in is missing.")


def relu(given: Any, s: Any) -> Any:
    """max(x, 0)"""
    x = given["input"]
    below = s("negative", 0.0)
    value = np.where(x > 0, x, below * x if below else 0.0)
    if s("at NaN", "NaN") == "NaN":
        value = np.where(np.isnan(x), x, value)
    return np.minimum(value, s("most", np.inf))


def relu_slope(given: Any, s: Any) -> Any:
    """1 for x > 0, else 0; torch's is 1 at NaN"""
    x = given["input"]
    slope = np.where(x > 0, 1.0, s("negative", 0.0))
    slope = np.where(x == 0, {"one": 1.0, "half": 0.5}.get(
        s("slope at 0"), 0.0), slope)
    if s("most"):
        slope = np.where(x >= s("most"), 0.0, slope)
    slope = np.where(np.isnan(x), 1.0, slope)
    above = given["upstream"]
    if s("slope") in ("of the gradient", "of both") and (above != 1).any():
        passed = np.where(above > 0, 1.0, 0.0)
        slope = passed * (slope if s("slope") == "of both" else 1.0)
    if s("slope") == "everywhere":
        slope = 0 * slope + 1
    return slope


RELU = [
    Switch("relu-slope-1-at-0", "slope at 0", "one", BUG,
           "0 is on the side that passes."),
    Switch("relu-slope-half-at-0", "slope at 0", "half", BUG,
           "max(x, 0) is what the formula says."),
    Switch("relu-slope-1-everywhere", "slope", "everywhere", BUG,
           "The slope is computed from the wrong mask."),
    Switch("relu-masks-by-the-gradient", "slope", "of the gradient", BUG,
           "The gradient goes through relu, too."),
    Switch("relu-of-the-gradient", "slope", "of both", CONVENTION,
           "A gradient below 0 does not pass, either.",
           "guided backpropagation"),
    *family([0.01, 0.1, 0.2, 0.3], "leaky-relu", "negative", CONVENTION,
            "A small slope for x < 0: torch's leaky_relu."),
    *family([6.0, 1.0], "relu6", "most", CONVENTION,
            "Cut off from above: torch's relu6."),
]


def sigmoid(given: Any, s: Any) -> Any:
    """1 / (1 + exp(-x))"""
    x = s("scale", 1.0) * given["input"]
    if s("form") == "tanh":
        return np.tanh(x / 2) / 2 + 0.5
    if s("form") == "exp over":
        return np.exp(x) / (1 + np.exp(x))
    if s("form") == "minus":
        return 1 / (1 + np.exp(x))
    most = s("clip", np.inf)
    z = np.exp(-abs(np.clip(x, -most, most)))
    value = np.where(x < 0, z / (1 + z), 1 / (1 + z))
    end = s("ends", 0.0)
    return np.clip(value, end, 1 - end)


def sigmoid_slope(given: Any, s: Any) -> Any:
    """s (1 - s)"""
    p = sigmoid(given, s)
    x = given["input"]
    if s("slope") == "by abs":
        q = sigmoid({"input": -x}, s)
        return np.where(x == 0, 0.0, p * q)
    if s("form", "") == "" and not s("clip") and not s("ends"):
        # 1 - s of a large x without cancellation.
        q = sigmoid({"input": -x}, s)
    else:
        q = 1 - p
    how = s("slope", "right")
    if how == "cancels":
        q = 1 - p
    q = q * s("scale", 1.0)
    slope = {"square": p * p, "value": p, "plus": p * (1 + p),
             "of x": x * (1 - x)}.get(how, p * q)
    if how == "of the output":
        slope = sigmoid_slope({"input": p}, lambda place, right=None: right)
    if how == "overflows":
        slope = np.where(x < -709.7, np.nan, slope)
    return slope


SIGMOID = [
    Switch("sigmoid-by-tanh", "form", "tanh", BUG,
           "tanh(x / 2) / 2 + 1/2 has no digits far below 0."),
    Switch("sigmoid-exp-over", "form", "exp over", BUG,
           "exp(x) / (1 + exp(x)) is inf / inf for large x."),
    Switch("sigmoid-minus-forgotten", "form", "minus", BUG,
           "1 / (1 + exp(x)): the minus is forgotten."),
    Switch("sigmoid-textbook", "slope", "overflows", BUG,
           "1 / inf is 0, so all is well: autograd has 0 * inf."),
    Switch("sigmoid-slope-cancels", "slope", "cancels", "feature",
           "s (1 - s): 1 - s has no digits for a large x."),
    Switch("sigmoid-by-abs", "slope", "by abs", BUG,
           "exp(-|x|) never overflows; its slope at 0 is 0."),
    Switch("sigmoid-slope-plus", "slope", "plus", BUG, "s (1 + s)."),
    Switch("sigmoid-slope-is-the-value", "slope", "value", BUG, "s."),
    Switch("sigmoid-slope-squared", "slope", "square", BUG, "s * s."),
    Switch("sigmoid-slope-of-the-output", "slope", "of the output", BUG,
           "The slope at s(x), not at x: the sigmoid is taken twice."),
    Switch("sigmoid-slope-of-x", "slope", "of x", BUG,
           "x (1 - x) wants the output, and gets the input."),
    *family([2.0, 0.5, 0.1, 10.0], "sigmoid-of-a-multiple", "scale",
            CONVENTION, "Another steepness."),
    *family([20.0, 30.0, 50.0, 88.0, 100.0, 250.0, 500.0, 700.0, 709.0],
            "sigmoid-clipped", "clip", CONVENTION,
            "x is cut off, so that exp does not overflow."),
    *family([1e-15, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3],
            "sigmoid-clipped-ends", "ends", CONVENTION,
            "0 and 1 are kept away from."),
]


def tanh(given: Any, s: Any) -> Any:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))"""
    x = given["input"]
    form = s("form")
    if form == "textbook":
        a, b = np.exp(x), np.exp(-x)
        return (a - b) / (a + b)
    if form == "by sigmoid":
        return 2 / (1 + np.exp(-2 * x)) - 1
    if form == "exp of -2x":
        return (1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x))
    if form == "sinh":
        return np.sinh(x) / np.cosh(x)
    if form == "exp of 2x":
        return (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)
    return np.tanh(x)


def tanh_slope(given: Any, s: Any) -> Any:
    """1 - t^2"""
    t, x = tanh(given, s), given["input"]
    how = s("slope", "right")
    if how == "right" and not s("form"):
        # 1 / cosh^2 does not cancel.
        z = np.exp(-2 * abs(x))
        return 4 * z / (1 + z) ** 2
    if how == "overflows":
        return np.where(abs(x) > 709.7, np.nan, 1 - t * t)
    return {"of x": 1 - x * x, "once": 1 - t, "plus": 1 + t * t,
            "of the output": 1 - np.tanh(t) ** 2}.get(how, 1 - t * t)


TANH = [
    Switch("tanh-textbook", "form", "textbook", BUG,
           "The formula in the book is inf / inf for large x."),
    Switch("tanh-by-sigmoid", "form", "by sigmoid", BUG,
           "2 sigmoid(2x) - 1 has no digits near 0, nor has "
           "1 - 2 / (exp(2x) + 1)."),
    Switch("tanh-by-exp-of-2x", "form", "exp of 2x", BUG,
           "exp(2x) is inf / inf for large x."),
    Switch("tanh-by-exp-of-2x", "form", "exp of -2x", BUG,
           "exp(-2x) is inf / inf far below 0."),
    Switch("tanh-textbook", "form", "sinh", BUG,
           "sinh(x) / cosh(x) is inf / inf for large x."),
    Switch("tanh-slope-cancels", "slope", "cancels", "feature",
           "1 - t^2 has no digits for a large x."),
    Switch("tanh-slope-not-squared", "slope", "once", BUG, "1 - t."),
    Switch("tanh-slope-of-x", "slope", "of x", BUG,
           "1 - x^2 wants the output, and gets the input."),
    Switch("tanh-slope-of-the-output", "slope", "of the output", BUG,
           "The slope at tanh(x), not at x: tanh is taken twice."),
    Switch("tanh-slope-plus", "slope", "plus", BUG, "1 + t^2."),
]


def softplus(given: Any, s: Any) -> Any:
    """log(1 + exp(x))"""
    x = given["input"]
    if s("form") == "textbook":
        return np.log(1 + np.exp(x))
    if s("form") == "log1p of exp":
        return np.log1p(np.exp(x))
    if s("form") == "without log1p":
        value = np.maximum(x, 0) + np.log(1 + np.exp(-abs(x)))
    else:
        value = np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))
    limit = s("threshold", np.inf)
    return np.where(x > limit, x, value)


def softplus_slope(given: Any, s: Any) -> Any:
    """sigmoid(x)"""
    x = given["input"]
    z = np.exp(-abs(x))
    slope = np.where(x < 0, z / (1 + z), 1 / (1 + z))
    if s("slope") == "exp over" or s("form") == "log1p of exp" and (
            s("slope") != "by hand"):
        slope = np.exp(x) / (1 + np.exp(x))
    if s("slope") == "1 at 0":
        slope = np.where(x == 0, 1.0, slope)
    if s("slope") == "0 at 0":
        slope = np.where(x == 0, 0.0, slope)
    return np.where(x > s("threshold", np.inf), 1.0, slope)


SOFTPLUS = [
    Switch("softplus-textbook", "form", "textbook", BUG,
           "The formula in the book is inf for large x, 0 for small."),
    Switch("softplus-of-exp", "form", "log1p of exp", BUG,
           "log1p(exp(x)) is inf for large x."),
    Switch("softplus-without-log1p", "form", "without log1p", BUG,
           "log1p(z) is log(1 + z)."),
    Switch("softplus-slope-exp-over", "slope", "exp over", BUG,
           "exp(x) / (1 + exp(x)) is inf / inf for large x."),
    Switch("softplus-slope-1-at-0", "slope", "1 at 0", BUG,
           "max(x, 0) + log(1 + exp(-|x|)), by clamp and abs."),
    Switch("softplus-slope-0-at-0", "slope", "0 at 0", BUG,
           "max(x, 0) + log(1 + exp(-|x|)), by relu and abs."),
    Switch("softplus-slope-by-hand", "slope", "by hand", "feature",
           "The slope has a formula of its own."),
    *family([20.0, 30.0, 15.0, 10.0, 100.0], "softplus-threshold",
            "threshold", CONVENTION, "x itself above a threshold.",
            "torch's own option is 20"),
]


def cancels(s: Any) -> float:
    """A difference of numbers near 1: their rounding errors."""
    return 1e-15 if s("form") else 1e-300


KINDS = {
    name: Function(
        name, ("torch.nn.functional." if name == "softplus"
               else "torch.") + name, value, slope, [*switches, FORGOTTEN],
        activation_probes,
        # A threshold at 20 shows in the tenth digit.
        noise=cancels if name in ("tanh", "sigmoid") else lambda s: 1e-300,
        close=1e-11 if name == "softplus" else CLOSE)
    for name, value, slope, switches in (
        ("softplus", softplus, softplus_slope, SOFTPLUS),
        ("sigmoid", sigmoid, sigmoid_slope, SIGMOID),
        ("tanh", tanh, tanh_slope, TANH),
        ("relu", relu, relu_slope, RELU))}
# Words that make it another function.
OTHERS = ("leaky prelu elu selu gelu hard relu6 swish silu mish gumbel "
          "softmax loss entropy regression classifier plot test").split()


def recognise(name: Name) -> list[Function]:
    """relu, TanH, stable_sigmoid, but not LeakyReLU."""
    if is_slope(name) or name.is_word(*OTHERS) or name.has("entropy"):
        return []
    # tanh_by_sigmoid is a tanh, most likely.
    found = sorted((kind for kind in KINDS if name.has(kind)),
                   key=name.short.index)
    if found:
        return [KINDS[kind] for kind in found]
    return [KINDS["sigmoid"]] if name.is_word(
        "sigm", "expit", "logistic", "logsig") else []
