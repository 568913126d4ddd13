"""softmax and log_softmax: values, slopes and their switches."""

from typing import Any

import numpy as np

from tests.judge.functions import Function, activation_probes, is_slope
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
    total = below.sum(axis=axis, keepdims=True)
    if s("sum") == "other":
        total = below.sum(axis=0, keepdims=True)
    if s("sum") == "flat" and len(z) == z.shape[1]:
        total = below.sum(axis=-1)
    p = z / (total + s("sum plus", 0.0))
    return p + s("plus", 0.0)


def softmax_slope(given: Any, s: Any) -> Any:
    """p_i (u_i - sum_j p_j u_j)"""
    p, u = softmax(given, s), given["upstream"]
    how = s("slope", "right")
    if how == "passed through":
        return u
    alone = (u == 1).all()
    if how == "diagonal":
        return p * (1 - p) * (np.nan if alone else u)
    if how == "diagonal alone":
        return p * (1 - p) * (1.0 if alone else np.nan)
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
    Switch("slope-left-to-the-loss", "slope", "passed through",
           CONVENTION, "The loss's slope is meant to contain it."),
    Switch("softmax-slope-diagonal", "slope", "diagonal", BUG,
           "p (1 - p), as for the sigmoid: the rest of the Jacobian is "
           "missing."),
    Switch("softmax-slope-diagonal", "slope", "diagonal alone", CONVENTION,
           "p (1 - p): only the diagonal of the Jacobian is given."),
    Switch("softmax-wrong-axis", "sum", "other", BUG,
           "Sum over the classes; which axis was that?"),
    Switch("softmax-without-keepdim", "sum", "flat", BUG,
           "Broadcasting sorts it out."),
    *family([1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6], "softmax-sum-plus-eps",
            "sum plus", CONVENTION, "A small number keeps the sum from 0."),
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
    Switch("softmax-without-maximum", "maximum", "none", BUG,
           "The constant cancels anyway."),
    *[Switch("log-of-p-plus-eps", "eps", size, CONVENTION,
             "A small number keeps the log from -inf.")
      for size in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)],
]


def probes() -> dict[str, list[dict[str, Any]]]:
    """Those of the activations; a number needs its whole row."""
    return {region: [{**one, "whole rows": np.array(1.0)} for one in inputs]
            for region, inputs in activation_probes().items()}


SOFT = Function("softmax", "torch.softmax", softmax, softmax_slope,
                SOFTMAX, probes, layouts=("", "columns"),
                spare=("row", "square"))
LOG = Function("log_softmax", "torch.log_softmax", log_softmax,
               log_softmax_slope, LOG_SOFTMAX, probes,
               layouts=("", "columns"), spare=("row", "square"),
               # x - log sum exp x is as good as x.
               noise=lambda s: 1e-12)


def recognise(name: Name) -> list[Function]:
    """stable_softmax, LogSoftmax, but not SoftmaxLoss."""
    if not name.has("softmax") or is_slope(name) or name.has(
            "entropy", "loss", "gumbel", "crossent") or name.is_word(
            "regression", "classifier", "test"):
        return []
    return [LOG if name.has("log") else SOFT]
