"""Logistic regression: the same with `nn.Module` and `SGD`."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init

from torch_ref._checks import check_training, check_whole
from torch_ref.optim import SGD


class Boundary(nn.Module):
    """P(label 1) = sigmoid(x w + b - y) for a point (x, y)."""

    def __init__(self, device: torch.device | str = "cpu"):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(1, device=device))
        self.b = nn.Parameter(torch.zeros(1, device=device))

    def forward(self, points: Tensor) -> Tensor:
        """Probabilities (n, 1) for points (n, 2), else ValueError."""
        x, y = points.split(1, dim=1)
        return torch.sigmoid(x * self.w + self.b - y)


class LogisticRegression(nn.Module):
    """An `nn.Linear`, initialised to 0, and a sigmoid."""

    def __init__(self, features: int = 2,
                 device: torch.device | str = "cpu"):
        super().__init__()
        features = check_whole("features", features, 1)
        self.linear = skip_init(nn.Linear, features, 1)
        for p in self.parameters():
            nn.init.zeros_(p)
        self.to(device)

    def forward(self, x: Tensor) -> Tensor:
        """Probabilities (n, 1) for the rows of x (n, features)."""
        return torch.sigmoid(self.linear(x))


def train(model: Boundary | LogisticRegression,
          loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, lr: float = 1e-3, momentum: float = 0.9,
          epochs: int = 1000) -> Iterator[float]:
    """SGD with momentum on all rows; yields each step's loss."""
    lr, momentum, epochs = check_training(
        model, lr=lr, momentum=momentum, epochs=epochs)
    optimizer = SGD(model.parameters(), lr=lr, momentum=momentum)
    for epoch in range(epochs):
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        yield loss.item()


def classify(model: Boundary | LogisticRegression, x: Tensor) -> Tensor:
    """Labels (n,), dtype int64: 1 where the probability exceeds 1/2."""
    return model(x)[:, 0].gt(0.5).long()
