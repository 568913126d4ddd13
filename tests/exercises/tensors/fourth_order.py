"""Numerical gradients with an error of order eps^4."""

from collections.abc import Callable

import torch
from torch import Tensor

from scratch._checks import check_number
from scratch._floats import check_floats
from scratch.tensors import _scalar


def numerical_gradient(function: Callable[[Tensor], Tensor],
                       input: Tensor, eps: float = 1e-6,
                       order: int = 2) -> Tensor:
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
        if order == 4:
            # (4 slope(eps) - slope(2 eps)) / 3
            ahead = function(x + 2 * step)
            behind = function(x - 2 * step)
            wide = (ahead - behind) / (4 * eps)
            slope = (4 * slope - wide) / 3
        result[i] = slope.detach()
    return result.reshape(x.shape)
