"""Checks of the exercises of docs/activations.md."""

import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import scratch.activations as by_hand
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import (FINITE, MODERATE, ORDINARY, WHOLE, dtypes,
                                shapes, tensors)

SLOPES = st.sampled_from([0.01, 0.25, 0.0, 1.0])


def drawn(data, table):
    """An input and an upstream gradient of one shape."""
    shape, dtype = data.draw(shapes(3)), data.draw(dtypes())
    return (data.draw(tensors(shape, dtype, table)),
            data.draw(tensors(shape, dtype, MODERATE)))


@given(st.data(), SLOPES)
def test_leaky_relu(data, slope):
    """One product at most: torch's to the bit, at 0 and NaN as well."""
    x, upstream = drawn(data, WHOLE)
    value, gradient = value_and_gradient(
        by_hand.leaky_relu, x, upstream, slope)
    ref_value, ref_gradient = value_and_gradient(
        F.leaky_relu, x, upstream, slope)
    same(value, ref_value)
    same(gradient, ref_gradient)
    same(by_hand.leaky_relu(x), F.leaky_relu(x))


@given(st.data(), st.sampled_from([1.0, 0.5, 2.0]))
def test_elu(data, alpha):
    """expm1, a product: 4 eps; in the gradient exp too: 6 eps of alpha.

    Torch's gradient is that of expm1, value + alpha: known to an eps of
    alpha, and not better.
    """
    x, upstream = drawn(data, FINITE)
    value, gradient = value_and_gradient(by_hand.elu, x, upstream, alpha)
    assert value.isfinite().all() and gradient.isfinite().all()
    ref_value, ref_gradient = value_and_gradient(F.elu, x, upstream, alpha)
    close(value, ref_value, 4, ref_value)
    close(gradient, ref_gradient, 6, upstream * max(alpha, 1.0))
    same(by_hand.elu(x), by_hand.elu(x, alpha=1.0))
    zero = torch.zeros(2).to(x)
    _, at_zero = value_and_gradient(by_hand.elu, zero, zero + 1, alpha)
    same(at_zero, zero + alpha)


@given(st.data(), dtypes(), st.booleans())
def test_logsumexp(data, dtype, large):
    """torch.logsumexp within a few eps of the largest input, at least 1.

    n terms are summed, so the logarithm of the sum is known to n eps.
    The gradient is the softmax, at most 1, known to the eps of its
    exponent.
    """
    shape = data.draw(shapes(3))
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    x = data.draw(tensors(shape, dtype, ORDINARY if large else MODERATE))
    n, result = x.shape[dim], torch.logsumexp(x, dim)
    upstream = data.draw(tensors(tuple(result.shape), dtype, MODERATE))
    value, gradient = value_and_gradient(by_hand.logsumexp, x, upstream,
                                         dim)
    ref_value, ref_gradient = value_and_gradient(torch.logsumexp, x,
                                                 upstream, dim)
    largest = x.abs().amax(dim).clamp(min=1)
    close(value, ref_value, 4 + n, largest)
    close(gradient, ref_gradient, 8 + 2 * n,
          (upstream.abs() * largest).unsqueeze(dim))
