"""Linear interpolation with a weight for each entry."""

from math import inf

import torch
from torch import Tensor

from scratch._checks import check_number
from scratch._floats import check_floats, wide


def lerp(input: Tensor, end: Tensor,
         weight: float | Tensor) -> Tensor:
    """Linear interpolation from x to `end`, x + w (end - x).

    input (x), end: any one shape; weight: a number or that shape.
    """
    if isinstance(weight, Tensor):
        check_floats(input=input, end=end, weight=weight)
        x, y, w = wide(input), wide(end), wide(weight)
        # x + w (end - x), or end - (1 - w) (end - x)
        near = (-0.5 < w) & (w < 0.5)
        result = torch.where(near, x + w * (y - x),
                             y - (y - x) * (1 - w))
        return result.to(input.dtype)
    check_floats(input=input, end=end)
    check_number("weight", weight, least=-inf)
    a = float(weight)
    x, y = wide(input), wide(end)
    # From the nearer end, as torch does: w = 1 gives `end` exactly.
    if -0.5 < a < 0.5:
        result = x + a * (y - x)
    else:
        result = y - (y - x) * (1 - a)
    return result.to(input.dtype)
