"""Checks of the exercises of docs/activations.md."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

import scratch.activations as by_hand
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import (FINITE, MODERATE, ORDINARY, WHOLE, dtypes,
                                shapes, tensors)

SLOPES = st.sampled_from([0.01, 0.25, 0.0, 1.0])


@dataclass
class Elements:
    """An input, and an upstream gradient of the same shape."""

    x: Tensor
    upstream: Tensor


@st.composite
def elements(draw, table):
    """Any shape of up to three axes; x from the table."""
    shape, dtype = draw(shapes(3)), draw(dtypes())
    return Elements(draw(tensors(shape, dtype, table)),
                    draw(tensors(shape, dtype, MODERATE)))


@given(elements(WHOLE), SLOPES)
def test_leaky_relu(drawn, slope):
    """leaky_relu equals torch's to the bit, also at 0 and NaN."""
    x, upstream = drawn.x, drawn.upstream
    value, gradient = value_and_gradient(
        by_hand.leaky_relu, x, upstream, slope)
    ref_value, ref_gradient = value_and_gradient(
        F.leaky_relu, x, upstream, slope)
    same(value, ref_value)
    # Autograd adds the gradients of both branches, and 0.0 - 0.0 is 0.0.
    same(gradient, ref_gradient, signed_zeros=False)
    same(by_hand.leaky_relu(x), F.leaky_relu(x))


@given(elements(FINITE), st.sampled_from([1.0, 0.5, 2.0]))
def test_elu(drawn, alpha):
    """elu is accurate to 4 eps, its gradient to 6 eps of alpha.

    Torch computes the gradient of expm1 as value + alpha, which is
    accurate only to an eps of alpha.
    """
    x, upstream = drawn.x, drawn.upstream
    value, gradient = value_and_gradient(by_hand.elu, x, upstream, alpha)
    assert value.isfinite().all() and gradient.isfinite().all()
    ref_value, ref_gradient = value_and_gradient(F.elu, x, upstream, alpha)
    close(value, ref_value, 4, ref_value)
    close(gradient, ref_gradient, 6, upstream * max(alpha, 1.0))
    same(by_hand.elu(x), by_hand.elu(x, alpha=1.0))
    zero = torch.zeros(2).to(x)
    _, at_zero = value_and_gradient(by_hand.elu, zero, zero + 1, alpha)
    same(at_zero, zero + alpha)


@dataclass
class Slices(Elements):
    """An input that is reduced along `dim`, unlike `upstream`."""

    dim: int


@st.composite
def slices(draw, table):
    """Any shape of up to three axes; x from the table."""
    shape, dtype = draw(shapes(3)), draw(dtypes())
    dim = draw(st.integers(-len(shape), len(shape) - 1))
    rest = list(shape)
    del rest[dim]
    return Slices(draw(tensors(shape, dtype, table)),
                  draw(tensors(tuple(rest), dtype, MODERATE)), dim)


@given(slices(ORDINARY) | slices(MODERATE))
def test_logsumexp(drawn):
    """logsumexp is accurate to a few eps of the largest |x|, or of 1.

    n terms are summed, so the logarithm of the sum is accurate to n eps.
    The gradient is the softmax, at most 1, and accurate to the eps of
    its exponent.
    """
    x, upstream, dim = drawn.x, drawn.upstream, drawn.dim
    n = x.shape[dim]
    value, gradient = value_and_gradient(by_hand.logsumexp, x, upstream,
                                         dim)
    ref_value, ref_gradient = value_and_gradient(torch.logsumexp, x,
                                                 upstream, dim)
    largest = x.abs().amax(dim).clamp(min=1)
    close(value, ref_value, 4 + n, largest)
    close(gradient, ref_gradient, 8 + 2 * n,
          (upstream.abs() * largest).unsqueeze(dim))
