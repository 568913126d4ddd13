"""The Huber loss: a parabola near 0, a line beyond."""

import torch
from torch import Tensor

from scratch._floats import check_pair
from scratch.losses import _reduce


def huber_loss(input: Tensor, target: Tensor, reduction: str = "mean",
               delta: float = 1.0) -> Tensor:
    """e^2 / 2 up to |e| = delta, a line beyond, for e = x - y."""
    input, target = check_pair(input, target)
    error = input - target
    size = error.abs()
    # e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2)
    loss = torch.where(size <= delta, 0.5 * error * error,
                       delta * (size - 0.5 * delta))
    return _reduce(loss, reduction)
