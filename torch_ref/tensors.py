"""Tensors: NumPy and torch side by side, and one line of autograd."""

from collections.abc import Callable
from math import inf

import numpy as np
import torch
from torch import Tensor

from torch_ref._checks import check_number
from torch_ref._floats import check_floats


def abs(input: Tensor) -> Tensor:
    """Absolute value |x|, by `torch.abs`."""
    check_floats(input=input)
    return torch.abs(input)


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Dot product, a . b, of two vectors, by `torch.dot`."""
    check_floats(input=input, tensor=tensor)
    return torch.dot(input, tensor)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Matrix product of (n, m) and (m, p), by `torch.mm`."""
    check_floats(input=input, mat2=mat2)
    return torch.mm(input, mat2)


def lerp(input: Tensor, end: Tensor, weight: float) -> Tensor:
    """Linear interpolation, x + w (end - x), by `torch.lerp`."""
    check_floats(input=input, end=end)
    check_number("weight", weight, least=-inf)
    return torch.lerp(input, end, float(weight))


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
    check_floats(input=input)
    return torch.mean(torch.square(input))


def gradient(function: Callable[[Tensor], Tensor],
             input: Tensor) -> Tensor:
    """df/dx at x = input, by `torch.func.grad`."""
    check_floats(input=input)
    return torch.func.grad(function)(input.detach()).detach()


def numerical_gradient(function: Callable[[Tensor], Tensor],
                       input: Tensor, eps: float = 1e-6) -> Tensor:
    """df/dx at x = input by central differences, all entries at once.

    Row i of `steps` moves entry i of x. `torch.func.vmap` evaluates
    `function` at all the moved points in one call, and so rejects a
    function that calls `item()` or branches on a value.
    """
    check_floats(input=input)
    check_number("eps", eps, least=0)
    x, eps = input.detach(), float(eps)
    # vmap needs a row.
    if x.numel() == 0:
        return torch.zeros_like(x)
    unit = torch.eye(x.numel(), dtype=x.dtype, device=x.device)
    steps = (eps * unit).reshape(x.numel(), *x.shape)
    f = torch.func.vmap(lambda point: _scalar(function(point)))
    slope = (f(x + steps) - f(x - steps)) / (2 * eps)
    return slope.reshape(x.shape).detach().to(x.dtype)


def _scalar(result: Tensor) -> Tensor:
    """The value of a function. Raise RuntimeError unless 0-dim."""
    if not isinstance(result, Tensor) or result.dim():
        raise RuntimeError("function must return a scalar tensor, got "
                           f"{result}")
    return result
