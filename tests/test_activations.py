"""Activations: value and gradient are torch's, over the whole range."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.activations as by_hand
import torch_ref.activations as by_torch
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import (FINITE, FLOATS, MODERATE, WHOLE, dtypes,
                                shapes, tensors)


def both(name, x, upstream, *args):
    hand = value_and_gradient(getattr(by_hand, name), x, upstream, *args)
    ref = value_and_gradient(getattr(by_torch, name), x, upstream, *args)
    return *hand, *ref


@st.composite
def inputs(draw, table=WHOLE, upstream=MODERATE):
    shape, dtype = draw(shapes()), draw(dtypes())
    return (draw(tensors(shape, dtype, table)),
            draw(tensors(shape, dtype, upstream)))


@given(inputs())
def test_relu(drawn):
    """relu is torch's to the bit: it only chooses."""
    value, gradient, ref_value, ref_gradient = both("relu", *drawn)
    same(value, ref_value)
    same(gradient, ref_gradient)


@given(inputs())
def test_sigmoid(drawn):
    """sigmoid is within 4 eps of itself, its gradient within 6.

    exp, the sum and the quotient round, on either side. Torch's
    gradient, s (1 - s), knows 1 - s to eps and not better.
    """
    x, upstream = drawn
    value, gradient, ref_value, ref_gradient = both("sigmoid", *drawn)
    close(value, ref_value, 4, ref_value)
    close(gradient, ref_gradient, 6, ref_value * upstream)


@given(inputs())
def test_tanh(drawn):
    """tanh is within 6 eps of itself, its gradient within 6 eps of 1.

    Torch's gradient, 1 - t^2, is known to eps and not better.
    """
    x, upstream = drawn
    value, gradient, ref_value, ref_gradient = both("tanh", *drawn)
    close(value, ref_value, 6, ref_value)
    close(gradient, ref_gradient, 6, upstream)


@given(inputs())
def test_softplus(drawn):
    """softplus is within 4 eps of itself, its gradient, sigmoid, too."""
    x, upstream = drawn
    value, gradient, ref_value, ref_gradient = both("softplus", *drawn)
    close(value, ref_value, 4, ref_value)
    close(gradient, ref_gradient, 4, torch.sigmoid(x) * upstream)


@st.composite
def slices(draw, table):
    dims, dtype = draw(st.integers(1, 3)), draw(dtypes())
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=dims,
                                max_size=dims)))
    dim = draw(st.integers(-dims, dims - 1))
    return (draw(tensors(shape, dtype, table)),
            draw(tensors(shape, dtype, MODERATE)), dim)


@given(slices(WHOLE) | slices(MODERATE))
def test_softmax(drawn):
    """softmax is within a few eps of itself, whatever the row holds.

    n terms are summed, so the sum is known to n eps. The gradient is
    p_i (g_i - sum_j g_j p_j): the sum is known to n eps of the largest
    g.
    """
    x, upstream, dim = drawn
    value, gradient, ref_value, ref_gradient = both("softmax", *drawn)
    n = x.shape[dim]
    close(value, ref_value, 4 + n, ref_value)
    largest = upstream.abs().amax(dim, keepdim=True)
    close(gradient, ref_gradient, 8 + 2 * n, ref_value * largest)


@given(slices(WHOLE) | slices(MODERATE))
def test_textbook_softmax(drawn):
    """The formula as it stands: on both sides the same, NaN included.

    exp may differ by an eps or two; as for softmax, n terms are summed.
    """
    x, upstream, dim = drawn
    value, gradient, ref_value, ref_gradient = both("textbook_softmax",
                                                    *drawn)
    n = x.shape[dim]
    close(value, ref_value, 6 + n, ref_value)
    same(gradient.isnan(), ref_gradient.isnan())


@given(slices(MODERATE))
def test_textbook_softmax_is_softmax_while_it_lasts(drawn):
    """Logits up to 10: value and gradient are those of softmax."""
    x, upstream, dim = drawn
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
    """exp overflows, or dies: the textbook's NaN, and not softmax's."""
    for x in (torch.tensor([high, 0.0], dtype=dtype),
              torch.tensor([low, low], dtype=dtype)):
        assert side.textbook_softmax(x, 0).isnan().any()
        expected = [1.0, 0.0] if x[1] == 0 else [0.5, 0.5]
        assert (side.softmax(x, 0).tolist()
                == pytest.approx(expected, abs=1e-30))


@given(slices(WHOLE) | slices(MODERATE))
def test_log_softmax(drawn):
    """log_softmax is within a few eps of the largest logit, at least 1.

    Torch may add the maximum and the logarithm of the sum before it
    subtracts them, and so rounds at the size of the maximum.
    """
    x, upstream, dim = drawn
    value, gradient, ref_value, ref_gradient = both("log_softmax", *drawn)
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
    """The gradient at 0, and at -0, is the formula's, on both sides."""
    x = torch.tensor([0.0, -0.0], dtype=dtype)
    _, gradient, _, ref_gradient = both(name, x, torch.ones_like(x))
    assert gradient.tolist() == ref_gradient.tolist() == [at_zero] * 2


@given(inputs(FINITE))
def test_finite_gives_finite(drawn):
    """A finite input never gives NaN, neither value nor gradient."""
    for name in "relu", "sigmoid", "tanh", "softplus":
        value, gradient, _, _ = both(name, *drawn)
        assert value.isfinite().all() and gradient.isfinite().all()
