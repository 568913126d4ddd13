"""Logistic regression: two clouds of points and a boundary."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from scratch.activations import sigmoid


class Boundary:
    """P(label 1) of a point (x, y) = sigmoid(x w + b - y).

    One weight and one bias, both 0: the boundary is the line
    y = w x + b itself, and label 1 lies below it.
    """

    def __init__(self, device: torch.device | str = "cpu"):
        self.w = torch.zeros(1, device=device, requires_grad=True)
        self.b = torch.zeros(1, device=device, requires_grad=True)

    def __call__(self, points: Tensor) -> Tensor:
        """Probabilities (n, 1) of points (n, 2), else ValueError."""
        x, y = points.split(1, dim=1)
        return sigmoid(x * self.w + self.b - y)

    def parameters(self) -> list[Tensor]:
        """The raw tensors, w and b."""
        return [self.w, self.b]


class LogisticRegression:
    """P(label 1) = sigmoid(x w^T + b); w (1, features), b (1,), both 0.

    The boundary is the line (plane, ...) where x w^T + b = 0.
    """

    def __init__(self, features: int = 2,
                 device: torch.device | str = "cpu"):
        self.w = torch.zeros(1, features, device=device,
                             requires_grad=True)
        self.b = torch.zeros(1, device=device, requires_grad=True)

    def __call__(self, x: Tensor) -> Tensor:
        """Probabilities (n, 1) of the rows of x (n, features)."""
        return sigmoid(x @ self.w.T + self.b)

    def parameters(self) -> list[Tensor]:
        """The raw tensors, w and b."""
        return [self.w, self.b]


def train(model: Boundary | LogisticRegression,
          loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, lr: float = 1e-3, momentum: float = 0.9,
          epochs: int = 1000) -> Iterator[float]:
    """Gradient descent with momentum, all rows a step.

    loss_function: `mse_loss` or `binary_cross_entropy`. x (n,
    features), y (n, 1) of 0 and 1, as floats. Yields each
    step's loss, once its update is done.
    """
    velocity = [torch.zeros_like(p) for p in model.parameters()]
    for epoch in range(epochs):
        loss = loss_function(model(x), y)
        loss.backward()
        for p, v in zip(model.parameters(), velocity):
            # v <- momentum v + dL/dp
            v.mul_(momentum).add_(p.grad)
            # p <- p - lr v
            p.data.sub_(v, alpha=lr)
            p.grad = None
        yield loss.item()


def classify(model: Boundary | LogisticRegression, x: Tensor) -> Tensor:
    """Labels (n,), dtype int64: 1 where the probability exceeds 1/2."""
    return (model(x)[:, 0] > 0.5).to(torch.int64)
