"""Tensors: products by hand, NumPy and back, and numerical gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.tensors as by_hand
import torch_ref.tensors as by_torch
from tests.compare.closeness import EXACT, close, same, value_and_gradient
from tests.compare.draw import MODERATE, WHOLE, dtypes, shapes, tensors

SIDES = (by_hand, by_torch)


@given(st.data(), dtypes(), shapes(3))
def test_abs(data, dtype, shape):
    """abs and its gradient are torch's and NumPy's to the bit."""
    x = data.draw(tensors(shape, dtype, WHOLE))
    upstream = data.draw(tensors(shape, dtype, MODERATE))
    value, gradient = value_and_gradient(by_hand.abs, x, upstream)
    ref_value, ref_gradient = value_and_gradient(by_torch.abs, x,
                                                 upstream)
    same(value, ref_value)
    same(gradient, ref_gradient)
    same(value, torch.from_numpy(np.abs(x.numpy(force=True))))


@given(st.data(), dtypes(), st.integers(1, 8))
def test_dot(data, dtype, n):
    """The dot product is torch's and NumPy's, and so is its gradient.

    n products and n - 1 sums round: n eps of sum |a_i b_i|.
    """
    a = data.draw(tensors((n,), dtype))
    b = data.draw(tensors((n,), dtype))
    upstream = data.draw(tensors((), dtype))
    value, gradient = value_and_gradient(by_hand.dot, a, upstream, b)
    ref_value, ref_gradient = value_and_gradient(by_torch.dot, a,
                                                 upstream, b)
    scale = (a * b).abs().sum()
    close(value, ref_value, n, scale)
    same(gradient, ref_gradient)
    product = np.dot(a.numpy(force=True), b.numpy(force=True))
    close(value, torch.as_tensor(product), n, scale)


@given(st.data(), dtypes(), *[st.integers(1, 5)] * 3)
def test_mm(data, dtype, n, m, p):
    """The matrix product is torch's and NumPy's, with its gradient.

    m products and m - 1 sums round: m eps of (|A| |B|)_ij; in the
    gradient, p eps of (|G| |B^T|)_ik.
    """
    a = data.draw(tensors((n, m), dtype))
    b = data.draw(tensors((m, p), dtype))
    upstream = data.draw(tensors((n, p), dtype))
    value, gradient = value_and_gradient(by_hand.mm, a, upstream, b)
    ref_value, ref_gradient = value_and_gradient(by_torch.mm, a,
                                                 upstream, b)
    close(value, ref_value, m, a.abs() @ b.abs())
    close(gradient, ref_gradient, p, upstream.abs() @ b.abs().T)
    product = a.numpy(force=True) @ b.numpy(force=True)
    close(value, torch.as_tensor(product), m, a.abs() @ b.abs())


@pytest.mark.to_the_bit
@given(st.data(), dtypes(), shapes(3),
       st.just(0.5) | st.floats(0, 1, width=16))
def test_lerp(data, dtype, shape, weight):
    """lerp is torch's within 2 eps, and exact at both ends.

    Without fused kernels it is torch's to the bit, at 1/2 as well, if
    the type holds the weight.
    """
    a = data.draw(tensors(shape, dtype))
    b = data.draw(tensors(shape, dtype))
    scale = a.abs() + b.abs()
    close(by_hand.lerp(a, b, weight), by_torch.lerp(a, b, weight),
          0 if EXACT else 2, scale)
    for side in SIDES:
        same(side.lerp(a, b, 0.0), a)
        same(side.lerp(a, b, 1.0), b)


def test_shapes_are_refused():
    """What would broadcast or not fit is an error that says both."""
    row, vector = torch.ones(1, 3), torch.ones(3)
    for side in SIDES:
        for wrong in (vector[:2], row, torch.ones(1), torch.ones(4)):
            with pytest.raises(RuntimeError):
                side.dot(vector, wrong)
        # one entry, or one column, would be spread over three
        with pytest.raises(RuntimeError):
            side.dot(vector[:1], vector)
        with pytest.raises(RuntimeError):
            side.mm(torch.ones(4, 1), row.T)
        with pytest.raises(RuntimeError):
            side.dot(vector[0], vector[0])
        for wrong in (row, vector, torch.ones(2, 3), torch.ones(4, 3)):
            with pytest.raises(RuntimeError):
                side.mm(row, wrong)
        with pytest.raises(RuntimeError):
            side.mm(vector, row.T)
    with pytest.raises(RuntimeError, match=r"\(3,\) and \(2,\)"):
        by_hand.dot(vector, vector[:2])
    with pytest.raises(RuntimeError, match=r"\(1, 3\) and \(1, 3\)"):
        by_hand.mm(row, row)


@given(st.data(), dtypes(), shapes(3))
def test_numpy_shares_memory(data, dtype, shape):
    """From NumPy and back, there is one memory, written from either."""
    drawn = data.draw(tensors(shape, dtype))
    for side in SIDES:
        array = drawn.clone().numpy(force=True)
        tensor = side.from_numpy(array)
        assert tensor.dtype == dtype and tensor.shape == shape
        array.flat[0] = 7
        assert tensor.reshape(-1)[0] == 7
        tensor.view(-1)[0] = 8
        assert array.flat[0] == 8
        back = side.to_numpy(tensor)
        assert np.shares_memory(array, back)


def devices():
    cuda = pytest.param("cuda", marks=pytest.mark.skipif(
        not torch.cuda.is_available(), reason="needs a CUDA GPU"))
    return pytest.mark.parametrize("device", ["cpu", cuda])


@devices()
def test_to_numpy_takes_any_tensor(device):
    """to_numpy works for a tensor that requires grad, on any device."""
    leaf = torch.arange(3.0, device=device, requires_grad=True)
    for side in SIDES:
        for tensor in leaf, leaf * 2, leaf.detach():
            array = side.to_numpy(tensor)
            assert isinstance(array, np.ndarray)
            assert array.tolist() == tensor.tolist()
        # and the graph goes on as if nothing had happened
        leaf.grad = None
        (leaf * leaf).sum().backward()
        assert leaf.grad is not None


def test_gradient_leaves_the_input_alone():
    """No requires_grad, no .grad, no new values in what was given."""
    for side in SIDES:
        for find in side.gradient, side.numerical_gradient:
            v = torch.ones(2, dtype=torch.float64)
            find(side.mean_square, v)
            assert not v.requires_grad and v.eq(1).all()
            v.requires_grad_()
            find(side.mean_square, v)
            assert v.grad is None


def test_mean_square_of_four():
    """The gradient of mean(v * v), for four entries, is v / 2."""
    v = torch.tensor([1.0, -2.0, 3.0, 0.0], dtype=torch.float64)
    for side in SIDES:
        assert side.mean_square(v) == 14 / 4
        same(side.gradient(side.mean_square, v), v / 2)
        numerical = side.numerical_gradient(side.mean_square, v)
        # rounding: f is known to 4 eps of 14 / 4, divided by 1e-6
        assert (numerical - v / 2).abs().max() < 14 * 2.3e-16 / 1e-6


@given(st.data(), shapes(2))
def test_numerical_gradient(data, shape):
    """Central differences, backward() and torch.func.grad agree.

    f = mean(v^2) has no third derivative, so the formula is exact.
    f is known to n eps of itself, which the step divides.
    """
    v = data.draw(tensors(shape, torch.float64, MODERATE))
    n, eps = v.numel(), 1e-4
    exact = 2 * v / n
    f = by_hand.mean_square
    highest = ((v.abs() + eps) ** 2).mean()
    for side in SIDES:
        close(side.gradient(f, v), exact, 3, exact)
        close(side.numerical_gradient(f, v, eps), exact, 2 * n + 4,
              highest / eps)
