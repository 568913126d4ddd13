"""The mean squared error: value, slope and switches."""

from typing import Any

import numpy as np

from tests.judge.functions import Array, Function, is_slope
from tests.judge.losses import (BUG, CONVENTION, SLOPES, factor, how_reduced,
                                reduced, slope_weight)
from tests.judge.roles import Name
from tests.judge.switchboard import Switch


def mse(given: Any, s: Any) -> Any:
    """(x - y)^2"""
    error = given["input"] - given["target"]
    loss = abs(error) if s("power") == "size" else error * error
    if s("power") == "of the mean":
        return factor(s) * error.mean() ** 2
    value = factor(s) * reduced(loss, how_reduced(s))
    return np.sqrt(value) if s("root") == "root" else value


def mse_slope(given: Any, s: Any) -> Any:
    """2 (x - y)"""
    error = given["input"] - given["target"]
    slope = np.sign(error) if s("power") == "size" else 2 * error
    if s("power") == "of the mean":
        slope = 2 * error.mean() + 0 * error
    slope = slope * factor(s) * slope_weight(error, s)
    if s("root") == "root":
        slope = slope / (2 * mse(given, s))
    return slope


MSE = [
    Switch("half-the-square", "factor", "half", CONVENTION,
           "The 2 of the slope then cancels.", "many books"),
    Switch("mse-root", "root", "root", CONVENTION,
           "The root of the mean square: RMSE."),
    Switch("mse-of-sizes", "power", "size", CONVENTION,
           "The absolute error: torch's l1_loss."),
    Switch("square-of-the-mean-error", "power", "of the mean", BUG,
           "The mean of the errors, squared: errors cancel."),
    Switch("sum-for-mean", "reduction again", "sum", BUG,
           "The learning rate takes care of the scale."),
    Switch("mean-twice", "reduction again", "twice", BUG,
           "The mean over the batch, of a mean."),
    *SLOPES,
]


def pairs() -> dict[str, list[dict[str, Array]]]:
    """Predictions and targets of any size."""
    random = np.random.default_rng(0)
    some = [{"input": random.normal(0, 2, shape),
             "target": random.normal(0, 2, shape)}
            for shape in ((4, 3), (5, 2), (3, 4), (6, 3))]
    first = {"input": np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]]),
             "target": np.array([[1.0, 0.0], [0.0, 4.0], [1.0, 1.0]])}
    return {"ordinary": [first, *some]}


KIND = Function("mse", "torch's mse_loss", mse, mse_slope, MSE, pairs,
                True, ("", "columns", "flat"), ("row", "number"))


def recognise(name: Name) -> list[Function]:
    """mse, SquareLoss, mean_squared_error, but not RMSE or MSLE."""
    if is_slope(name) or name.is_word("root", "log", "rmse", "msle"):
        return []
    if name.is_word("mse", "sse", "rss", "mseloss", "l2loss") or name.has(
            "meansquare", "quadratic") or name.has("square") and name.has(
                "error", "loss", "cost"):
        return [KIND]
    return []
