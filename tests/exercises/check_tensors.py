"""Checks of the exercises of docs/tensors.md."""

import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.tensors as by_hand
from tests.compare.closeness import close, same
from tests.compare.draw import MODERATE, UNIT, dtypes, shapes, tensors


@given(st.data(), dtypes(), shapes(3))
def test_lerp_by_entry(data, dtype, shape):
    """lerp by a tensor is torch.lerp within 2 eps; a number is as it was.

    The difference, the product and the sum may be fused by torch.
    """
    a, b = data.draw(tensors(shape, dtype)), data.draw(tensors(shape, dtype))
    weight = data.draw(tensors(shape, dtype, UNIT))
    scale = a.abs() + b.abs()
    close(by_hand.lerp(a, b, weight), torch.lerp(a, b, weight), 2, scale)
    same(by_hand.lerp(a, b, torch.zeros_like(a)), a)
    same(by_hand.lerp(a, b, torch.ones_like(a)), b)
    for share in 0.0, 0.25, 0.5, 1.0:
        close(by_hand.lerp(a, b, share), torch.lerp(a, b, share), 2, scale)
    # An optimiser begins with the number 0.
    same(by_hand.lerp(0, b, 1.0), b)


def quartic(x):
    """Its fifth derivative is 0, its third one is not."""
    return (x ** 4 - 2 * x ** 3 + x).sum()


@given(st.data(), shapes(2))
def test_fourth_order(data, shape):
    """With order 4 a quartic's slope is exact but for rounding.

    n terms of up to three products are known to 8 n eps of their sizes,
    which the step divides; order 2 misses f''' eps^2 / 6.
    """
    x = data.draw(tensors(shape, torch.float64, MODERATE))
    exact, eps = torch.func.grad(quartic)(x), 1e-2
    size = x.abs() + 2 * eps
    highest = (size ** 4 + 2 * size ** 3 + size).sum()
    found = by_hand.numerical_gradient(quartic, x, eps, order=4)
    close(found, exact, 8 * x.numel(), highest / eps)
    old = by_hand.numerical_gradient(quartic, x, eps)
    missed = (24 * x - 12) * eps ** 2 / 6
    close(old, exact + missed, 8 * x.numel(), highest / eps)


def mixed(x):
    """A cubic whose entries meet: its Hessian is linear in x."""
    return (x.sum() ** 3 + (x ** 2).sum()) / 2


@given(st.data(), st.integers(1, 5))
def test_hessian(data, n):
    """The Hessian is torch's, by autograd twice, and symmetric.

    The gradient of a cubic has no third derivative: central differences
    are exact. It is known to 8 n eps of its size, which the step divides.
    """
    x = data.draw(tensors((n,), torch.float64, MODERATE))
    eps = 1e-3
    referee = torch.autograd.functional.hessian(mixed, x)
    size = 3 * (x.abs().sum() + eps) ** 2 / 2 + x.abs().max() + eps
    found = by_hand.hessian(mixed, x, eps)
    close(found, referee, 8 * n, size / eps)
    close(found, found.T.contiguous(), 16 * n, size / eps)
