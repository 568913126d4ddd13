"""Normalisation as formulas with switches, and what they are tried on."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tests.judge.functions import Array
from tests.judge.switchboard import Switch, family

X = np.array([[1.0, 0.1, 3.0], [2.0, 0.15, -1.0], [4.0, 0.08, 0.5],
              [-1.0, 0.12, 2.0]])
NEW = np.array([[2.5, 0.2, 1.0], [0.0, 0.3, -2.0]])
# An image is not as wide as it has channels: a weight of (c,) fits its
# last axis only by intent.
IMAGES, NEW_IMAGES = (np.stack([np.stack([x, 2 * x + 1], 2), np.stack(
    [x ** 2, 0.5 - x], 2)], 3) for x in (X, NEW))
WEIGHT, BIAS = np.array([2.0, -1.0, 0.5]), np.array([0.5, 1.0, -2.0])
EPS, MOMENTUM = 1e-3, 0.25
bug, convention = "bug", "convention"
BOTH = [
    Switch("variance-of-a-sample", "divisor", "n - 1", bug,
           "A variance is divided by n - 1, as std() does."),
    Switch("eps-outside-the-root", "root", "outside", bug,
           "It only keeps the divisor from 0."),
    Switch("eps-left-out", "root", "none", bug,
           "No standard deviation of real data is 0."),
    Switch("square-for-root", "root", "square", bug,
           "A power turns a variance into a standard deviation."),
    Switch("divided-by-the-variance", "root", "no root", bug,
           "The variance is the spread."),
    Switch("weight-before-the-mean", "weight", "first", bug,
           "The weight multiplies the input, as in every layer."),
    Switch("statistics-of-all", "axis", "all", convention,
           "One mean for the whole batch."),
    *family([1e-12, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3], "eps-of-its-own", "eps",
            convention, "Another small number under the root.")]
BATCH = [
    *BOTH,
    Switch("batch-norm-of-rows", "axis", "other", bug,
           "Each row is normalised."),
    Switch("statistics-per-pixel", "axis", "pixel", bug,
           "A batch is averaged over its first axis."),
    Switch("statistics-per-image", "axis", "image", bug,
           "Each image has a mean and a contrast of its own."),
    Switch("running-variance-of-the-batch", "running", "biased", bug,
           "It is the variance that has just been divided by."),
    Switch("momentum-the-other-way-round", "momentum", "kept", bug,
           "Momentum is what is kept, as in SGD."),
    Switch("evaluation-with-batch-statistics", "evaluation", "batch", bug,
           "A layer does the same in training and afterwards.")]
LAYER = [
    *BOTH,
    Switch("layer-norm-over-the-batch", "axis", "other", bug,
           "Statistics are taken over the first axis, as in batch_norm."),
    Switch("layer-norm-over-one-axis", "axis", "last", bug,
           "The features are the last axis.")]
LEAKS = Switch(
    "running-statistics-with-gradient", "gradient", "kept", bug,
    "They are computed from the batch, and so is their gradient.")


@dataclass(frozen=True)
class Norm:
    """The kind; how it is read, judged and named."""

    name: str
    against: str
    axis: int
    prevails: bool = True
    judged_by: ClassVar[str] = "tests.judge.topics.normalization"


KINDS = {"batch_norm": Norm("batch_norm", "torch.nn.functional.batch_norm", 0),
         "layer_norm": Norm("layer_norm", "torch.nn.functional.layer_norm",
                            1)}


def given_to(x: Array, new: Array, size: Any,
             shape: tuple[int, ...]) -> dict[str, Any]:
    """The arguments; weight, bias and running tensors have the shape."""
    return {"x": x, "new": new, "size": size, "training": True,
            "eps": EPS, "momentum": MOMENTUM,
            "weight": np.resize(WEIGHT, shape),
            "bias": np.resize(BIAS, shape),
            "mean": np.zeros(shape), "var": np.ones(shape)}


def _axes(kind: Norm, setting: str, given: dict[str, Any],
          ) -> tuple[int, ...] | None:
    """What the statistics are taken over."""
    images = given["x"].ndim == 4
    rows: tuple[int, ...] = (1,)
    if images:
        rows = (1, 2, 3) if np.ndim(given["size"]) or not kind.axis else (3,)
    batch = (0, 2, 3) if images else (0,)
    right, other = (rows, (0,)) if kind.axis else (batch, rows)
    pixels = {"pixel": (0,), "image": (2, 3)} if images else {}
    return {"other": other, "all": None, "last": (given["x"].ndim - 1,),
            **pixels}.get(setting, right)


def right(kind: Norm, plan: dict[str, Any], s: dict[str, Any],
          given: dict[str, Any]) -> list[Array]:
    """y in training; for batch_norm also mean, var and y afterwards."""
    eps = s.get("eps", plan["eps"])
    x, axes = given["x"], _axes(kind, s.get("axis", ""), given)

    def shaped(values: Array) -> Array:
        return (values if kind.axis or x.ndim == 2
                else values.reshape(-1, 1, 1))

    weight, bias = (shaped(given[role]) if plan["affine"] else neutral
                    for role, neutral in (("weight", np.ones(1)),
                                          ("bias", np.zeros(1))))

    def moments(x: Array) -> tuple[Array, Array]:
        mean, square = (x.mean(axis=axes, keepdims=True),
                        x.var(axis=axes, keepdims=True))
        n = x.size / mean.size
        return mean, square * n / (n - 1) if s.get("divisor") else square

    def output(x: Array, mean: Array, var: Array) -> Array:
        first = s.get("weight") == "first"
        std = {"outside": np.sqrt(var) + eps, "none": np.sqrt(var),
               "square": (var + eps) ** 2, "no root": var + eps}.get(
                   s.get("root", ""), np.sqrt(var + eps))
        z = ((weight * x if first else x) - mean) / std
        return (z if first else weight * z) + bias

    mean, var = moments(weight * x if s.get("weight") else x)
    found = [output(x, mean, var)]
    if kind.axis or given["mean"] is None or not plan["running"] or (
            mean.size != 3):
        return found
    m = plan["momentum"]
    m = 1 - m if s.get("momentum") else m
    n = x.size / 3
    unbiased = var if s.get("running") or s.get("divisor") else var * n / (
        n - 1)
    # From 0 and from 1.
    mean = m * mean.reshape(3)
    var = (1 - m) + m * unbiased.reshape(3)
    later = (moments(given["new"]) if s.get("evaluation")
             else (shaped(mean), shaped(var)))
    return [*found, mean, var, output(given["new"], *later)]
