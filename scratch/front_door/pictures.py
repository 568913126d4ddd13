"""Pictures: what each lesson has learnt, drawn into one panel.

By hand is a broad line, by torch a thin dashed one on top of it.
"""

import math
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes

import torch_ref.mlp
from scratch import linear_regression, mlp
from scratch.front_door import lessons
from scratch.front_door.lesson import Lesson
from scratch.tensors import to_numpy

HAND: dict[str, Any] = {"lw": 5, "alpha": 0.4}
TORCH: dict[str, Any] = {"lw": 1, "ls": "--", "color": "black"}


def _both(axes: Axes, x, hand, by_torch, label: str = "by hand",
          color: str = "C0") -> None:
    axes.plot(x, hand, color=color, label=label, **HAND)
    axes.plot(x, by_torch, **TORCH)


def _line(axes: Axes, lesson: Lesson) -> None:
    hand, by_torch = lesson.runs[0].hand, lesson.runs[0].torch
    x = torch.linspace(0, 10, 2)[:, None].to(lesson.x)
    _data(axes, lesson)
    _both(axes, to_numpy(x), to_numpy(hand.model(x)),
          to_numpy(by_torch.model(x)))
    w, b = lesson.learnt(hand).values()
    axes.set(xlabel="x", ylabel="y",
             title=f"y = {w:.2f} x + {b:.2f}\n"
                   f"(made with y = 2 x + 5), {len(hand.losses)} steps")


def _kept(axes: Axes, lesson: Lesson) -> None:
    hand, by_torch = lesson.runs[0].hand, lesson.runs[0].torch
    steps = range(1, len(hand.losses) + 1)
    # matplotlib's log axis warns of more than 1e30
    _both(axes, steps, np.clip(hand.losses, 0, 1e30),
          np.clip(by_torch.losses, 0, 1e30), "kept")
    # The same start and lr, with the gradients cleared.
    model = linear_regression.LinearRegression(
        device=lesson.options.device)
    losses = list(linear_regression.train(
        model, lesson.x, lesson.y, lesson.lr, len(hand.losses)))
    axes.plot(range(1, len(losses) + 1), np.clip(losses, 0, 1e30),
              "C3.-", label="cleared")
    axes.set(yscale="log", xlabel="step", ylabel="loss",
             title=f"lr {lesson.lr:g}: gradients kept\n"
                   "in every step, or cleared")
    axes.legend(loc="upper left")


def _boundary(axes: Axes, lesson: Lesson) -> None:
    hand, by_torch = lesson.runs[0].hand, lesson.runs[0].torch
    _points(axes, lesson)
    x = torch.linspace(-5, 5, 2).to(lesson.x)
    lines = []
    for side in hand, by_torch:
        w, b = side.model.parameters()
        # w_0 x_0 + w_1 x_1 + b = 0
        lines.append(to_numpy(-(w[0, 0] * x + b) / w[0, 1]))
    _both(axes, to_numpy(x), lines[0], lines[1])
    axes.set(xlim=(-5, 5), ylim=(-5, 5),
             xlabel="$x_0$", ylabel="$x_1$",
             title=f"the boundary P = 1/2\n{_right(lesson)}")


def _curve(axes: Axes, lesson: Lesson) -> None:
    hand, by_torch = lesson.runs[0].hand, lesson.runs[0].torch
    _data(axes, lesson)
    _both(axes, to_numpy(lesson.x), to_numpy(hand.model(lesson.x)),
          to_numpy(by_torch.model(lesson.x)))
    axes.set(xlabel="x", ylabel="y",
             title="1-10-1 net, relu:\na curve of straight pieces")


