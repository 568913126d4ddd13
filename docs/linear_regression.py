"""The numbers and pictures of docs/linear_regression.md."""

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch.data import line
from scratch.linear_regression import LinearRegression, train

X, Y = line(20, generator=0)
# The tutorial's learning rate, and the lesson's.
TUTORIAL, LESSON = 0.1, 0.02


def run(lr, steps, keep_gradients=False, stop=1.0):
    """The loss of each step, and w and b before it and at the end."""
    model, losses, path = LinearRegression(), [], [(0.0, 0.0)]
    for loss in train(model, X, Y, lr, steps, stop, keep_gradients):
        losses.append(loss)
        path.append(tuple(p.item() for p in model.parameters()))
    return losses, path


def picture():
    """The line at four steps; the loss of three trainings."""
    figure, (left, right) = plt.subplots(1, 2)
    losses, path = run(LESSON, 1000)
    left.plot(X, Y, "o", color="0.4")
    for step, style in (0, ":"), (1, "-."), (5, "--"), (len(losses), "-"):
        w, b = path[min(step, len(path) - 1)]
        left.plot([0, 10], [b, b + 10 * w], style,
                  label=_("step {n}").format(n=step))
    left.set(xlabel="x", ylabel="y")
    for lr, keep, label in ((LESSON, False, _("lr 0.02, cleared")),
                            (TUTORIAL, False, _("lr 0.1, cleared")),
                            (TUTORIAL, True, _("lr 0.1, never cleared"))):
        losses = run(lr, 12, keep)[0]
        right.semilogy(range(1, 13), losses, "-o", ms=3, label=label)
    right.set(xlabel=_("step"), ylabel=_("loss"))
    named(left, right)


def curvature():
    """Largest eigenvalue of X^T X / n for the lesson's 20 points."""
    rows = torch.cat([X, torch.ones_like(X)], dim=1)
    return torch.linalg.eigvalsh(rows.T @ rows / len(rows))[-1].item()


def curvature_on_paper():
    """Its expectation: the means of x^2, x and 1 for x in [0, 10)."""
    means = torch.tensor([[100 / 3, 5.0], [5.0, 1.0]])
    return torch.linalg.eigvalsh(means)[-1].item()


def steps():
    """The number of steps that the lesson takes."""
    return len(run(LESSON, 1000)[0])


def turning():
    """The line at each step of the lesson."""
    losses, path = run(LESSON, 60)
    frames = [[(0.0, b), (10.0, b + 10 * w)] for w, b in path[:-1]]
    captions = [
        _("step {n}: w = {w:.2f}, b = {b:.2f}, loss {loss:.2f}").format(
            n=n + 1, w=w, b=b, loss=loss)
        for n, ((w, b), loss) in enumerate(zip(path, losses))]
    points = [(x, y) for (x,), (y,) in zip(X.tolist(), Y.tolist())]
    return Experiment("x", "y", (0.0, 10.0), (0.0, 34.0), captions,
                      lines={_("the line"): frames},
                      points={_("the points"): points}, start=3)


def edge():
    """24 steps at each learning rate, up to and past both limits."""
    rates = [0.01 * i for i in range(1, 18)]
    frames: dict = {_("cleared"): [], _("never cleared"): []}
    captions = []
    for lr in rates:
        ends = []
        for keep, name in zip((False, True), frames):
            losses, _path = run(lr, 24, keep, -1.0)
            frames[name].append(
                [(float(n), loss) for n, loss in enumerate(losses, 1)])
            ends.append(losses[-1])
        captions.append(_(
            "lr {lr:.2f}: after 24 steps the loss is {a:.3g} if the "
            "gradients are cleared, {b:.3g} if not").format(
                lr=lr, a=ends[0], b=ends[1]))
    return Experiment(_("step"), _("loss"), (1.0, 24.0), (0.0, 200.0),
                      captions, lines=frames, start=4)
