"""Checkpoints: `state_dict`, `torch.save`, `torch.load`."""

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
    """Restore what `save` wrote, in place; return the epoch."""
    checkpoint = _archive.read(path, FORMAT)
    # Torch would load what fits before it says what does not.
    wanted = {name: (tuple(p.shape), p.dtype)
              for name, p in model.state_dict().items()}
    given = {name: (tuple(p.shape), p.dtype)
             for name, p in checkpoint["model"].items()}
    if given != wanted:
        raise ValueError(f"{path}: wanted the parameters {wanted}, "
                         f"given {given}")
    saved = checkpoint["optimizer"]["param_groups"][0]
    if saved.keys() != optimizer.param_groups[0].keys():
        raise ValueError(f"{path}: wanted the options "
                         f"{sorted(optimizer.param_groups[0])}, given "
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
    """`mlp.train_with`, saved after every epoch, resumed if saved."""
    # In order, without a generator: then a new one is saved, unused.
    saved = generator or torch.Generator()
    done = 0
    if Path(path).exists():
        done = load(path, model, optimizer, saved)
    for epoch in range(done, epochs):
        yield from train_with(optimizer, model, loss_function, x, y, 1,
                              batch_size, generator)
        save(path, model, optimizer, epoch + 1, saved)
