"""Softmax regression: `nn.Linear`, cross-entropy and `DataLoader`."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init
from torch.optim.lr_scheduler import ExponentialLR

from torch_ref._checks import check_training, check_whole
from torch_ref.data import as_generator, batches
from torch_ref.losses import accuracy, cross_entropy
from torch_ref.optim import SGD


class SoftmaxRegression(nn.Module):
    """An `nn.Linear` from features to classes, initialised to 0."""

    def __init__(self, features: int = 64, classes: int = 10,
                 device: torch.device | str = "cpu"):
        super().__init__()
        features = check_whole("features", features, 1)
        classes = check_whole("classes", classes, 1)
        self.linear = skip_init(nn.Linear, features, classes)
        for p in self.parameters():
            nn.init.zeros_(p)
        self.to(device)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, classes) for the rows of x (n, features)."""
        return self.linear(x)


def train(model: SoftmaxRegression, x: Tensor, y: Tensor,
          lr: float = 0.5, epochs: int = 30, batch_size: int = 64,
          gamma: float = 1.0, generator: torch.Generator | int = 0,
          ) -> Iterator[float]:
    """Mini-batch SGD on the cross-entropy; yields each step's loss."""
    lr, epochs, gamma = check_training(model, lr=lr, epochs=epochs,
                                       gamma=gamma)
    generator = as_generator(generator)
    optimizer = SGD(model.parameters(), lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    for epoch in range(epochs):
        for rows, labels in batches(x, y, batch_size=batch_size,
                                    shuffle=True, generator=generator):
            loss = cross_entropy(model(rows), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            yield loss.item()
        scheduler.step()


def classify(model: SoftmaxRegression, x: Tensor) -> Tensor:
    """Labels (n,), dtype int64: the most probable class."""
    return torch.softmax(model(x), dim=1).argmax(dim=1)


def evaluate(model: SoftmaxRegression, x: Tensor,
             y: Tensor) -> tuple[float, float]:
    """Mean cross-entropy and accuracy over all rows at once."""
    with torch.no_grad():
        loss = cross_entropy(model(x), y)
        return loss.item(), accuracy(classify(model, x), y)
