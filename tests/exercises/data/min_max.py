"""Scaling each column to [0, 1]."""

import torch
from torch import Tensor


def min_max(input: Tensor, reference: Tensor) -> Tensor:
    """(x - low) / (high - low), column by column.

    low and high are the smallest and largest entry of `reference`.
    """
    low, _ = reference.min(dim=0)
    high, _ = reference.max(dim=0)
    # (x - low) / (high - low)
    return (input - low) / torch.where(high == low, 1, high - low)
