"""What all lessons share: data, two sides, one run or several."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

import scratch
import torch_ref
from scratch.front_door.lockstep import Run, Side


@dataclass
class Options:
    """What the command line may change. None: as the lesson has it."""

    seed: int = 0
    epochs: int | None = None
    lr: float | None = None
    device: str = "cpu"
    data: str = "digits"
    data_dir: Path = Path("data")
    backprop: bool = False


class Lesson:
    """A line of the table: data, two sides, one run or several."""

    name: str
    lr: float
    epochs: int
    batch_size: int | None = None
    # of --data, in the one lesson that it concerns
    source: str | None = None
    labels: tuple[str, ...] = ("",)

    def __init__(self, options: Options):
        self.options = options
        self.lr = options.lr or self.lr
        self.epochs = options.epochs or self.epochs
        self.x, self.y = (table.to(options.device)
                          for table in self.data(options.seed))
        self.runs = [Run(label, self.side(scratch, label),
                         self.side(torch_ref, label), self.look_every())
                     for label in self.labels]

    def data(self, seed: int) -> tuple[Tensor, Tensor]:
        """The table x and the column y, the same for both sides."""
        raise NotImplementedError

    def side(self, wing: ModuleType, label: str) -> Side:
        """The model and its training, by one wing."""
        raise NotImplementedError

    def learnt(self, side: Side) -> dict[str, float]:
        """What is worth a line of print, if anything."""
        return {}

    def look_every(self) -> int:
        """Evaluate after so many steps; 0: when the run is over."""
        return 0

    def steps(self) -> int:
        """How many steps one run takes, at the most."""
        size = self.batch_size or len(self.x)
        return self.epochs * -(-len(self.x) // size)

    def generator(self) -> torch.Generator:
        """A new one for each side: both draw the same."""
        return torch.Generator().manual_seed(self.options.seed)

    def accuracy(self, wing: ModuleType, topic: Any,
                 model: Any) -> Callable[[], dict[str, float]]:
        """How to evaluate a model: the share of labels it has right."""
        return lambda: {"accuracy": wing.losses.accuracy(
            topic.classify(model, self.x), self.y)}

    def net(self, wing: ModuleType, widths: list[int]) -> Any:
        """A net of these widths, started from the seed."""
        return wing.mlp.MLP(widths, self.options.seed,
                            self.options.device)

    def by_backprop(self, wing: ModuleType, topic: str, model: Any,
                    y: Tensor, **recipe: Any) -> Iterator[float] | None:
        """With --backprop: the training by gradients written out."""
        if not self.options.backprop:
            return None
        gradients = getattr(wing.backprop, f"{topic}_gradients")
        return wing.backprop.train(
            model, gradients, self.x, y, self.lr, self.epochs,
            self.batch_size, **recipe)

    def column(self) -> Tensor:
        """Labels (n,) as the target (n, 1) of one output."""
        return self.y[:, None].to(self.x.dtype)