def _regions(axes: Axes, lesson: Lesson) -> None:
    hand, by_torch = lesson.runs[0].hand, lesson.runs[0].torch
    axis = torch.linspace(-5, 5, 101).to(lesson.x)
    grid = torch.cartesian_prod(axis, axis)
    shape, line = (len(axis), len(axis)), to_numpy(axis)
    label = to_numpy(mlp.classify(hand.model, grid).reshape(shape).T)
    axes.contourf(line, line, label, [-0.5, 0.5, 1.5], alpha=0.3,
                  colors=["C0", "C1"])
    other = torch_ref.mlp.classify(by_torch.model, grid)
    label = to_numpy(other.reshape(shape).T)
    if label.min() < label.max():
        axes.contour(line, line, label, levels=[0.5], colors="black",
                     linewidths=1, linestyles="--")
    _points(axes, lesson)
    axes.set(xlim=(-5, 5), ylim=(-5, 5),
             xlabel="$x_0$", ylabel="$x_1$",
             title=f"2-10-2 net: the two regions\n{_right(lesson)}")


def _race(axes: Axes, lesson: Lesson) -> None:
    for i, run in enumerate(lesson.runs):
        hand = _by_epoch(run.hand.losses, lesson)
        _both(axes, range(1, len(hand) + 1), hand,
              _by_epoch(run.torch.losses, lesson), run.label, f"C{i}")
    axes.set(yscale="log", xlabel="epoch", ylabel="loss",
             title="1-20-1 net, four optimisers:\n"
                   "mean loss of an epoch")
    axes.legend(loc="upper right", ncols=2, fontsize="small")
    axes.set_ylim(top=2 * axes.get_ylim()[1])


def _loss(axes: Axes, lesson: Lesson) -> None:
    run = lesson.runs[0]
    hand = _by_epoch(run.hand.losses, lesson)
    _both(axes, range(1, len(hand) + 1), hand,
          _by_epoch(run.torch.losses, lesson))
    axes.set(yscale="log", xlabel="epoch", ylabel="loss",
             title="30-32-64-1 net: mean loss of an epoch\n"
                   f"{_right(lesson)}")


def _weights(axes: Axes, lesson: Lesson) -> None:
    w, _ = lesson.runs[0].hand.model.parameters()
    # ten images, n x n, in two rows of five
    n = math.isqrt(w.shape[1])
    mosaic = w.detach().reshape(2, 5, n, n).permute(0, 2, 1, 3)
    limit = max(w.abs().max().item(), 1e-9)
    axes.imshow(to_numpy(mosaic.reshape(2 * n, 5 * n)), cmap="RdBu_r",
                vmin=-limit, vmax=limit)
    axes.set(xticks=[n * i - 0.5 for i in range(1, 5)], xticklabels=[],
             yticks=[n - 0.5], yticklabels=[],
             title="rows 0 to 9 of W: red speaks for,\n"
                   f"blue against. Test: {_right(lesson)}")
    axes.grid(color="black")


def _data(axes: Axes, lesson: Lesson) -> None:
    axes.scatter(to_numpy(lesson.x), to_numpy(lesson.y), s=8, c="0.4")


def _points(axes: Axes, lesson: Lesson) -> None:
    for label in 0, 1:
        x = to_numpy(lesson.x[lesson.y == label])
        axes.scatter(x[:, 0], x[:, 1], s=8, color=f"C{label}")


def _right(lesson: Lesson) -> str:
    history = lesson.runs[0].hand.history
    return f"{history[-1]['accuracy']:.1%} right" if history else ""


def _by_epoch(losses: list[float], lesson: Lesson) -> list[float]:
    size = lesson.steps() // lesson.epochs
    whole = losses[:len(losses) // size * size]
    return torch.tensor(whole).reshape(-1, size).mean(dim=1).tolist()


DRAW = {
    lessons.LinearRegression: _line,
    lessons.KeptGradients: _kept,
    lessons.LogisticRegression: _boundary,
    lessons.RegressionNet: _curve,
    lessons.ClassificationNet: _regions,
    lessons.Optimizers: _race,
    lessons.BreastCancer: _loss,
    lessons.SoftmaxRegression: _weights,
}
