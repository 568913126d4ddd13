"""Checkpoints: `state_dict`, `torch.save` and `torch.load`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from torch_ref import _archive
from torch_ref.mlp import MLP, train_with

FORMAT = "checkpoint by torch, version 1"


def save(path: str | Path, model: Any, optimizer: Optimizer, epoch: int,
         generator: torch.Generator) -> None:
    """Write the whole state of a training run to `path`, atomically."""
    _archive.write(path, {
        "format": FORMAT, "epoch": epoch,
        "generator": generator.get_state(),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict()})


def load(path: str | Path, model: Any, optimizer: Optimizer,
         generator: torch.Generator) -> int:
    """Restore what `save` wrote, in place, and return the epoch."""
    checkpoint = _archive.read(path, FORMAT)
    # Torch loads all that fits before it reports what does not.
    expected = {name: (tuple(p.shape), p.dtype)
                for name, p in model.state_dict().items()}
    found = {name: (tuple(p.shape), p.dtype)
             for name, p in checkpoint["model"].items()}
    if found != expected:
        raise ValueError(f"{path}: the parameters must be {expected}, "
                         f"got {found}")
    saved = checkpoint["optimizer"]["param_groups"][0]
    if saved.keys() != optimizer.param_groups[0].keys():
        raise ValueError(f"{path}: the options must be "
                         f"{sorted(optimizer.param_groups[0])}, got "
                         f"{sorted(saved)}")
    optimizer.load_state_dict(checkpoint["optimizer"])
    generator.set_state(checkpoint["generator"])
    model.load_state_dict(checkpoint["model"])
    return checkpoint["epoch"]


def train(path: str | Path, optimizer: Optimizer, model: MLP,
          loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, epochs: int,
          batch_size: int | None = None,
          generator: torch.Generator | None = None) -> Iterator[float]:
    """`mlp.train_with`, saved after every epoch and resumed from it."""
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
