"""Tensors: NumPy and torch side by side, and one line of autograd."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor


def abs(input: Tensor) -> Tensor:
    """Absolute value |x|, element-wise.

    Any shape. The gradient is sign(x), so 0 at x = 0.
    """
    # |x| = x sign(x)
    sign = (input > 0).to(input.dtype) - (input < 0).to(input.dtype)
    return input * sign


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Dot product, a . b = sum_i a_i b_i.

    input (a), tensor (b): (n,). Returns a scalar. Raises RuntimeError
    for any other shapes.
    """
    if input.dim() != 1 or input.shape != tensor.shape:
        raise RuntimeError(
            "input and tensor must be vectors of the same length, got "
            f"{tuple(input.shape)} and {tuple(tensor.shape)}")
    # a . b = sum_i a_i b_i
    return (input * tensor).sum()


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Matrix product, C_ij = sum_k A_ik B_kj.

    input (A): (n, m). mat2 (B): (m, p). Returns (n, p). Raises
    RuntimeError for any other shapes.
    """
    if (input.dim() != 2 or mat2.dim() != 2
            or input.shape[1] != mat2.shape[0]):
        raise RuntimeError(
            "input and mat2 must have shapes (n, m) and (m, p), got "
            f"{tuple(input.shape)} and {tuple(mat2.shape)}")
    # C_ij = sum_k A_ik B_kj, with the axes in the order i, k, j
    return (input[:, :, None] * mat2[None, :, :]).sum(dim=1)


def lerp(input: Tensor, end: Tensor, weight: float) -> Tensor:
    """Linear interpolation from x to `end`, x + w (end - x).

    input (x), end: any shape, the same for both. weight (w): a number.
    """
    # From the nearer end, as torch does: w = 1 gives `end` exactly.
    if weight < 0.5:
        return input + weight * (end - input)
    return end - (end - input) * (1 - weight)


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
    return (input * input).mean()


def gradient(function: Callable[[Tensor], Tensor],
             input: Tensor) -> Tensor:
    """df/dx at x = input, by `backward()`.

    function (f): maps a tensor of any shape to a scalar. Returns a
    tensor of the shape of `input`.
    """
    x = input.detach().clone().requires_grad_()
    function(x).backward()
    return x.grad


def numerical_gradient(function: Callable[[Tensor], Tensor],
                       input: Tensor, eps: float = 1e-6) -> Tensor:
    """df/dx at x = input by central differences, entry by entry.

    df/dx_i = (f(x + eps e_i) - f(x - eps e_i)) / (2 eps)

    function (f): maps a tensor of any shape to a scalar. The formula
    has a truncation error of order eps^2 and a rounding error of order
    |f| u / eps, where u is the unit roundoff of the dtype: use
    float64.
    """
    x = input.detach()
    result = torch.zeros_like(x)
    for i in range(x.numel()):
        # eps e_i; e_i is 1 at entry i and 0 elsewhere
        step = torch.zeros_like(x)
        step.view(-1)[i] = eps
        slope = (function(x + step) - function(x - step)) / (2 * eps)
        result.view(-1)[i] = slope
    return result
