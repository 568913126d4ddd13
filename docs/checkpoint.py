"""What docs/checkpoint.md computes."""

import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch

from docs.site.experiment import Experiment
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
    """A net, Adam and a generator, as a process begins with them."""

    def __init__(self):
        self.model = MLP([1, 10, 1])
        self.optimizer = Adam(self.model.parameters(), lr=LR)
        self.generator = torch.Generator().manual_seed(0)

    def train(self, path, epochs):
        """Saved after each epoch, from the file if it is there."""
        return list(train(path, self.optimizer, self.model, mse_loss, X,
                          Y, epochs, BATCH, self.generator))

    def go_on(self, epochs):
        """From where it stands, without a file."""
        return list(train_with(self.optimizer, self.model, mse_loss, X, Y,
                               epochs, BATCH, self.generator))

    def take(self, path, *parts):
        """Load the file; what is not in `parts` stays new."""
        new = Run()
        load(path, self.model,
             (self if "optimizer" in parts else new).optimizer,
             (self if "generator" in parts else new).generator)


ALL = "optimizer", "generator"


@cache
def whole(epochs=EPOCHS):
    """The losses of the run that nobody stopped."""
    with tempfile.TemporaryDirectory() as folder:
        return Run().train(Path(folder, "run"), epochs)


@cache
def files():
    """What the file holds after each epoch."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        for epoch in range(1, EPOCHS):
            Run().train(path, epoch)
            found[epoch] = path.read_bytes()
    return found


@cache
def resumed(parts, stop=STOP, epochs=EPOCHS):
    """The losses after the stop, with these parts of the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        path.write_bytes(files()[stop])
        run = Run()
        if parts == ALL:
            # scratch.checkpoint's own way
            return run.train(path, epochs)
        run.take(path, *parts)
        return run.go_on(epochs - stop)


def picture():
    """One run, and two that were stopped and taken up again."""
    figure, axes = plt.subplots()
    after = range(STEPS * STOP + 1, STEPS * EPOCHS + 1)
    axes.semilogy(range(1, STEPS * EPOCHS + 1), whole(), color="0.75",
                  lw=6, label="never stopped")
    axes.semilogy(after, resumed(ALL), "--", color="C0",
                  label="resumed with the whole state")
    axes.semilogy(after, resumed(()), color="C1",
                  label="resumed with the weights only")
    axes.axvline(STEPS * STOP + 0.5, color="0.4", lw=1)
    axes.set(xlabel="step", ylabel="loss", xlim=(1, STEPS * EPOCHS))
    axes.legend(loc="upper left", bbox_to_anchor=(0.09, 1), fontsize=10)


def largest_difference(parts):
    """Between the losses after the stop and those of the whole run."""
    return max(abs(a - b) for a, b in zip(
        resumed(parts), whole()[STEPS * STOP:], strict=True))


def difference_all():
    """With all that the file has."""
    return largest_difference(ALL)


def difference_order():
    """Without the generator's state."""
    return largest_difference(("optimizer",))


def highest_whole():
    """Highest loss after the stop, of the run that nobody stopped."""
    return max(whole()[STEPS * STOP:])


def highest_weights():
    """And with the weights only."""
    return max(resumed(()))


def highest_order():
    """And without the generator's state."""
    return max(resumed(("optimizer",)))


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


def old_adam():
    """With the moments of the file."""
    return next_step(ALL)


def new_adam():
    """With an optimiser that begins at 0."""
    return next_step(("generator",))


@cache
def sizes():
    """Bytes of the parameters, of Adam's state, of the generator's."""
    with np.load(BytesIO(files()[1])) as file:
        arrays = dict(file)

    def total(start):
        return sum(array.nbytes for name, array in arrays.items()
                   if name.startswith(start))

    return total("parameter."), total("state."), total("generator")


def parameter_bytes():
    """Of the parameters."""
    return sizes()[0]


def state_bytes():
    """Of Adam's state."""
    return sizes()[1]


def generator_bytes():
    """Of the generator's state."""
    return sizes()[2]


def stopped():
    """Twelve epochs, stopped after each of them."""
    epochs = 12
    run = whole(epochs)
    kinds = {_("the whole state"): ALL,
             _("without the generator"): ("optimizer",),
             _("the weights only"): ()}
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
