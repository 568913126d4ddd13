"""Training with label smoothing."""

from collections.abc import Iterator

import torch
from torch import Tensor

from scratch._checks import check_training
from scratch.data import as_generator, batches
from scratch.losses import cross_entropy
from scratch.softmax_regression import SoftmaxRegression


def train(model: SoftmaxRegression, x: Tensor, y: Tensor,
          lr: float = 0.5, epochs: int = 30, batch_size: int = 64,
          gamma: float = 1.0, generator: torch.Generator | int = 0,
          label_smoothing: float = 0.0) -> Iterator[float]:
    lr, epochs, gamma = check_training(model, lr=lr, epochs=epochs,
                                       gamma=gamma)
    generator = as_generator(generator)
    for epoch in range(epochs):
        for rows, labels in batches(x, y, batch_size=batch_size,
                                    shuffle=True, generator=generator):
            loss = cross_entropy(model(rows), labels,
                                 label_smoothing=label_smoothing)
            loss.backward()
            # W <- W - lr dL/dW,  b <- b - lr dL/db
            for p in model.parameters():
                if p.grad is not None:
                    p.data.sub_(p.grad, alpha=lr)
                    p.grad = None
            yield loss.item()
        # lr <- gamma lr
        lr *= gamma
