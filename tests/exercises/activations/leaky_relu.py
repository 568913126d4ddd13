"""Leaky relu: a small slope where relu has none."""

import torch
from torch import Tensor


def leaky_relu(input: Tensor,
               negative_slope: float = 0.01) -> Tensor:
    """x for x > 0, else negative_slope x."""
    # NaN > 0 is false, and negative_slope * NaN is NaN.
    return torch.where(input > 0, input, negative_slope * input)
