"""Tensors: products by hand, NumPy and back, and numerical gradients."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

import scratch.tensors as by_hand
import torch_ref.tensors as by_torch
from tests.compare.closeness import EXACT, close, same, value_and_gradient
from tests.compare.draw import (MODERATE, ORDINARY, WHOLE, dtypes, shapes,
                                tensors)

SIDES = (by_hand, by_torch)


@dataclass
class Elements:
    """An input, and an upstream gradient of the same shape."""

    x: Tensor
    upstream: Tensor


@st.composite
def elements(draw):
    """Any shape of up to three axes, any values."""
    shape, dtype = draw(shapes(3)), draw(dtypes())
    return Elements(draw(tensors(shape, dtype, WHOLE)),
                    draw(tensors(shape, dtype, MODERATE)))


@given(elements())
@example(Elements(torch.tensor([-0.0]), torch.ones(1)))
def test_abs(drawn):
    """abs equals torch's and NumPy's to the bit; its gradient, torch's.

    abs(-0.0) is 0.0.
    """
    x, upstream = drawn.x, drawn.upstream
    value, gradient = value_and_gradient(by_hand.abs, x, upstream)
    ref_value, ref_gradient = value_and_gradient(by_torch.abs, x,
                                                 upstream)
    same(value, ref_value)
    same(gradient, ref_gradient)
    same(value, torch.from_numpy(np.abs(x.numpy(force=True))))


@dataclass
class Product:
    """Two factors, and the upstream gradient of their product."""

    a: Tensor
    b: Tensor
    upstream: Tensor


@st.composite
def dot_products(draw):
    """Two vectors of the same length."""
    shape, dtype = (draw(st.integers(1, 8)),), draw(dtypes())
    return Product(draw(tensors(shape, dtype)), draw(tensors(shape, dtype)),
                   draw(tensors((), dtype)))


@given(dot_products())
def test_dot(drawn):
    """The dot product agrees with torch's and NumPy's.

    n products and n - 1 sums round: n eps of sum |a_i b_i|. The gradient
    equals torch's to the bit.
    """
    a, b, n = drawn.a, drawn.b, len(drawn.a)
    value, gradient = value_and_gradient(by_hand.dot, a, drawn.upstream, b)
    ref_value, ref_gradient = value_and_gradient(by_torch.dot, a,
                                                 drawn.upstream, b)
    scale = (a * b).abs().sum()
    close(value, ref_value, n, scale)
    same(gradient, ref_gradient)
    product = np.dot(a.numpy(force=True), b.numpy(force=True))
    close(value, torch.as_tensor(product), n, scale)


@st.composite
def matrix_products(draw):
    """Two matrices of shapes (n, m) and (m, p)."""
    n, m, p = draw(st.tuples(*[st.integers(1, 5)] * 3))
    dtype = draw(dtypes())
    return Product(draw(tensors((n, m), dtype)),
                   draw(tensors((m, p), dtype)),
                   draw(tensors((n, p), dtype)))


@given(matrix_products())
def test_mm(drawn):
    """The matrix product agrees with torch's and NumPy's.

    m products and m - 1 sums round: m eps of (|A| |B|)_ij. The gradient
    agrees with torch's: p eps of (|G| |B^T|)_ik.
    """
    a, b, upstream = drawn.a, drawn.b, drawn.upstream
    m, p = b.shape
    value, gradient = value_and_gradient(by_hand.mm, a, upstream, b)
    ref_value, ref_gradient = value_and_gradient(by_torch.mm, a,
                                                 upstream, b)
    close(value, ref_value, m, a.abs() @ b.abs())
    close(gradient, ref_gradient, p, upstream.abs() @ b.abs().T)
    product = a.numpy(force=True) @ b.numpy(force=True)
    close(value, torch.as_tensor(product), m, a.abs() @ b.abs())


@dataclass
class Segment:
    """Two ends, and a weight between them."""

    a: Tensor
    b: Tensor
    weight: float


@st.composite
def segments(draw):
    """Weights that both dtypes represent exactly, often 1/2.

    One outside of [0, 1] extrapolates.
    """
    shape, dtype = draw(shapes(3)), draw(dtypes())
    return Segment(draw(tensors(shape, dtype)), draw(tensors(shape, dtype)),
                   draw(st.just(0.5) | st.floats(0, 1, width=16)
                        | st.sampled_from([-2.0, -0.75, -0.25, 1.5])))


@pytest.mark.to_the_bit
@given(segments())
@example(Segment(torch.tensor([1e8]), torch.tensor([1.0]), 1.0))
@example(Segment(torch.tensor([0.3]), torch.tensor([0.7]), -0.75))
def test_lerp(drawn):
    """lerp is within 2 eps of torch's, and exact at both ends.

    Without fused kernels it equals torch's to the bit, also at 1/2, for
    every weight that the dtype represents exactly.
    """
    a, b, weight = drawn.a, drawn.b, drawn.weight
    hand, ref = (side.lerp(a, b, weight) for side in SIDES)
    close(hand, ref, 2, (a.abs() + b.abs()) * (1 + abs(weight)))
    if EXACT:
        same(hand, ref)
    for side in SIDES:
        # -0.0 + 0 (b - a) is 0.0 on both sides.
        same(side.lerp(a, b, 0.0), a, signed_zeros=False)
        same(side.lerp(a, b, 1.0), b, signed_zeros=False)


def test_shapes_are_rejected():
    """Shapes that do not fit, or would broadcast, raise and are named."""
    row, vector = torch.ones(1, 3), torch.ones(3)
    for side in SIDES:
        for wrong in (vector[:2], row, torch.ones(1), torch.ones(4)):
            with pytest.raises(RuntimeError):
                side.dot(vector, wrong)
        # One entry, or one column, would be broadcast to three.
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


@st.composite
def any_tensors(draw, dims, dtype=dtypes(), table=ORDINARY):
    """One tensor of up to `dims` axes."""
    return draw(tensors(draw(shapes(dims)), draw(dtype), table))


@given(any_tensors(3))
def test_numpy_shares_memory(drawn):
    """An array and its tensor share memory, in both directions."""
    for side in SIDES:
        array = drawn.clone().numpy(force=True)
        tensor = side.from_numpy(array)
        assert tensor.dtype == drawn.dtype and tensor.shape == drawn.shape
        array.flat[0] = 7
        assert tensor.reshape(-1)[0] == 7
        tensor.view(-1)[0] = 8
        assert array.flat[0] == 8
        back = side.to_numpy(tensor)
        assert np.shares_memory(array, back)


def devices():
    """The CPU, and a GPU if there is one."""
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
        # The graph still works as before.
        leaf.grad = None
        (leaf * leaf).sum().backward()
        assert leaf.grad is not None


def test_gradient_leaves_the_input_alone():
    """The input keeps its values, its requires_grad and its .grad."""
    for side in SIDES:
        for find in side.gradient, side.numerical_gradient:
            v = torch.ones(2, dtype=torch.float64)
            find(side.mean_square, v)
            assert not v.requires_grad and v.eq(1).all()
            v.requires_grad_()
            find(side.mean_square, v)
            assert v.grad is None


def test_mean_square_of_four():
    """For four entries, the gradient of mean(v * v) is v / 2."""
    v = torch.tensor([1.0, -2.0, 3.0, 0.0], dtype=torch.float64)
    for side in SIDES:
        assert side.mean_square(v) == 14 / 4
        same(side.gradient(side.mean_square, v), v / 2)
        numerical = side.numerical_gradient(side.mean_square, v)
        # f is accurate to 4 eps of 14 / 4; the step 1e-6 divides that.
        assert (numerical - v / 2).abs().max() < 14 * 2.3e-16 / 1e-6


@given(any_tensors(2, st.just(torch.float64), MODERATE))
def test_numerical_gradient(v):
    """Central differences, backward() and torch.func.grad agree.

    The third derivative of f = mean(v^2) is 0, so the formula is exact.
    f is accurate to n eps, and the step divides that error.
    """
    n, eps = v.numel(), 1e-4
    exact = 2 * v / n
    f = by_hand.mean_square
    highest = ((v.abs() + eps) ** 2).mean()
    for side in SIDES:
        close(side.gradient(f, v), exact, 3, exact)
        close(side.numerical_gradient(f, v, eps), exact, 2 * n + 4,
              highest / eps)
