"""Checkpoints: `state_dict`, `torch.save` and `torch.load`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from torch_ref import _archive
from torch_ref._checks import check_model, check_whole
from torch_ref._optimizer import check_state
from torch_ref.mlp import MLP, train_with

FORMAT = "checkpoint by torch, version 1"


def save(path: str | Path, model: Any, optimizer: Optimizer, epoch: int,
         generator: torch.Generator) -> None:
    """Write the whole state of a training run to `path`, atomically."""
    _archive.write(path, {
        "format": FORMAT, "epoch": check_whole("epoch", epoch, 0),
        "generator": generator.get_state(),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict()})


def load(path: str | Path, model: Any, optimizer: Optimizer,
         generator: torch.Generator) -> int:
    """Restore what `save` wrote, in place, and return the epoch."""
    saved = _archive.read(path, FORMAT)
    # Whatever is wrong, it is found before anything is changed.
    try:
        epoch = check_whole("epoch", saved["epoch"], 0)
        check_model(model, saved["model"])
        random = saved["generator"]
        torch.Generator(generator.device).set_state(random)
        check_state(optimizer, saved["optimizer"])
        optimizer.load_state_dict(saved["optimizer"])
    except Exception as error:
        raise ValueError(
            f"{path}: must be a {FORMAT} of this training "
            f"({type(error).__name__}: {error})") from error
    generator.set_state(random)
    model.load_state_dict(saved["model"])
    return epoch


def train(path: str | Path, optimizer: Optimizer, model: MLP,
          loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, epochs: int,
          batch_size: int | None = None,
          generator: torch.Generator | None = None) -> Iterator[float]:
    """`mlp.train_with`, saved after every epoch and resumed from it."""
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
        save(path, model, optimizer, epoch + 1, saved)
