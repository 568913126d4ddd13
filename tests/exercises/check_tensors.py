"""Checks of the exercises of docs/tensors.md."""

from dataclasses import dataclass

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

import scratch.tensors as by_hand
from tests.compare.closeness import close, same
from tests.compare.draw import MODERATE, UNIT, dtypes, shapes, tensors


@dataclass
class Segments:
    """Two ends, and a weight between them, for each entry."""

    a: Tensor
    b: Tensor
    weight: Tensor


@st.composite
def segments(draw):
    """Any shape of up to three axes."""
    shape, dtype = draw(shapes(3)), draw(dtypes())
    return Segments(*draw(st.tuples(
        tensors(shape, dtype), tensors(shape, dtype),
        tensors(shape, dtype, UNIT))))


@given(segments())
def test_lerp_by_entry(drawn):
    """lerp by a tensor is within 2 eps of torch's; by a number, as before.

    Torch may fuse the difference, the product and the sum.
    """
    a, b, weight = drawn.a, drawn.b, drawn.weight
    scale = a.abs() + b.abs()
    close(by_hand.lerp(a, b, weight), torch.lerp(a, b, weight), 2, scale)
    for share in 0.0, 0.25, 0.5, 1.0:
        close(by_hand.lerp(a, b, share), torch.lerp(a, b, share), 2, scale)
    # -0.0 + 0.0 is 0.0: the sign of a zero may be lost on the way.
    a, b = a + 0.0, b + 0.0
    same(by_hand.lerp(a, b, torch.zeros_like(a)), a)
    same(by_hand.lerp(a, b, torch.ones_like(a)), b)
    # An optimiser begins with zeros.
    same(by_hand.lerp(torch.zeros_like(b), b, 1.0), b)


def quartic(x):
    """Its fifth derivative is 0, its third derivative is not."""
    return (x ** 4 - 2 * x ** 3 + x).sum()


@given(shapes(2).flatmap(
    lambda shape: tensors(shape, torch.float64, MODERATE)))
def test_fourth_order(x):
    """With order 4 the gradient of a quartic is exact up to rounding.

    n terms of up to three products are accurate to 8 n eps of their
    sizes, and the step divides that error. Order 2 is off by
    f''' eps^2 / 6.
    """
    exact, eps = torch.func.grad(quartic)(x), 1e-2
    size = x.abs() + 2 * eps
    highest = (size ** 4 + 2 * size ** 3 + size).sum()
    found = by_hand.numerical_gradient(quartic, x, eps, order=4)
    close(found, exact, 8 * x.numel(), highest / eps)
    old = by_hand.numerical_gradient(quartic, x, eps)
    missed = (24 * x - 12) * eps ** 2 / 6
    close(old, exact + missed, 8 * x.numel(), highest / eps)


def mixed(x):
    """A cubic that couples its entries: its Hessian is linear in x."""
    return (x.sum() ** 3 + (x ** 2).sum()) / 2


@given(shapes(1).flatmap(
    lambda shape: tensors(shape, torch.float64, MODERATE)))
def test_hessian(x):
    """The Hessian agrees with torch's double backward, and is symmetric.

    The gradient of a cubic has no third derivative, so its central
    differences are exact. It is accurate to 8 n eps of its size, and the
    step divides that error.
    """
    n, eps = len(x), 1e-3
    referee = torch.autograd.functional.hessian(mixed, x)
    size = 3 * (x.abs().sum() + eps) ** 2 / 2 + x.abs().max() + eps
    found = by_hand.hessian(mixed, x, eps)
    close(found, referee, 8 * n, size / eps)
    close(found, found.T.contiguous(), 16 * n, size / eps)
