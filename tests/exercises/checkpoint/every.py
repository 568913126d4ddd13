"""A checkpoint every few epochs, and after the last one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor

from scratch._checks import check_whole
from scratch._optimizer import Optimizer
from scratch.checkpoint import load, save
from scratch.mlp import MLP, train_with


def train(path: str | Path, optimizer: Optimizer, model: MLP,
          loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, epochs: int,
          batch_size: int | None = None,
          generator: torch.Generator | None = None,
          every: int = 1) -> Iterator[float]:
    epochs = check_whole("epochs", epochs, 0)
    # Without a generator the rows stay in order, and the file gets the
    # state of an unused one.
    saved = generator or torch.Generator()
    done = 0
    if Path(path).exists():
        done = load(path, model, optimizer, saved)
    for epoch in range(done, epochs):
        yield from train_with(optimizer, model, loss_function, x, y, 1,
                              batch_size, generator)
        done = epoch + 1
        if done % every == 0 or done == epochs:
            save(path, model, optimizer, done, saved)
