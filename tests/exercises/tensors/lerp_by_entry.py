"""Linear interpolation with a weight for each entry."""

import torch
from torch import Tensor


def lerp(input: Tensor, end: Tensor,
         weight: float | Tensor) -> Tensor:
    """Linear interpolation from x to `end`, x + w (end - x).

    input (x), end: any one shape; weight: a number or that shape.
    """
    if isinstance(weight, Tensor):
        # x + w (end - x), or end - (1 - w) (end - x)
        d = end - input
        return torch.where(weight < 0.5, input + weight * d,
                           end - d * (1 - weight))
    # From the nearer end, as torch does: w = 1 gives `end` exactly.
    if weight < 0.5:
        return input + weight * (end - input)
    return end - (end - input) * (1 - weight)
