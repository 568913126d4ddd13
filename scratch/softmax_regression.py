"""Softmax regression: classify ten digits with one matrix."""

from collections.abc import Iterator

import torch
from torch import Tensor

from scratch._checks import check_training, check_whole
from scratch.activations import softmax
from scratch.data import as_generator, batches
from scratch.losses import accuracy, cross_entropy


class SoftmaxRegression:
    """Logits x W^T + b; W (classes, features), b (classes,).

    Both start at 0. The probabilities are softmax(logits).
    """

    def __init__(self, features: int = 64, classes: int = 10,
                 device: torch.device | str = "cpu"):
        features = check_whole("features", features, 1)
        classes = check_whole("classes", classes, 1)
        self.w = torch.zeros(classes, features, device=device,
                             requires_grad=True)
        self.b = torch.zeros(classes, device=device, requires_grad=True)

    def __call__(self, x: Tensor) -> Tensor:
        """Logits (n, classes) for the rows of x (n, features)."""
        return x @ self.w.T + self.b

    def parameters(self) -> list[Tensor]:
        """The raw tensors w and b."""
        return [self.w, self.b]


def train(model: SoftmaxRegression, x: Tensor, y: Tensor,
          lr: float = 0.5, epochs: int = 30, batch_size: int = 64,
          gamma: float = 1.0, generator: torch.Generator | int = 0,
          ) -> Iterator[float]:
    """Mini-batch gradient descent on the cross-entropy.

    x is (n, features); y (n,) holds the labels. `generator` shuffles
    the rows in each epoch; after each, lr is multiplied by `gamma`.
    A step yields its loss once it has updated the parameters. Raises
    ValueError unless lr and gamma are at least 0 and every parameter
    requires a gradient, and what `batches` and `cross_entropy` raise.
    """
    lr, epochs, gamma = check_training(model, lr=lr, epochs=epochs,
                                       gamma=gamma)
    generator = as_generator(generator)
    for epoch in range(epochs):
        for rows, labels in batches(x, y, batch_size=batch_size,
                                    shuffle=True, generator=generator):
            loss = cross_entropy(model(rows), labels)
            loss.backward()
            # W <- W - lr dL/dW,  b <- b - lr dL/db
            for p in model.parameters():
                if p.grad is not None:
                    p.data.sub_(p.grad, alpha=lr)
                    p.grad = None
            yield loss.item()
        # lr <- gamma lr
        lr *= gamma


def classify(model: SoftmaxRegression, x: Tensor) -> Tensor:
    """Labels (n,), dtype int64: the most probable class."""
    return softmax(model(x), dim=1).argmax(dim=1)


def evaluate(model: SoftmaxRegression, x: Tensor,
             y: Tensor) -> tuple[float, float]:
    """Mean cross-entropy and accuracy over all rows at once."""
    loss = cross_entropy(model(x), y)
    return loss.item(), accuracy(classify(model, x), y)
