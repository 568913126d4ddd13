"""Convolution at work: a small net for digits, or kinds of clothes.

Two recipes train the same net: `lecture` is the tutorial's, `fast`
makes fewer errors in less time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import torch
from torch import Tensor

from scratch._checks import (check_finite, check_number, check_rows,
                             check_whole)
from scratch._mode import evaluating
from scratch._net import Net, layer
from scratch._scheduler import LRScheduler
from scratch._state import restore, saved
from scratch._windows import check_size
from scratch.activations import relu
from scratch.convolution import conv2d, flatten, max_pool2d
from scratch.data import as_generator
from scratch.losses import accuracy, cross_entropy
from scratch.lr_scheduler import ExponentialLR, OneCycleLR
from scratch.optim import Adam


class CNN(Net):
    """Convolution, max-pooling and relu, twice; then a linear layer.

    The net sees images of `size` rows and columns, at least 4, with
    pixels in [0, 1], as (x - mean) / std. `channels` are the outputs of
    the two convolutions, with filters of 5 x 5. A weight or bias is
    drawn from U(-1/sqrt(m), 1/sqrt(m)), where an output has m inputs.
    norm "batch": a `BatchNorm` after each convolution. dropout: the p
    of a `Dropout` before the linear layer, drawn from `generator`, too.
    Raises TypeError or ValueError for anything else.
    """

    def __init__(self, mean: float = 0.0, std: float = 1.0,
                 generator: torch.Generator | int = 0,
                 channels: tuple[int, int] = (16, 32), size: int = 28,
                 device: torch.device | str = "cpu",
                 norm: str | None = None, dropout: float = 0.0):
        if norm not in (None, "batch"):
            raise ValueError(f"norm must be None or batch, got {norm}")
        self.pixels = (
            torch.tensor(check_finite("mean", mean), device=device),
            torch.tensor(check_number("std", std, 0), device=device))
        a, b = (check_whole("channels", c, 1) for c in channels)
        self.size = check_whole("size", size, 4)
        generator = as_generator(generator)
        super().__init__(norm, (a, b), dropout, generator, device)
        self.conv1 = layer([a, 1, 5, 5], generator, device)
        self.conv2 = layer([b, a, 5, 5], generator, device)
        # Each pooling halves the rows and columns.
        self.linear = layer([10, b * (self.size // 4) ** 2],
                            generator, device)

    def __call__(self, x: Tensor) -> Tensor:
        """Logits (n, 10) of images (n, 1, size, size).

        relu comes after pooling: the same from a quarter of the
        numbers.
        """
        check_size(x, self.size)
        mean, std = self.pixels
        x = (x - mean) / std
        # from (n, 1, 28, 28) to (n, 16, 14, 14), then (n, 32, 7, 7)
        for i, conv in enumerate((self.conv1, self.conv2)):
            x = conv2d(x, *conv, padding=2)
            if self.norms:
                x = self.norms[i](x)
            x = relu(max_pool2d(x, 2))
        weight, bias = self.linear
        return self.drop(flatten(x)) @ weight.T + bias

    def parameters(self) -> list[Tensor]:
        """The raw tensors: each layer's weight, then its bias.

        Those of the norms follow.
        """
        return [*self.conv1, *self.conv2, *self.linear, *(
            p for norm in self.norms for p in norm.parameters())]


@dataclass(frozen=True)
class Recipe:
    """The settings for training with Adam.

    One cycle of the learning rate:
    Smith (2018), https://arxiv.org/abs/1803.09820
    Label smoothing:
    Szegedy et al. (2016), https://arxiv.org/abs/1512.00567
    """

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
    # torch's faster kernels: by hand there are none
    accelerate: bool = False


RECIPES = {
    "lecture": Recipe(batch_size=50, lr=1e-3),
    "fast": Recipe(batch_size=128, lr=1e-2, betas=(0.7, 0.9),
                   label_smoothing=0.1, one_cycle=True, normalise=True,
                   crop=True, accelerate=True),
}


class Training:
    """Train by a recipe, step by step: `for loss in Training(...)`.

    x (n, 1, size, size) and y (n,) stay on their device. A batch
    selects rows of them; `seed` decides their order, a new one in each
    epoch. The loss is the mean over the batch, a scalar tensor. By hand
    there is one process, and no bfloat16: `bf16` raises ValueError.
    """

    def __init__(self, model: CNN, x: Tensor, y: Tensor, recipe: Recipe,
                 epochs: int = 1, seed: int = 0, bf16: bool = False):
        self.model, self.x, self.y, self.recipe = model, x, y, recipe
        self._seed, self.bf16, self.step = seed, bf16, 0
        if bf16:
            raise ValueError("bf16 must be False by hand, got True")
        check_rows(x, y)
        size = check_whole("batch_size", recipe.batch_size, 1)
        self.epochs = check_whole("epochs", epochs, 1)
        self.steps = self.epochs * ceil(len(x) / size)
        self.optimizer = Adam(model.parameters(), recipe.lr,
                              recipe.betas)
        # The cycle of 1 step would be its end, with lr / 250000; of 2
        # or 3 it would begin near the peak. With gamma = 1 lr stays.
        self.scheduler: LRScheduler = OneCycleLR(
            self.optimizer, recipe.lr, max(self.steps, 4)
        ) if recipe.one_cycle else ExponentialLR(self.optimizer, 1)

    def __iter__(self) -> Iterator[Tensor]:
        per_epoch = self.steps // self.epochs
        generator = as_generator(self._seed)
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
        x = self.x.index_select(0, rows)
        y = self.y.index_select(0, rows)
        loss = cross_entropy(
            self.model(x), y,
            label_smoothing=self.recipe.label_smoothing)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.scheduler.step()
        return loss.detach()

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
