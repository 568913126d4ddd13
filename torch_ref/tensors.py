"""Tensors: NumPy and torch side by side, and one line of autograd."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor


def abs(input: Tensor) -> Tensor:
    """Absolute value |x|, by `torch.abs`."""
    return torch.abs(input)


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Dot product, a . b, of two vectors, by `torch.dot`."""
    return torch.dot(input, tensor)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Matrix product of (n, m) and (m, p), by `torch.mm`."""
    return torch.mm(input, mat2)


def lerp(input: Tensor, end: Tensor, weight: float) -> Tensor:
    """Linear interpolation, x + w (end - x), by `torch.lerp`."""
    return torch.lerp(input, end, weight)


def from_numpy(array: np.ndarray) -> Tensor:
    """The array as a tensor that shares its memory."""
    return torch.from_numpy(array)


def to_numpy(input: Tensor) -> np.ndarray:
    """The tensor as an array, on any device, with or without grad.

    `force=True` detaches, and copies to the CPU if needed.
    """
    return input.numpy(force=True)


def mean_square(input: Tensor) -> Tensor:
    """mean(v * v), a scalar, by `torch.square` and `torch.mean`."""
    return torch.mean(torch.square(input))


def gradient(function: Callable[[Tensor], Tensor],
             input: Tensor) -> Tensor:
    """df/dx at x = input, by `torch.func.grad`."""
    return torch.func.grad(function)(input)


def numerical_gradient(function: Callable[[Tensor], Tensor],
                       input: Tensor, eps: float = 1e-6) -> Tensor:
    """df/dx at x = input by central differences, all entries at once.

    Row i of `steps` moves entry i of x. `torch.func.vmap` evaluates
    `function` at all the moved points in one call.
    """
    x = input.detach()
    unit = torch.eye(x.numel(), dtype=x.dtype, device=x.device)
    steps = (eps * unit).reshape(-1, *x.shape)
    f = torch.func.vmap(function)
    slope = (f(x + steps) - f(x - steps)) / (2 * eps)
    return slope.reshape(x.shape)
