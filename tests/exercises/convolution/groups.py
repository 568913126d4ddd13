"""Filters that see some of the channels only."""

import torch
from torch import Tensor

from scratch.convolution import conv2d


def grouped_conv2d(input: Tensor, weight: Tensor,
                   bias: Tensor | None = None, stride: int = 1,
                   padding: int = 0, groups: int = 1) -> Tensor:
    """Group g of the filters sees group g of the channels."""
    channels, outputs = weight.shape[1], len(weight) // groups
    # every group is a convolution
    z = torch.cat([
        conv2d(x, w, None, stride, padding)
        for x, w in zip(input.split(channels, 1), weight.split(outputs))
    ], dim=1)
    return z if bias is None else z + bias[:, None, None]
