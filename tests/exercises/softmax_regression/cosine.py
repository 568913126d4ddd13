"""A learning rate that follows half a cosine."""

import math
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
          cosine: bool = False) -> Iterator[float]:
    lr, epochs, gamma = check_training(model, lr=lr, epochs=epochs,
                                       gamma=gamma)
    generator = as_generator(generator)
    highest = lr
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
        if cosine:
            # lr = lr_0 / 2 (1 + cos(pi t / T))
            angle = math.pi * (epoch + 1) / epochs
            lr = highest / 2 * (1 + math.cos(angle))
        else:
            # lr <- gamma lr
            lr *= gamma
