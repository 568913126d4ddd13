"""softmax and log_softmax: values, slopes and their switches."""

from typing import Any

import numpy as np

from tests.judge.functions import Function, activation_probes
from tests.judge.roles import Name
from tests.judge.switchboard import Switch, family

BUG, CONVENTION = "bug", "convention"


def softmax(given: Any, s: Any) -> Any:
    """exp(x_i) / sum_j exp(x_j), in each row"""
    x = given["input"]
    axis = {"columns": 0, "all": None}.get(s("axis"), -1)
    top = x.max(axis=axis, keepdims=True)
    how = s("maximum", "own")
    if how == "all":
        top = x.max()
    if how == "none":
        top = 0
    z = np.exp(x - top)
    below = np.exp(x) if how == "numerator" else z
    p = z / below.sum(axis=axis, keepdims=True)
    return p + s("plus", 0.0)


def softmax_slope(given: Any, s: Any) -> Any:
    """p_i (u_i - sum_j p_j u_j)"""
    p, u = softmax(given, s), given["upstream"]
    how = s("slope", "right")
    if how == "passed through":
        return u
    if how == "diagonal":
        return p * (1 - p) * u
    axis = {"columns": 0, "all": None}.get(s("axis"), -1)
    return p * (u - (p * u).sum(axis=axis, keepdims=True))


SOFTMAX = [
    Switch("softmax-without-maximum", "maximum", "none", BUG,
           "The constant cancels anyway."),
    Switch("softmax-global-maximum", "maximum", "all", BUG,
           "Any constant will do."),
    Switch("softmax-numerator-shifted", "maximum", "numerator", BUG,
           "The maximum is subtracted above, and not below."),
    Switch("softmax-of-the-whole-batch", "axis", "all", CONVENTION,
           "Written for one sample: a batch is summed as a whole."),
    Switch("softmax-wrong-axis", "axis", "columns", CONVENTION,
           "Each column is a sample."),
    Switch("slope-left-to-the-loss", "slope", "passed through",
           CONVENTION, "The loss's slope is meant to contain it."),
    Switch("softmax-slope-diagonal", "slope", "diagonal", BUG,
           "p (1 - p), as for the sigmoid: the rest of the Jacobian is "
           "missing."),
    *family([1e-12, 1e-10, 1e-8, 1e-7, 1e-6], "softmax-plus-eps", "plus",
            CONVENTION, "A small number keeps the log from -inf."),
]


def log_softmax(given: Any, s: Any) -> Any:
    """x_i - log(sum_j exp(x_j)), in each row"""
    x = given["input"]
    form = s("form")
    if form == "log of softmax" or s("eps") or s("maximum"):
        return np.log(softmax(given, s) + s("eps", 0.0))
    axis = {"columns": 0, "all": None}.get(s("axis"), -1)
    top = x.max(axis=axis, keepdims=True)
    if form == "textbook":
        top = 0
    z = x - top
    log = np.log(np.exp(z).sum(axis=axis, keepdims=True))
    if form == "not given back":
        return x - log
    return z - log


def log_softmax_slope(given: Any, s: Any) -> Any:
    """u_i - p_i sum_j u_j"""
    p, u = softmax(given, s), given["upstream"]
    axis = {"columns": 0, "all": None}.get(s("axis"), -1)
    return u - p * u.sum(axis=axis, keepdims=True)


LOG_SOFTMAX = [
    Switch("log-of-softmax", "form", "log of softmax", BUG,
           "log_softmax is the log of softmax."),
    Switch("log-softmax-textbook", "form", "textbook", BUG,
           "The constant cancels anyway."),
    Switch("log-softmax-maximum-not-given-back", "form", "not given back",
           BUG, "The sum is that of shifted x, the x is not."),
    Switch("softmax-of-the-whole-batch", "axis", "all", CONVENTION,
           "Written for one sample: a batch is summed as a whole."),
    Switch("softmax-wrong-axis", "axis", "columns", CONVENTION,
           "Each column is a sample."),
    Switch("softmax-without-maximum", "maximum", "none", BUG,
           "The constant cancels anyway."),
    *[Switch("log-of-p-plus-eps", "eps", size, CONVENTION,
             "A small number keeps the log from -inf.")
      for size in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)],
]
SOFT = Function("softmax", "torch.softmax", softmax, softmax_slope,
                SOFTMAX, activation_probes)
LOG = Function("log_softmax", "torch.log_softmax", log_softmax,
               log_softmax_slope, LOG_SOFTMAX, activation_probes)


def recognise(name: Name) -> list[Function]:
    """stable_softmax, LogSoftmax, but not SoftmaxLoss."""
    if not name.has("softmax") or name.has("entropy", "loss", "gumbel") or (
            name.is_word("regression", "classifier", "layer", "test")):
        return []
    return [LOG if name.has("log") else SOFT]
