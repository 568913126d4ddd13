"""What the losses share: reductions, logarithms, and their switches."""

from typing import Any

import numpy as np

from tests.judge.functions import Array
from tests.judge.switchboard import Switch, family

BUG, CONVENTION = "bug", "convention"
SIZES = [1e-20, 1e-16, 2.220446049250313e-16, 1e-15, 1e-14, 1e-12, 1e-10,
         1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2]


def reduced(loss: Array, how: str) -> Array:
    """One number, or one a row, or all."""
    return {"mean": lambda: loss.mean(), "sum": lambda: loss.sum(),
            "none": lambda: loss,
            "rows": lambda: loss.reshape(len(loss), -1).sum(axis=1),
            "row means": lambda: loss.reshape(len(loss), -1).mean(axis=1),
            "column means": lambda: loss.mean(axis=0),
            "per row": lambda: loss.sum() / len(loss),
            "per column": lambda: loss.sum() / loss.shape[-1],
            "twice": lambda: loss.sum() / loss.size / len(loss),
            }[how]()


def weight(loss: Array, how: str) -> float:
    """What each slope is multiplied with."""
    return {"mean": 1 / loss.size, "per row": 1 / len(loss),
            "row means": len(loss) / loss.size,
            "per column": 1 / loss.shape[-1],
            "column means": 1 / len(loss),
            "twice": 1 / loss.size / len(loss)}.get(how, 1.0)


def how_reduced(s: Any) -> str:
    """The reduction of the value: as it is read, or a bug."""
    return s("reduction again", s("reduction", "mean"))


def slope_weight(loss: Array, s: Any) -> float:
    """The slope's reduction may be another one than the value's."""
    return factor(s, "slope factor") * weight(
        loss, s("slope reduction", how_reduced(s)))


def factor(s: Any, place: str = "factor") -> float:
    """Half of the loss, twice the slope."""
    return {"half": 0.5, "double": 2.0, "negative": -1.0}.get(
        s(place, "one"), 1.0)


# A loss that is not reduced: what is trained is its sum or its mean,
# and the slope may be of either.
SAME_AS = {"none": ["none", "mean", "per row"], "rows": ["rows", "per row"],
           "row means": ["row means", "mean"],
           "column means": ["column means", "mean"]}
REDUCTIONS = ["mean", "sum", "none", "rows", "row means", "per row",
              "column means"]
SLOPES = [
    Switch("gradient-of-the-sum", "slope reduction", "sum", CONVENTION,
           "The slope is that of the sum: n times that of the mean.",
           "Andrew Ng's course: the layers divide by n",
           "the learning rate is n times as large, unless what follows "
           "divides by n"),
    Switch("gradient-of-the-mean", "slope reduction", "mean", BUG,
           "The slope is that of the mean, the value is not."),
    Switch("slope-mean-twice", "slope reduction", "twice", BUG,
           "The slope is divided by the rows once more."),
    Switch("gradient-per-row", "slope reduction", "per row", CONVENTION,
           "The slope is divided by the number of rows."),
    Switch("slope-sign", "slope factor", "negative", BUG,
           "Target less prediction: the sign of the slope."),
    Switch("slope-of-half", "slope factor", "half", CONVENTION,
           "The 2 of the slope is left out."),
    Switch("slope-doubled", "slope factor", "double", CONVENTION,
           "The 2 that half the square would cancel."),
]


def logs(p: Array, s: Any, floor: float = 0.0) -> tuple[Array, Array]:
    """log p and log (1 - p), as the switches have them."""
    plus = s("plus", 0.0)
    low = s("clip", s("clip below", 0.0))
    p = np.clip(p, low, 1 - s("clip", 0.0))
    log_p, log_q = np.log(p + plus), np.log(1 - p + plus)
    log_p, log_q = log_p / base(s), log_q / base(s)
    if floor:
        log_p, log_q = np.maximum(log_p, floor), np.maximum(log_q, floor)
    return log_p, log_q


def base(s: Any) -> float:
    """What turns log into log2 or log10."""
    return float(np.log(s("base"))) if s("base") else 1.0


def how_log(s: Any) -> str:
    """0 log 0 as it is written, or made finite; or "", where it is 0."""
    how = s("log", "")
    return how if how in ("plain", "nan to num") else ""


def times(y: Array, log: Array, plain: Any) -> Array:
    """y log p; 0 log 0 is 0, unless it is computed as it is written."""
    if plain == "nan to num":
        return np.nan_to_num(y * log)
    return y * log if plain else np.where(y == 0, 0.0, y * log)


PLUS = family(SIZES, "cross-entropy-plus-eps", "plus", CONVENTION,
              "A small number keeps the log from -inf.",
              effect="the loss never gets above -log(eps), and is "
                     "negative when the prediction is sure and right")
CLIPPED = [
    *family(SIZES, "cross-entropy-clipped", "clip", CONVENTION,
            "p is kept away from 0 and 1.", "Keras: 1e-7"),
    *family(SIZES, "cross-entropy-clipped-below", "clip below", CONVENTION,
            "p is kept away from 0."),
]
FINITE = Switch("cross-entropy-nan-to-num", "log", "nan to num", CONVENTION,
                "nan_to_num makes 0 log 0 a 0, and infinity the largest "
                "number.", "Nielsen")
BITS = [Switch("cross-entropy-in-bits", "base", 2, CONVENTION,
               "log2 instead of log.", "information theory"),
        Switch("cross-entropy-in-decimal-digits", "base", 10, CONVENTION,
               "log10 instead of log.")]
SIGN = Switch("cross-entropy-sign", "sign", "plus", BUG,
              "The minus is forgotten.")
