"""A weight for each row's loss."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from scratch._checks import check_training
from scratch.logistic_regression import Boundary, LogisticRegression


def train(model: Boundary | LogisticRegression,
          loss_function: Callable[..., Tensor],
          x: Tensor, y: Tensor, lr: float = 1e-3, momentum: float = 0.9,
          epochs: int = 1000, weight: Tensor | None = None,
          ) -> Iterator[float]:
    lr, momentum, epochs = check_training(
        model, lr=lr, momentum=momentum, epochs=epochs)
    velocity = [torch.zeros_like(p) for p in model.parameters()]
    for epoch in range(epochs):
        if weight is None:
            loss = loss_function(model(x), y)
        else:
            # L = 1/n sum_i weight_i L_i
            rows = loss_function(model(x), y, "none")
            loss = (weight * rows).mean()
        loss.backward()
        for p, v in zip(model.parameters(), velocity):
            if p.grad is not None:
                # v <- momentum v + dL/dp
                v.mul_(momentum).add_(p.grad)
                # p <- p - lr v
                p.data.sub_(v, alpha=lr)
                p.grad = None
        yield loss.item()
