"""Convolution at work: `nn.Conv2d` and torch's own Adam.

Several processes, a GPU and bfloat16 are by torch only.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import skip_init
from torch.optim.lr_scheduler import ConstantLR, LRScheduler, OneCycleLR

from torch_ref._checks import (check_finite, check_number, check_rows,
                               check_whole)
from torch_ref._net import evaluating
from torch_ref._state import restore, saved
from torch_ref._windows import check_size
from torch_ref.data import as_generator
from torch_ref.dropout import Dropout
from torch_ref.losses import accuracy
from torch_ref.normalization import BatchNorm


class CNN(nn.Module):
    """Convolution, max-pooling and relu, twice; then a linear layer."""

    def __init__(self, mean: float = 0.0, std: float = 1.0,
                 generator: torch.Generator | int = 0,
                 channels: tuple[int, int] = (16, 32), size: int = 28,
                 device: torch.device | str = "cpu",
                 norm: str | None = None, dropout: float = 0.0):
        super().__init__()
        if norm not in (None, "batch"):
            raise ValueError(f"norm must be None or batch, got {norm}")
        # Buffers are saved with the weights, but not trained.
        self.mean = nn.Buffer(torch.tensor(check_finite("mean", mean)))
        self.std = nn.Buffer(torch.tensor(check_number("std", std, 0)))
        a, b = (check_whole("channels", c, 1) for c in channels)
        self.size = check_whole("size", size, 4)
        generator = as_generator(generator)
        # Torch's own start is drawn from the global generator.
        self.conv1 = skip_init(nn.Conv2d, 1, a, 5, padding=2)
        self.conv2 = skip_init(nn.Conv2d, a, b, 5, padding=2)
        self.linear = skip_init(nn.Linear, b * (self.size // 4) ** 2,
                                10)
        self.norms = nn.ModuleList(BatchNorm(c) for c in (a, b) if norm)
        self.drop = Dropout(dropout, generator)
        for layer in self.conv1, self.conv2, self.linear:
            bound = 1 / layer.weight[0].numel() ** 0.5
            for p in layer.parameters():
                nn.init.uniform_(p, -bound, bound, generator)
        self.to(device)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, 10) of images (n, 1, size, size)."""
        check_size(x, self.size)
        x = (x - self.mean) / self.std
        # from (n, 1, 28, 28) to (n, 16, 14, 14), then (n, 32, 7, 7)
        for i, conv in enumerate((self.conv1, self.conv2)):
            x = conv(x)
            if self.norms:
                x = self.norms[i](x)
            x = F.relu(F.max_pool2d(x, 2))
        return self.linear(self.drop(x.flatten(1)))


@dataclass(frozen=True)
class Recipe:
    """The settings for training with Adam."""

    batch_size: int
    lr: float
    betas: tuple[float, float] = (0.9, 0.999)
    label_smoothing: float = 0.0
    # lr rises from lr / 25 to lr, then falls to almost 0; a training
    # of fewer than 4 steps takes the first of 4
    one_cycle: bool = False
    # the net sees pixels with mean 0 and std 1
    normalise: bool = False
    # the net does not see the frame around the digits of MNIST
    crop: bool = False
    # faster kernels and number formats, which only round differently
    accelerate: bool = False


RECIPES = {
    "lecture": Recipe(batch_size=50, lr=1e-3),
    "fast": Recipe(batch_size=128, lr=1e-2, betas=(0.7, 0.9),
                   label_smoothing=0.1, one_cycle=True, normalise=True,
                   crop=True, accelerate=True),
}


class Training:
    """Train by a recipe, step by step: `for loss in Training(...)`.

    The loss is a tensor: `.item()` would wait for the GPU. With `bf16`
    layers compute in bfloat16. Of `world` processes, each takes every
    world-th row of a batch; all yield the loss of the batch.
    """

    def __init__(self, model: CNN, x: Tensor, y: Tensor, recipe: Recipe,
                 epochs: int = 1, seed: int = 0, bf16: bool = False):
        self.model, self.x, self.y, self.recipe = model, x, y, recipe
        self.seed, self.bf16, self.step = seed, bf16, 0
        check_rows(x, y)
        # F.cross_entropy takes bytes for labels.
        if y.dtype != torch.int64:
            raise RuntimeError("target must have dtype torch.int64, "
                               f"got {y.dtype}")
        size = check_whole("batch_size", recipe.batch_size, 1)
        self.epochs = check_whole("epochs", epochs, 1)
        self.steps = self.epochs * math.ceil(len(x) / size)
        self.rank, self.world = 0, 1
        if recipe.accelerate:
            model.to(memory_format=torch.channels_last)
        self.parallel: nn.Module = model
        if dist.is_initialized():
            self.rank = dist.get_rank()
            self.world = dist.get_world_size()
            # Each process would normalise its own rows.
            if self.world > 1 and len(model.norms):
                raise ValueError("norm must be None in a group of "
                                 f"{self.world} processes")
            self.parallel = DistributedDataParallel(model)
        self.optimizer = torch.optim.Adam(
            model.parameters(), recipe.lr, recipe.betas,
            fused=recipe.accelerate)
        # The cycle of 1 step would be its end, with lr / 250000; of 2
        # or 3 it would begin near the peak.
        self.scheduler: LRScheduler = OneCycleLR(
            self.optimizer, recipe.lr, max(self.steps, 4),
            cycle_momentum=False
        ) if recipe.one_cycle else ConstantLR(self.optimizer, factor=1)

    def __iter__(self) -> Iterator[Tensor]:
        per_epoch = self.steps // self.epochs
        generator = as_generator(self.seed)
        for epoch in range(self.epochs):
            order = torch.randperm(len(self.x), generator=generator)
            batches = order.to(self.x.device).split(
                self.recipe.batch_size)
            # A resumed run skips the steps that it has already taken.
            for rows in batches[self.step - epoch * per_epoch:]:
                loss = self._advance(rows)
                self.step += 1
                yield loss

    def _advance(self, rows: Tensor) -> Tensor:
        own = rows[self.rank::self.world]
        x, y = self.x.index_select(0, own), self.y.index_select(0, own)
        with torch.autocast(x.device.type, torch.bfloat16, self.bf16):
            logits = self.parallel(x)
        # Logits may be bfloat16, the loss is not. A process has a
        # share of the batch's mean: the sum of the shares is the mean.
        loss = F.cross_entropy(
            logits.to(x.dtype), y, reduction="sum",
            label_smoothing=self.recipe.label_smoothing) / len(rows)
        # DDP takes the mean over the processes, of gradients.
        (loss * self.world).backward()
        loss = loss.detach()
        if self.world > 1:
            dist.all_reduce(loss)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.scheduler.step()
        return loss

    def state_dict(self) -> dict[str, Any]:
        """Model, optimiser, schedule, and the number of steps taken."""
        return saved(self)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Resume from a state of the same net, recipe and data.

        Raises an exception, and changes nothing, for any other.
        """
        restore(self, state)


def classify(model: CNN, x: Tensor) -> Tensor:
    """Labels (n,), int64: the largest logit, in evaluation mode."""
    with evaluating(model), torch.inference_mode():
        # 250 at a time: more would not fit into a CPU's cache.
        return torch.cat([model(part).argmax(dim=1)
                          for part in x.split(250)])


def evaluate(model: CNN, x: Tensor, y: Tensor) -> float:
    """Accuracy: the fraction of images classified correctly."""
    return accuracy(classify(model, x), y)
