"""Dropout of whole channels, for images."""

import torch
from torch import Tensor

from scratch.dropout import _check


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True,
              generator: torch.Generator | None = None) -> Tensor:
    """Each channel (n, c) of (n, c, h, w) is kept or dropped whole."""
    p = _check(input, p, training, generator)
    if input.dim() != 4:
        raise ValueError("input must have four axes, got shape "
                         f"{tuple(input.shape)}")
    if not training or p == 0 or input.numel() == 0:
        return input
    if p == 1:
        return input * torch.zeros_like(input)
    # one draw for each image and channel
    mask = torch.empty_like(input[:, :, :1, :1], device="cpu")
    mask = mask.bernoulli_(1 - p, generator=generator) / (1 - p)
    return input * mask.to(input.device)
