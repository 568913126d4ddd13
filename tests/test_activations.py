"""Activations: value and gradient agree with torch's for every input."""

from dataclasses import dataclass

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

import scratch.activations as by_hand
import torch_ref.activations as by_torch
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import (FINITE, FLOATS, MODERATE, WHOLE, dtypes,
                                shapes, tensors)


def both(name, *args):
    """Value and gradient by hand, then value and gradient by torch."""
    hand = value_and_gradient(getattr(by_hand, name), *args)
    ref = value_and_gradient(getattr(by_torch, name), *args)
    return *hand, *ref


@dataclass
class Elements:
    """An input, and an upstream gradient of the same shape."""

    x: Tensor
    upstream: Tensor


@st.composite
def elements(draw, table=WHOLE):
    """Any shape; x from the table."""
    shape, dtype = draw(shapes()), draw(dtypes())
    return Elements(draw(tensors(shape, dtype, table)),
                    draw(tensors(shape, dtype, MODERATE)))


def at(x, dtype=torch.float32):
    """A single number with the upstream gradient 1."""
    return Elements(torch.tensor([x], dtype=dtype),
                    torch.ones(1, dtype=dtype))


@given(elements())
@example(at(0.0))
def test_relu(drawn):
    """relu equals torch's to the bit: it only selects.

    But relu(-0.0) is 0.0 by hand and -0.0 by torch. `x < 0` instead of
    `x <= 0` would keep the sign, and make the gradient at 0 a 1.
    """
    value, gradient, ref_value, ref_gradient = both(
        "relu", drawn.x, drawn.upstream)
    same(value, ref_value, signed_zeros=False)
    same(gradient, ref_gradient)


def test_relu_of_minus_zero():
    """The only difference in a sign: torch keeps the one of -0.0."""
    x = torch.tensor([-0.0, 0.0, -1.0])
    assert not by_hand.relu(x).signbit().any()
    assert by_torch.relu(x).signbit().tolist() == [True, False, False]


@given(elements())
def test_sigmoid(drawn):
    """sigmoid is accurate to 4 eps, its gradient to 6 eps of s.

    exp, the sum and the quotient round on each side. In torch's
    gradient, s (1 - s), the factor 1 - s is accurate to an eps of 1.
    """
    value, gradient, ref_value, ref_gradient = both(
        "sigmoid", drawn.x, drawn.upstream)
    close(value, ref_value, 4, ref_value)
    close(gradient, ref_gradient, 6, ref_value * drawn.upstream)


@given(elements())
def test_tanh(drawn):
    """tanh is accurate to 6 eps, its gradient to 6 eps of 1.

    Torch's gradient, 1 - t^2, is accurate only to an eps of 1.
    """
    value, gradient, ref_value, ref_gradient = both(
        "tanh", drawn.x, drawn.upstream)
    close(value, ref_value, 6, ref_value)
    close(gradient, ref_gradient, 6, drawn.upstream)


@given(elements())
@example(at(-20.0))
@example(at(-40.0, torch.float64))
@example(at(1000.0))
@example(at(1000.0, torch.float64))
def test_softplus(drawn):
    """softplus and its gradient, the sigmoid, are accurate to 4 eps."""
    value, gradient, ref_value, ref_gradient = both(
        "softplus", drawn.x, drawn.upstream)
    close(value, ref_value, 4, ref_value)
    close(gradient, ref_gradient, 4,
          torch.sigmoid(drawn.x) * drawn.upstream)


@dataclass
class Slices:
    """An input that is normalised along `dim`."""

    x: Tensor
    upstream: Tensor
    dim: int


@st.composite
def slices(draw, table):
    """One to three axes; x from the table."""
    dims, dtype = draw(st.integers(1, 3)), draw(dtypes())
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=dims,
                                max_size=dims)))
    dim = draw(st.integers(-dims, dims - 1))
    return Slices(draw(tensors(shape, dtype, table)),
                  draw(tensors(shape, dtype, MODERATE)), dim)


def far_apart(dtype):
    """exp(1000) overflows, exp(-1000) underflows, exp(0) does neither."""
    x = torch.tensor([[1000.0, 0.0], [0.0, 0.0]], dtype=dtype)
    return Slices(x, torch.ones_like(x), dim=1)


