"""Training with all gradients clipped as one vector."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from scratch._checks import check_gradients, check_training
from scratch.mlp import _deal


def train(model: Any, gradients: Callable, x: Tensor, y: Tensor,
          lr: float, epochs: int, batch_size: int | None = None,
          generator: torch.Generator | None = None, gamma: float = 1.0,
          stop: float = 0.0,
          max_norm: float | None = None) -> Iterator[float]:
    lr, epochs, gamma, stop = check_training(
        model, lr=lr, epochs=epochs, gamma=gamma, stop=stop)
    parameters = [p.data for p in model.parameters()]
    for epoch in range(epochs):
        for rows, targets in _deal(x, y, batch_size, generator):
            loss, slopes = gradients(model, rows, targets)
            value = loss.item()
            if value < stop:
                yield value
                return
            slopes = check_gradients(parameters, slopes)
            if max_norm is not None:
                # |g| = sqrt(sum g^2), over all gradients
                norm = sum((g * g).sum() for g in slopes) ** 0.5
                # g <- g min(1, max_norm / (|g| + 1e-6))
                scale = (max_norm / (norm + 1e-6)).clamp(max=1)
                slopes = [scale * g for g in slopes]
            for p, slope in zip(parameters, slopes):
                # p <- p - lr dL/dp
                p.sub_(slope, alpha=lr)
            yield value
        lr *= gamma
