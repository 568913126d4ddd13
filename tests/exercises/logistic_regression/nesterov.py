"""Nesterov momentum in gradient descent."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from scratch._checks import check_training
from scratch.logistic_regression import Boundary, LogisticRegression


def train(model: Boundary | LogisticRegression,
          loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, lr: float = 1e-3, momentum: float = 0.9,
          epochs: int = 1000, nesterov: bool = False,
          ) -> Iterator[float]:
    lr, momentum, epochs = check_training(
        model, lr=lr, momentum=momentum, epochs=epochs)
    velocity = [torch.zeros_like(p) for p in model.parameters()]
    for epoch in range(epochs):
        loss = loss_function(model(x), y)
        loss.backward()
        for p, v in zip(model.parameters(), velocity):
            if p.grad is not None:
                # v <- momentum v + dL/dp
                v.mul_(momentum).add_(p.grad)
                # p <- p - lr v, or p - lr (dL/dp + momentum v)
                ahead = p.grad + momentum * v if nesterov else v
                p.data.sub_(ahead, alpha=lr)
                p.grad = None
        yield loss.item()
