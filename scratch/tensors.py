"""Tensors: NumPy and torch side by side, and one line of autograd.

The functions of tensors take floating-point ones of the same dtype.
Other dtypes raise RuntimeError, anything else TypeError.
"""

from collections.abc import Callable
from math import inf

import numpy as np
import torch
from torch import Tensor

from scratch._checks import check_number
from scratch._floats import check_floats, wide


def abs(input: Tensor) -> Tensor:
    """Absolute value |x|, element-wise.

    Any shape. The gradient is sign(x), so 0 at x = 0.
    """
    check_floats(input=input)
    # |x| = x sign(x), and -0.0 + 0 is 0.0
    sign = (input > 0).to(input.dtype) - (input < 0).to(input.dtype)
    return input * sign + 0


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Dot product, a . b = sum_i a_i b_i.

    input (a), tensor (b): (n,). Returns a scalar. Raises RuntimeError
    for any other shapes.
    """
    check_floats(input=input, tensor=tensor)
    if input.dim() != 1 or input.shape != tensor.shape:
        raise RuntimeError(
            "input and tensor must be vectors of the same length, got "
            f"{tuple(input.shape)} and {tuple(tensor.shape)}")
    # a . b = sum_i a_i b_i
    return (wide(input) * wide(tensor)).sum().to(input.dtype)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Matrix product, C_ij = sum_k A_ik B_kj.

    input (A): (n, m). mat2 (B): (m, p). Returns (n, p). Raises
    RuntimeError for any other shapes.
    """
    check_floats(input=input, mat2=mat2)
    if (input.dim() != 2 or mat2.dim() != 2
            or input.shape[1] != mat2.shape[0]):
        raise RuntimeError(
            "input and mat2 must have shapes (n, m) and (m, p), got "
            f"{tuple(input.shape)} and {tuple(mat2.shape)}")
    a, b = wide(input), wide(mat2)
    # C_ij = sum_k A_ik B_kj, with the axes in the order i, k, j
    c = (a[:, :, None] * b[None, :, :]).sum(dim=1)
    return c.to(input.dtype)


def lerp(input: Tensor, end: Tensor, weight: float) -> Tensor:
    """Linear interpolation from x to `end`, x + w (end - x).

    input (x), end: any shape, the same for both. weight (w): a number.
    """
    check_floats(input=input, end=end)
    check_number("weight", weight, least=-inf)
    x, y, w = wide(input), wide(end), float(weight)
    # From the nearer end, as torch does: w = 1 gives `end` exactly.
    if -0.5 < w < 0.5:
        result = x + w * (y - x)
    else:
        result = y - (y - x) * (1 - w)
    return result.to(input.dtype)


def from_numpy(array: np.ndarray) -> Tensor:
    """The array as a tensor of the same shape and dtype.

    The two share memory: a write to one shows in the other.
    `torch.tensor(array)` copies instead.
    """
    return torch.from_numpy(array)


def to_numpy(input: Tensor) -> np.ndarray:
    """The tensor as an array, on any device, with or without grad.

    `numpy()` alone raises for a tensor that requires grad or is on a
    GPU. So: detach from the graph, copy to the CPU if needed, and
    share the memory.
    """
    return input.detach().cpu().numpy()


def mean_square(input: Tensor) -> Tensor:
    """mean(v * v), the first function of the lecture.

    Any shape. Returns a scalar. For n entries the gradient is
    2 v / n; for n = 4 that is v / 2.
    """
    check_floats(input=input)
    return (input * input).mean()


def gradient(function: Callable[[Tensor], Tensor],
             input: Tensor) -> Tensor:
    """df/dx at x = input, by `backward()`.

    function (f): maps a tensor of any shape to a scalar, else
    RuntimeError. Returns a tensor of the shape of `input`, 0 if f does
    not use x. No other .grad changes, and it works under `no_grad`.
    """
    check_floats(input=input)
    # Autograd is on in here, wherever we are called.
    with torch.inference_mode(False):
        x = input.detach().clone().requires_grad_()
        x.grad = torch.zeros_like(x)
        result = _scalar(function(x))
        if result.requires_grad:
            # Only x: other tensors in f have a .grad, too.
            result.backward(inputs=[x])
    return x.grad


def numerical_gradient(function: Callable[[Tensor], Tensor],
                       input: Tensor, eps: float = 1e-6) -> Tensor:
    """df/dx at x = input by central differences, entry by entry.

    df/dx_i = (f(x + eps e_i) - f(x - eps e_i)) / (2 eps)

    function (f): maps a tensor of any shape to a scalar. The formula
    has a truncation error of order eps^2 and a rounding error of order
    |f| u / eps, where u is the unit roundoff of the dtype: use
    float64. Raises ValueError for eps below 0.
    """
    check_floats(input=input)
    check_number("eps", eps, least=0)
    x, eps = input.detach(), float(eps)
    result = torch.zeros_like(x).flatten()
    for i in range(x.numel()):
        # eps e_i; e_i is 1 at entry i and 0 elsewhere
        step = torch.zeros_like(result)
        step[i] = eps
        step = step.reshape(x.shape)
        ahead, behind = function(x + step), function(x - step)
        slope = (_scalar(ahead) - _scalar(behind)) / (2 * eps)
        result[i] = slope.detach()
    return result.reshape(x.shape)


def _scalar(result: Tensor) -> Tensor:
    """The value of a function. Raise RuntimeError unless 0-dim."""
    if not isinstance(result, Tensor) or result.dim():
        raise RuntimeError("function must return a scalar tensor, got "
                           f"{result}")
    return result
