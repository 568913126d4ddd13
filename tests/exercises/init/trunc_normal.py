"""A normal distribution without its tails."""

import torch
from torch import Tensor

from scratch.init import normal_


def trunc_normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0,
                  a: float = -2.0, b: float = 2.0,
                  generator: torch.Generator | None = None) -> Tensor:
    """Draw from N(mean, std^2); what is outside [a, b], again."""
    normal_(tensor, mean, std, generator)
    x = tensor.data
    outside = (x < a) | (x > b)
    while outside.any():
        again = torch.empty(int(outside.sum()), dtype=x.dtype)
        x[outside] = normal_(again, mean, std, generator)
        outside = (x < a) | (x > b)
    return tensor
