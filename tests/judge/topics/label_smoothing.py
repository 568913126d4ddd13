"""Label smoothing: the targets alone, or the cross-entropy with them."""

from typing import Any

import numpy as np

from tests.judge.functions import Array, Function
from tests.judge.losses import SLOPES, how_reduced, reduced, slope_weight
from tests.judge.roles import Name
from tests.judge.switchboard import Switch, family
from tests.judge.topics.cross_entropy import logits

# What is handed over as the amount of smoothing.
SMOOTHING = 0.1


def targets(given: Any, s: Any) -> Any:
    """(1 - a) y_c + a / k, for k classes"""
    y = given["target"]
    a, k = s("amount", SMOOTHING), y.shape[1]
    how = s("share", "all")
    if how == "others":
        return np.where(y == 1, 1 - a, a / (k - 1))
    if how == "others only":
        return np.where(y == 1, 1 - a, a / k)
    if how == "whole":
        return (1 - a) * y + a
    if how == "kept":
        return np.where(y == 1, 1.0, a / (k - 1))
    if how == "added":
        return y + a / k
    return (1 - a) * y + a / k


def smoothed(given: Any, s: Any) -> Any:
    """-sum_c q_c log softmax(x)_c, with smoothed targets q"""
    x = given["input"]
    z = x - x.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    entries = -targets(given, s) * log_p
    if s("entries") == "mean":
        return entries.mean()
    return reduced(entries.sum(axis=1), how_reduced(s))


def smoothed_slope(given: Any, s: Any) -> Any:
    """sum_c q_c softmax(x) - q"""
    x, q = given["input"], targets(given, s)
    z = np.exp(x - x.max(axis=1, keepdims=True))
    p = z / z.sum(axis=1, keepdims=True)
    rows = (1 / x.size if s("entries") == "mean"
            else slope_weight(x[:, 0], s))
    return (p * q.sum(axis=1, keepdims=True) - q) * rows


SHARES = [
    Switch("smoothing-among-the-others", "share", "others", "convention",
           "The other classes share it; in the paper and in torch all "
           "do."),
    Switch("smoothing-adds-up-to-more", "share", "added", "bug",
           "Smoothing is a term that is added."),
    Switch("smoothing-not-shared", "share", "whole", "bug",
           "Each class gets a, not a / k."),
    Switch("smoothing-keeps-the-1", "share", "kept", "bug",
           "The right class keeps its 1, the others get their share."),
    Switch("smoothing-adds-up-to-less", "share", "others only", "bug",
           "a / k for each other class: the right one lacks its own."),
    *family([0.0, 0.05, 0.2, 0.01], "smoothing-of-another-size", "amount",
            "feature", "It smooths by an amount of its own."),
]


def one_hot() -> dict[str, list[dict[str, Array]]]:
    """Labels, and one-hot rows of them."""
    found = []
    for labels, k in (([0, 2, 1], 4), ([1, 0], 3), ([4, 0, 2, 2], 5)):
        y = np.eye(k)[labels]
        found.append({"input": y, "target": y,
                      "labels": np.array(labels), "rows": np.array(1.0)})
    return {"ordinary": found}


TARGETS = Function("smooth_targets", "smoothed targets as torch has them",
                   targets, None, SHARES, one_hot, spare=("row",),
                   labels="input")
LOSS = Function("ce_smooth", "torch's cross_entropy(label_smoothing=0.1)",
                smoothed, smoothed_slope,
                [*SHARES, *SLOPES, Switch(
                    "mean-twice", "entries", "mean", "bug",
                    "The mean over rows and classes.")],
                logits, True, ("", "columns"),
                ("labels in a column", "row", "a row"),
                noise=lambda s: 1e-12, labels="target")


def recognise(name: Name) -> list[Function]:
    """smooth_one_hot, LabelSmoothingLoss, but not SmoothL1Loss."""
    if not name.has("smooth") or name.is_word("l1", "l1loss"):
        return []
    if name.has("loss", "entropy", "criterion") or name.is_word("ce"):
        return [LOSS]
    return [TARGETS, LOSS] if name.has("label", "onehot", "target") else []
