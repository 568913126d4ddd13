"""Numerical gradients with an error of order eps^4."""

from collections.abc import Callable

import torch
from torch import Tensor


def numerical_gradient(function: Callable[[Tensor], Tensor],
                       input: Tensor, eps: float = 1e-6,
                       order: int = 2) -> Tensor:
    x = input.detach()
    result = torch.zeros_like(x)
    for i in range(x.numel()):
        # eps e_i; e_i is 1 at entry i and 0 elsewhere
        step = torch.zeros_like(x)
        step.view(-1)[i] = eps
        slope = (function(x + step) - function(x - step)) / (2 * eps)
        if order == 4:
            # (4 slope(eps) - slope(2 eps)) / 3
            ahead = function(x + 2 * step)
            behind = function(x - 2 * step)
            wide = (ahead - behind) / (4 * eps)
            slope = (4 * slope - wide) / 3
        result.view(-1)[i] = slope
    return result
