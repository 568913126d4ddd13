"""Checks of the exercises of docs/losses.md."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import scratch.losses as by_hand
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import (FINITE, MODERATE, ORDINARY, SIMPLE, UNIT,
                                Table, dtypes, shapes, tensors)

REDUCTIONS = st.sampled_from(("none", "mean", "sum"))


def drawn(data, inputs, targets):
    """Input, target, reduction and an upstream gradient that fits it."""
    shape, dtype = data.draw(shapes()), data.draw(dtypes())
    reduction = data.draw(REDUCTIONS)
    upstream = data.draw(tensors(shape if reduction == "none" else (),
                                 dtype, MODERATE))
    return (data.draw(tensors(shape, dtype, inputs)),
            data.draw(tensors(shape, dtype, targets)), upstream, reduction)


def total(scale, reduction):
    """The scale of a reduced loss: no term is larger than the sum."""
    return scale if reduction == "none" else scale.sum()


# Simple values only, so that differences meet delta exactly.
FEW = Table(SIMPLE, lambda draw, n: draw.choice(SIMPLE, n))


@given(st.data(), st.sampled_from([1.0, 0.5, 3.0]))
def test_huber(data, delta):
    """F.huber_loss within the roundings of a square and n sums.

    A difference that is rounded to delta may fall on either side of it,
    where the two forms are equal.
    """
    x, y, upstream, reduction = drawn(data, ORDINARY, FEW)
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


@given(st.data(), st.sampled_from([1.0, 0.5, 3.0, 20.0]))
def test_pos_weight(data, weight):
    """Torch's loss with pos_weight: a few eps of (|x| + 1) (w + 1).

    And as exact as before: at y = 0 and x = -17 to -80 the loss is
    log(1 + exp(x)), where torch has 0 in float32.
    """
    x, y, upstream, reduction = drawn(data, FINITE, UNIT)
    # A sum of several 3e38 is infinite in an order of torch's own.
    x = x.clamp(-1e30, 1e30)
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


@given(st.data(), dtypes(), REDUCTIONS, st.integers(1, 5),
       st.integers(1, 5))
def test_class_weights(data, dtype, reduction, n, classes):
    """F.nll_loss with weight: n products and two sums of n."""
    x = data.draw(tensors((n, classes), dtype, ORDINARY))
    weight = 0.1 + data.draw(tensors((classes,), dtype, UNIT))
    y = torch.tensor(data.draw(st.lists(
        st.integers(0, classes - 1), min_size=n, max_size=n)))
    upstream = data.draw(tensors((n,) if reduction == "none" else (),
                                 dtype, MODERATE))
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
