"""What docs/checkpoint.md computes."""

import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch import data
from scratch.checkpoint import load, train
from scratch.losses import mse_loss
from scratch.mlp import MLP, train_with
from scratch.optim import Adam

X, Y = data.parabola(100, generator=0)
EPOCHS, STOP, BATCH, LR = 20, 10, 20, 0.1
STEPS = len(X) // BATCH


class Run:
    """A net, Adam and a generator, as at the start of a process."""

    def __init__(self):
        self.model = MLP([1, 10, 1])
        self.optimizer = Adam(self.model.parameters(), lr=LR)
        self.generator = torch.Generator().manual_seed(0)

    def train(self, path, epochs):
        """Train up to that epoch, resuming from the file if it exists."""
        return list(train(path, self.optimizer, self.model, mse_loss, X,
                          Y, epochs, BATCH, self.generator))

    def go_on(self, epochs):
        """Train on from here, without a file."""
        return list(train_with(self.optimizer, self.model, mse_loss, X, Y,
                               epochs, BATCH, self.generator))

    def take(self, path, *parts):
        """Load the weights and `parts`; everything else stays new."""
        new = Run()
        load(path, self.model,
             (self if "optimizer" in parts else new).optimizer,
             (self if "generator" in parts else new).generator)


# What is loaded besides the weights.
ALL = "optimizer", "generator"
NO_OPTIMIZER, NO_GENERATOR, WEIGHTS_ONLY = ("generator",), ("optimizer",), ()


@cache
def whole(epochs=EPOCHS):
    """The losses of the run that was never stopped."""
    with tempfile.TemporaryDirectory() as folder:
        return Run().train(Path(folder, "run"), epochs)


@cache
def files():
    """The bytes of the file after each epoch."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        for epoch in range(1, EPOCHS):
            Run().train(path, epoch)
            found[epoch] = path.read_bytes()
    return found


@cache
def resumed(parts, stop=STOP, epochs=EPOCHS):
    """The losses after the stop, if only these parts are loaded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        path.write_bytes(files()[stop])
        run = Run()
        if parts == ALL:
            # As scratch.checkpoint does it.
            return run.train(path, epochs)
        run.take(path, *parts)
        return run.go_on(epochs - stop)


def picture():
    """One run, and two that were stopped and resumed."""
    figure, axes = plt.subplots()
    after = range(STEPS * STOP + 1, STEPS * EPOCHS + 1)
    axes.semilogy(range(1, STEPS * EPOCHS + 1), whole(), color="0.75",
                  lw=6, label=_("never stopped"))
    axes.semilogy(after, resumed(ALL), "--", color="C0",
                  label=_("resumed with the whole state"))
    axes.semilogy(after, resumed(WEIGHTS_ONLY), color="C1",
                  label=_("resumed with the weights only"))
    axes.axvline(STEPS * STOP + 0.5, color="0.4", lw=1,
                 label=_("stopped"))
    axes.set(xlabel=_("step"), ylabel=_("loss"), xlim=(1, STEPS * EPOCHS),
             ylim=(1e-3, 0.3))
    named(axes)


def largest_difference(parts):
    """Between the losses after the stop and those of the whole run."""
    return max(abs(a - b) for a, b in zip(
        resumed(parts), whole()[STEPS * STOP:], strict=True))


@cache
def next_step(parts):
    """How far the step after the stop moves a parameter, on average."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        path.write_bytes(files()[STOP])
        run = Run()
        run.take(path, *parts)
        before = [p.detach().clone() for p in run.model.parameters()]
        next(train_with(run.optimizer, run.model, mse_loss, X, Y, 1, BATCH,
                        run.generator))
        moved = [(p - q).abs().flatten() for p, q in zip(
            run.model.parameters(), before)]
        return torch.cat(moved).mean().item()


def size(start):
    """Bytes of the arrays in the file whose names start like this."""
    with np.load(BytesIO(files()[1])) as file:
        return sum(array.nbytes for name, array in file.items()
                   if name.startswith(start))


def stopped():
    """A run of twelve epochs, stopped after each of them."""
    epochs = 12
    run = whole(epochs)
    kinds = {_("the whole state"): ALL,
             _("without the generator"): NO_GENERATOR,
             _("the weights only"): WEIGHTS_ONLY}
    lines = {name: [] for name in kinds}
    captions = []
    for stop in range(1, epochs):
        gaps = []
        for name, parts in kinds.items():
            rest = resumed(parts, stop, epochs)
            first = STEPS * stop
            lines[name].append([
                (float(n), loss) for n, loss in enumerate(rest, first + 1)])
            gaps.append(max(abs(a - b) for a, b in zip(rest, run[first:])))
        captions.append(_(
            "stopped after epoch {n}: largest difference {a:.2g} with the "
            "whole state, {b:.2g} without the generator, {c:.2g} with the "
            "weights only").format(
                n=stop, **dict(zip("abc", gaps))))
    points = [(float(n), loss) for n, loss in enumerate(run, 1)]
    return Experiment(_("step"), _("loss"), (1.0, float(STEPS * epochs)),
                      (0.0, 0.2), captions, lines=lines,
                      points={_("never stopped"): points}, start=8)
