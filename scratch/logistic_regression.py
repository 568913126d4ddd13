"""Logistic regression: a boundary between two clusters of points."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from scratch._checks import check_training, check_whole
from scratch.activations import sigmoid


class Boundary:
    """P(label 1) = sigmoid(x w + b - y) for a point (x, y).

    w and b, both (1,) and 0 at first, are the parameters of the
    boundary itself, the line y = w x + b. Label 1 lies below it.
    """

    def __init__(self, device: torch.device | str = "cpu"):
        self.w = torch.zeros(1, device=device, requires_grad=True)
        self.b = torch.zeros(1, device=device, requires_grad=True)

    def __call__(self, points: Tensor) -> Tensor:
        """Probabilities (n, 1) for points (n, 2), else ValueError."""
        x, y = points.split(1, dim=1)
        return sigmoid(x * self.w + self.b - y)

    def parameters(self) -> list[Tensor]:
        """The raw tensors w and b."""
        return [self.w, self.b]


class LogisticRegression:
    """P(label 1) = sigmoid(x w^T + b); w (1, features), b (1,).

    Both start at 0. The boundary is where x w^T + b = 0: a line for
    two features, a plane for three.
    """

    def __init__(self, features: int = 2,
                 device: torch.device | str = "cpu"):
        features = check_whole("features", features, 1)
        self.w = torch.zeros(1, features, device=device,
                             requires_grad=True)
        self.b = torch.zeros(1, device=device, requires_grad=True)

    def __call__(self, x: Tensor) -> Tensor:
        """Probabilities (n, 1) for the rows of x (n, features)."""
        return sigmoid(x @ self.w.T + self.b)

    def parameters(self) -> list[Tensor]:
        """The raw tensors w and b."""
        return [self.w, self.b]


def train(model: Boundary | LogisticRegression,
          loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, lr: float = 1e-3, momentum: float = 0.9,
          epochs: int = 1000) -> Iterator[float]:
    """Gradient descent with momentum on the mean loss of all rows.

    loss_function is `mse_loss` or `binary_cross_entropy`. x is (n,
    features); y (n, 1) holds 0 and 1 as floats. A step yields its
    loss once it has updated the parameters. Raises ValueError unless
    lr and momentum are at least 0 and every parameter requires a
    gradient, and what loss_function raises.
    """
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
                # p <- p - lr v
                p.data.sub_(v, alpha=lr)
                p.grad = None
        yield loss.item()


def classify(model: Boundary | LogisticRegression, x: Tensor) -> Tensor:
    """Labels (n,), dtype int64: 1 where the probability exceeds 1/2."""
    return (model(x)[:, 0] > 0.5).to(torch.int64)
