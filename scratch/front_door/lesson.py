"""What all lessons share: data, two sides, the parts of a picture."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from scratch.autograd import Value
from scratch.front_door.gap import Run, Side
from scratch.tensors import to_numpy


class Wing:
    """`wing.losses` is `scratch.losses`, or `torch_ref.losses`."""

    def __init__(self, name: str):
        self.name = name

    def __getattr__(self, topic: str) -> Any:
        return import_module(f"{self.name}.{topic}")


WINGS = HAND, TORCH = Wing("scratch"), Wing("torch_ref")


@dataclass
class Options:
    """What the command line can change. None: the lesson's value."""

    seed: int = 0
    epochs: int | None = None
    lr: float | None = None
    device: str = "cpu"
    data: str = "digits"
    data_dir: Path = Path("data")
    backprop: bool = False
    autograd: bool = False


class Lesson:
    """A line of the table: data, two sides, one run or several."""

    # its name on the command line, and its topic
    name: str
    topic: str
    # whether --backprop and --autograd train it, and it reads --data
    backprop = False
    images = False
    # whether the two sides stay together in float32
    float32 = True
    lr: float
    epochs: int
    batch_size: int | None = None
    # the choice of --data, if the lesson reads it
    source: str | None = None
    labels: tuple[str, ...] = ("",)

    def __init__(self, options: Options):
        self.options = options
        self.lr = options.lr or self.lr
        self.epochs = options.epochs or self.epochs
        self.x, self.y = (table.to(options.device)
                          for table in self.data(options.seed))
        self.runs = [Run(label, self.side(HAND, label),
                         self.side(TORCH, label), self.look_every())
                     for label in self.labels]

    def data(self, seed: int) -> tuple[Tensor, Tensor]:
        """The table x and the column y, the same for both sides."""
        raise NotImplementedError

    def side(self, wing: Wing, label: str) -> Side:
        """The model and its training, by one wing."""
        raise NotImplementedError

    def draw(self, axes: Any) -> None:
        """Draw what the model has learnt so far into one panel.

        Unless a lesson has a picture of its own: its loss.
        """
        for i, run in enumerate(self.runs):
            both(axes, range(1, len(run.gaps) + 1),
                 run.hand.losses[:len(run.gaps)],
                 run.torch.losses[:len(run.gaps)], run.label, f"C{i}")
        axes.set(xlabel="step", ylabel="loss")

    def learnt(self, side: Side) -> dict[str, float]:
        """Numbers to print below the table, if any."""
        return {}

    def look_every(self) -> int:
        """Steps between evaluations; 0: only at the end."""
        return 0

    def steps(self) -> int:
        """The number of steps of one run, at most."""
        size = self.batch_size or len(self.x)
        return self.epochs * -(-len(self.x) // size)

    def generator(self) -> torch.Generator:
        """A new one for each side, so that both draw the same."""
        return torch.Generator().manual_seed(self.options.seed)

    def accuracy(self, wing: Wing, topic: Any,
                 model: Any) -> Callable[[], dict[str, float]]:
        """A function that measures accuracy on the training set."""
        return lambda: {"accuracy": wing.losses.accuracy(
            topic.classify(model, self.x), self.y)}

    def net(self, wing: Wing, widths: list[int]) -> Any:
        """A net of these widths, initialised from the seed."""
        return self.ready(wing, wing.mlp.MLP(
            widths, self.options.seed, self.options.device))

    def ready(self, wing: Wing, model: Any) -> Any:
        """The model. With --autograd, by hand, of Values."""
        if self.options.autograd and wing is HAND:
            for name, part in vars(model).items():
                setattr(model, name, _values(part))
        return model

    def by_backprop(self, wing: Wing, topic: str, model: Any,
                    y: Tensor, **recipe: Any) -> Iterator[float] | None:
        """With --backprop: the training with gradients written out."""
        if not self.options.backprop:
            return None
        gradients = getattr(wing.backprop, f"{topic}_gradients")
        return wing.backprop.train(
            model, gradients, self.x, y, self.lr, self.epochs,
            self.batch_size, **recipe)

    def column(self) -> Tensor:
        """Labels (n,) as the target (n, 1) of a single output."""
        return self.y[:, None].to(self.x.dtype)


def _values(part: Any) -> Any:
    """Values instead of the tensors in lists of lists."""
    if isinstance(part, list | tuple):
        return type(part)(map(_values, part))
    return Value(part) if isinstance(part, Tensor) else part


# By hand is a broad line, by torch a thin dashed one on top of it.
BROAD: dict[str, Any] = {"lw": 5, "alpha": 0.4}
DASHED: dict[str, Any] = {"lw": 1, "ls": "--", "color": "black"}


def both(axes: Any, x: Any, hand: Any, by_torch: Any,
         label: str = "by hand", color: str = "C0") -> None:
    """Draw the curves of the two sides over the same x."""
    axes.plot(x, hand, color=color, label=label, **BROAD)
    axes.plot(x, by_torch, **DASHED)


def scatter(axes: Any, lesson: Lesson) -> None:
    """Draw the points (x, y)."""
    axes.scatter(to_numpy(lesson.x), to_numpy(lesson.y), s=8, c="0.4")


def scatter_labels(axes: Any, lesson: Lesson) -> None:
    """Draw points in the plane, coloured by their label, 0 or 1."""
    for label in 0, 1:
        x = to_numpy(lesson.x[lesson.y == label])
        axes.scatter(x[:, 0], x[:, 1], s=8, color=f"C{label}")


def correct(lesson: Lesson) -> str:
    """The accuracy by hand, once it is measured."""
    history = lesson.runs[0].hand.history
    return f"{history[-1]['accuracy']:.1%} correct" if history else ""


def by_epoch(losses: list[float], lesson: Lesson) -> list[float]:
    """The mean loss of each complete epoch."""
    size = lesson.steps() // lesson.epochs
    whole = losses[:len(losses) // size * size]
    return torch.tensor(whole).reshape(-1, size).mean(dim=1).tolist()