@given(slices(WHOLE) | slices(MODERATE))
@example(far_apart(torch.float32))
@example(far_apart(torch.float64))
def test_softmax(drawn):
    """softmax is accurate to a few eps, whatever a row contains.

    n terms are summed, so the sum is accurate to n eps. The gradient is
    p_i (g_i - sum_j g_j p_j): this sum is accurate to n eps of the
    largest g.
    """
    x, upstream, dim = drawn.x, drawn.upstream, drawn.dim
    value, gradient, ref_value, ref_gradient = both("softmax", x, upstream,
                                                    dim)
    n = x.shape[dim]
    close(value, ref_value, 4 + n, ref_value)
    largest = upstream.abs().amax(dim, keepdim=True)
    close(gradient, ref_gradient, 8 + 2 * n, ref_value * largest)


@given(slices(WHOLE) | slices(MODERATE))
def test_textbook_softmax(drawn):
    """The textbook softmax is the same on both sides, NaN included.

    exp may differ by an eps or two; as for softmax, n terms are summed.
    """
    x, upstream, dim = drawn.x, drawn.upstream, drawn.dim
    value, gradient, ref_value, ref_gradient = both(
        "textbook_softmax", x, upstream, dim)
    n = x.shape[dim]
    close(value, ref_value, 6 + n, ref_value)
    same(gradient.isnan(), ref_gradient.isnan())


@given(slices(MODERATE))
def test_textbook_softmax_is_softmax_while_it_lasts(drawn):
    """For logits up to 10, the textbook softmax agrees with softmax."""
    x, upstream, dim = drawn.x, drawn.upstream, drawn.dim
    value, gradient = value_and_gradient(
        by_hand.textbook_softmax, x, upstream, dim)
    stable = value_and_gradient(by_hand.softmax, x, upstream, dim)
    n = x.shape[dim]
    close(value, stable[0], 6 + n, stable[0])
    largest = upstream.abs().amax(dim, keepdim=True)
    close(gradient, stable[1], 8 + 4 * n, stable[0] * largest)


@pytest.mark.parametrize("dtype, low, high", [
    (torch.float32, -104.0, 89.0), (torch.float64, -746.0, 710.0)])
@pytest.mark.parametrize("side", [by_hand, by_torch])
def test_where_the_textbook_ends(side, dtype, low, high):
    """Where exp overflows or underflows, only the textbook gives NaN."""
    for x in (torch.tensor([high, 0.0], dtype=dtype),
              torch.tensor([low, low], dtype=dtype)):
        assert side.textbook_softmax(x, 0).isnan().any()
        expected = [1.0, 0.0] if x[1] == 0 else [0.5, 0.5]
        assert (side.softmax(x, 0).tolist()
                == pytest.approx(expected, abs=1e-30))


@given(slices(WHOLE) | slices(MODERATE))
@example(far_apart(torch.float32))
@example(far_apart(torch.float64))
def test_log_softmax(drawn):
    """log_softmax is accurate to a few eps of the largest |x|, or of 1.

    Torch may add the maximum and the logarithm of the sum before it
    subtracts them, and so rounds at the size of the maximum.
    """
    x, upstream, dim = drawn.x, drawn.upstream, drawn.dim
    value, gradient, ref_value, ref_gradient = both("log_softmax", x,
                                                    upstream, dim)
    n = x.shape[dim]
    finite = torch.where(x.isfinite(), x, 0).abs()
    largest = finite.amax(dim, keepdim=True).clamp(min=1)
    close(value, ref_value, 4 + n, largest)
    largest = upstream.abs().amax(dim, keepdim=True)
    close(gradient, ref_gradient, 8 + 2 * n, n * largest)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name, at_zero", [
    ("relu", 0.0), ("sigmoid", 0.25), ("tanh", 1.0), ("softplus", 0.5)])
def test_gradient_at_zero(name, at_zero, dtype):
    """At 0 and -0 both sides have the formula's gradient."""
    x = torch.tensor([0.0, -0.0], dtype=dtype)
    _, gradient, _, ref_gradient = both(name, x, torch.ones_like(x))
    assert gradient.tolist() == ref_gradient.tolist() == [at_zero] * 2


@given(elements(FINITE))
def test_finite_gives_finite(drawn):
    """A finite input gives a finite value and a finite gradient."""
    for name in "relu", "sigmoid", "tanh", "softplus":
        value, gradient, _, _ = both(name, drawn.x, drawn.upstream)
        assert value.isfinite().all() and gradient.isfinite().all()
