"""Checks of the exercises of docs/losses.md."""

from dataclasses import dataclass

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

import scratch.losses as by_hand
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import (FINITE, MODERATE, ORDINARY, SIMPLE, UNIT,
                                Table, dtypes, shapes, tensors)

REDUCTIONS = st.sampled_from(("none", "mean", "sum"))


@dataclass
class Problem:
    """The arguments of a loss, and the upstream gradient of its result."""

    x: Tensor
    target: Tensor
    upstream: Tensor
    reduction: str


@st.composite
def problems(draw, inputs, targets):
    """A target for each entry."""
    shape, dtype = draw(shapes()), draw(dtypes())
    reduction = draw(REDUCTIONS)
    return Problem(
        draw(tensors(shape, dtype, inputs)),
        draw(tensors(shape, dtype, targets)),
        draw(tensors(shape if reduction == "none" else (), dtype,
                     MODERATE)), reduction)


def total(scale, reduction):
    """The scale of the reduced loss: no term is larger than the sum."""
    return scale if reduction == "none" else scale.sum()


# Simple values only, so that some differences equal delta exactly.
FEW = Table(SIMPLE, lambda draw, n: draw.choice(SIMPLE, n))


@given(problems(ORDINARY, FEW), st.sampled_from([1.0, 0.5, 3.0]))
def test_huber(drawn, delta):
    """The Huber loss agrees with torch's: a square and n sums round.

    A difference that rounds to delta may be on either side of it; the
    two forms are equal there.
    """
    x, y, reduction = drawn.x, drawn.target, drawn.reduction
    upstream = drawn.upstream
    value, gradient = value_and_gradient(
        by_hand.huber_loss, x, upstream, y, reduction, delta)
    ref_value, ref_gradient = value_and_gradient(
        F.huber_loss, x, upstream, y, reduction=reduction, delta=delta)
    size = (x - y).abs()
    close(value, ref_value, 4 + x.numel(),
          total(size * (size + delta), reduction))
    close(gradient, ref_gradient, 6, upstream * (size + delta))
    same(by_hand.huber_loss(x, y), by_hand.huber_loss(x, y, "mean", 1.0))
    with pytest.raises(ValueError):
        by_hand.huber_loss(x[None], y)


@given(problems(FINITE, UNIT), st.sampled_from([1.0, 0.5, 3.0, 20.0]))
def test_pos_weight(drawn, weight):
    """With pos_weight the loss is within a few eps of torch's.

    The scale is (|x| + 1) (w + 1). The loss is still correct where
    torch's is not: for y = 0 and x from -80 to -17 it is
    log(1 + exp(x)), for which torch has 0 in float32.
    """
    # Whether a sum of numbers near 3e38 overflows depends on its order.
    x, y = drawn.x.clamp(-1e30, 1e30), drawn.target
    upstream, reduction = drawn.upstream, drawn.reduction
    value, gradient = value_and_gradient(
        by_hand.binary_cross_entropy_with_logits, x, upstream, y,
        reduction, weight)
    ref_value, ref_gradient = value_and_gradient(
        F.binary_cross_entropy_with_logits, x, upstream, y,
        reduction=reduction, pos_weight=torch.tensor(weight).to(x))
    scale = (x.abs() + 1) * (weight + 1)
    close(value, ref_value, 8 + x.numel(), total(scale, reduction))
    close(gradient, ref_gradient, 12, (upstream * (weight + 1)).expand(
        x.shape))
    for label, sign in (0.0, 1), (1.0, -1):
        far = sign * torch.arange(-80.0, -16.0).to(x)
        share = 1.0 if label == 0 else weight
        truth = share * (-far.double().abs()).exp().log1p().to(x)
        loss = by_hand.binary_cross_entropy_with_logits(
            far, torch.full_like(far, label), "none", weight)
        close(loss, truth, 8, truth)
    same(by_hand.binary_cross_entropy_with_logits(x, y),
         by_hand.binary_cross_entropy_with_logits(x, y, "mean", 1.0))


@dataclass
class Classified(Problem):
    """A classification problem with a weight for each class."""

    weight: Tensor


@st.composite
def classified(draw):
    """x of shape (n, classes), and a label for each row."""
    n, classes = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    dtype, reduction = draw(dtypes()), draw(REDUCTIONS)
    labels = draw(st.lists(st.integers(0, classes - 1), min_size=n,
                           max_size=n))
    return Classified(
        draw(tensors((n, classes), dtype, ORDINARY)), torch.tensor(labels),
        draw(tensors((n,) if reduction == "none" else (), dtype,
                     MODERATE)), reduction,
        0.1 + draw(tensors((classes,), dtype, UNIT)))


@given(classified())
def test_class_weights(drawn):
    """nll_loss with weight agrees with torch's: n products, two sums."""
    x, y, weight = drawn.x, drawn.target, drawn.weight
    upstream, reduction, n = drawn.upstream, drawn.reduction, len(drawn.x)
    value, gradient = value_and_gradient(
        by_hand.nll_loss, x, upstream, y, reduction, weight)
    ref_value, ref_gradient = value_and_gradient(
        F.nll_loss, x, upstream, y, weight=weight, reduction=reduction)
    picked = (weight[y] * x[torch.arange(n), y]).abs()
    if reduction == "mean":
        picked = picked / weight[y].sum()
    close(value, ref_value, 4 + 2 * n, total(picked, reduction))
    close(gradient, ref_gradient, 4 + n, ref_gradient)
    same(by_hand.nll_loss(x, y, reduction),
         by_hand.nll_loss(x, y, reduction, None))
