"""The matrix of second derivatives."""

from collections.abc import Callable

import torch
from torch import Tensor

from scratch.tensors import gradient


def hessian(function: Callable[[Tensor], Tensor],
            input: Tensor, eps: float = 1e-6) -> Tensor:
    """The (n, n) tensor of d2f / dx_i dx_j at x = input (n,)."""
    x = input.detach()
    result = x.new_zeros(len(x), len(x))
    for i in range(len(x)):
        # eps e_i; e_i is 1 at entry i and 0 elsewhere
        step = torch.zeros_like(x)
        step[i] = eps
        # (g(x + eps e_i) - g(x - eps e_i)) / (2 eps)
        ahead = gradient(function, x + step)
        behind = gradient(function, x - step)
        result[i] = (ahead - behind) / (2 * eps)
    return result
