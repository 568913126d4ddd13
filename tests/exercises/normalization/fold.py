"""A BatchNorm in evaluation, merged into the layer before it."""

import torch
from torch import Tensor

from scratch.normalization import BatchNorm


def fold(weight: Tensor, bias: Tensor, layer: BatchNorm,
         ) -> tuple[Tensor, Tensor]:
    """W' = s W and b' = s (b - mean) + bias, s = weight / std."""
    std = torch.sqrt(layer.running_var + layer.eps)
    s = layer.weight.data / std
    return (s[:, None] * weight.data,
            s * (bias.data - layer.running_mean) + layer.bias.data)
