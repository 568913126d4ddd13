"""Training with all gradients clipped as one vector."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from scratch._checks import check_training
from scratch.mlp import MLP, _deal


def train(model: MLP, loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, lr: float, epochs: int,
          batch_size: int | None = None,
          generator: torch.Generator | None = None,
          max_norm: float | None = None) -> Iterator[float]:
    lr, epochs = check_training(model, lr=lr, epochs=epochs)
    for epoch in range(epochs):
        for rows, targets in _deal(x, y, batch_size, generator):
            loss = loss_function(model(rows), targets)
            loss.backward()
            scale = 1.0
            if max_norm is not None:
                # |g|^2 = sum g^2, over all gradients
                square = sum((p.grad * p.grad).sum().item()
                             for p in model.parameters()
                             if p.grad is not None)
                # min(1, max_norm / (|g| + 1e-6))
                scale = min(1.0, max_norm / (square ** 0.5 + 1e-6))
            for p in model.parameters():
                if p.grad is not None:
                    # p <- p - lr scale dL/dp
                    p.data.sub_(p.grad, alpha=lr * scale)
                    p.grad = None
            yield loss.item()
