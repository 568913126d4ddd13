"""Gaussian dropout: noise with the mean and variance of a mask."""

import torch
from torch import Tensor

from scratch.dropout import _check


def gaussian_dropout(input: Tensor, p: float = 0.5,
                     training: bool = True,
                     generator: torch.Generator | None = None,
                     ) -> Tensor:
    """In training input * mask, with a mask from N(1, p / (1 - p))."""
    p = _check(input, p, training, generator)
    if p == 1:
        raise ValueError("p must be below 1, got 1.0")
    if not training or p == 0:
        return input
    # mask ~ N(1, p / (1 - p))
    std = (p / (1 - p)) ** 0.5
    mask = torch.empty_like(input, device="cpu")
    mask.normal_(1, std, generator=generator)
    return input * mask.to(input.device)
