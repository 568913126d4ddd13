"""Tensors: NumPy and torch side by side, and one line of autograd."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor


def abs(input: Tensor) -> Tensor:
    """|x|, element by element.

    Any shape. The gradient is the sign of x: 0 at x = 0.
    """
    # |x| = x sign(x)
    sign = (input > 0).to(input.dtype) - (input < 0).to(input.dtype)
    return input * sign


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Dot product, a . b = sum_i a_i b_i.

    Two vectors of shape (n,) give a scalar. RuntimeError for any
    other shapes.
    """
    if input.dim() != 1 or input.shape != tensor.shape:
        raise RuntimeError(
            "dot: wanted two vectors of one length, given shapes "
            f"{tuple(input.shape)} and {tuple(tensor.shape)}")
    # a . b = sum_i a_i b_i
    return (input * tensor).sum()


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Matrix product, C_ij = sum_k A_ik B_kj.

    (n, m) times (m, p) gives (n, p). RuntimeError for other shapes.
    """
    if (input.dim() != 2 or mat2.dim() != 2
            or input.shape[1] != mat2.shape[0]):
        raise RuntimeError(
            "mm: wanted shapes (n, m) and (m, p), given "
            f"{tuple(input.shape)} and {tuple(mat2.shape)}")
    # C_ij = sum_k A_ik B_kj, with the axes in the order i, k, j
    return (input[:, :, None] * mat2[None, :, :]).sum(dim=1)


def lerp(input: Tensor, end: Tensor, weight: float) -> Tensor:
    """x + w (end - x): the way from x to `end`, walked to the share w.

    input (x), end: any one shape.
    """
    # From the nearer end, as torch does: w = 1 gives `end` exactly.
    if weight < 0.5:
        return input + weight * (end - input)
    return end - (end - input) * (1 - weight)


def from_numpy(array: np.ndarray) -> Tensor:
    """The array as a tensor of the same shape and dtype.

    Both share one memory: a write to either is seen in the other.
    `torch.tensor(array)` copies instead.
    """
    return torch.from_numpy(array)


def to_numpy(input: Tensor) -> np.ndarray:
    """The tensor as an array, wherever it is and whatever it records.

    Torch refuses to hand out the memory of a tensor that requires
    grad or that sits on a GPU. So: leave the graph, come back to the
    CPU (a copy, if it was elsewhere), share the memory.
    """
    return input.detach().cpu().numpy()


def mean_square(input: Tensor) -> Tensor:
    """mean(v * v), a scalar: the lecture's first function.

    Its gradient is 2 v / n. For n = 4 that is v / 2.
    """
    return (input * input).mean()


def gradient(function: Callable[[Tensor], Tensor],
             input: Tensor) -> Tensor:
    """df/dx at x = input, by `backward()`.

    `function` maps a tensor of any shape to a scalar. The result has
    the shape of `input`.
    """
    x = input.detach().clone().requires_grad_()
    function(x).backward()
    return x.grad


def numerical_gradient(function: Callable[[Tensor], Tensor],
                       input: Tensor, eps: float = 1e-6) -> Tensor:
    """df/dx at x = input by central differences, entry by entry.

    df/dx_i = (f(x + eps e_i) - f(x - eps e_i)) / (2 eps)

    `function` maps a tensor of any shape to a scalar. The step is
    eps; the error is of order eps^2 from the formula and of order
    |f| u / eps from rounding, u the unit of the dtype: use float64.
    """
    x = input.detach()
    result = torch.zeros_like(x)
    for i in range(x.numel()):
        # e_i: one at entry i, zero elsewhere
        step = torch.zeros_like(x)
        step.view(-1)[i] = eps
        slope = (function(x + step) - function(x - step)) / (2 * eps)
        result.view(-1)[i] = slope
    return result
