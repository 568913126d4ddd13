"""The numbers and pictures of docs/tutorials.md.

Each section of the page has its own, for the tutorials A to E.
"""

import re
from functools import cache
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt
import torch
from sklearn.linear_model import LogisticRegression as ByScikitLearn

from docs.linear_regression import TUTORIAL
from docs.logistic_regression import SEEDS, coins, spread  # noqa: F401
from docs.site.picture import named
from docs.site.words import _
from scratch import data
from scratch.activations import sigmoid, softmax
from scratch.linear_regression import LinearRegression
from scratch.linear_regression import train as fit_line
from scratch.losses import (accuracy, binary_cross_entropy_with_logits,
                            mse_loss)
from scratch.mlp import MLP, classify
from scratch.optim import SGD, Adam, RMSprop
from scratch.tensors import to_numpy

# A: random labels, and a column against a row.

# Four predictions, with their labels.
PREDICTIONS, ANSWERS = (0.9, 0.2, 0.8, 0.1), (1, 0, 1, 0)


def table():
    """Four predictions, (4, 1), minus four labels, (4,): 16 numbers."""
    return torch.tensor(PREDICTIONS)[:, None] - torch.tensor(ANSWERS)


def squared(broadcast):
    """The mean squared error, of 16 pairs or of the right four."""
    errors = table() if broadcast else table().diagonal()
    return (errors * errors).mean().item()


def picture_a():
    """Left, the 16 differences; right, accuracy on random labels."""
    figure, (left, right) = plt.subplots(1, 2)
    left.imshow(table().abs(), cmap="Oranges", vmin=0, vmax=1.4)
    for (i, j), value in zip(
            torch.cartesian_prod(torch.arange(4), torch.arange(4)).tolist(),
            table().flatten().tolist()):
        left.text(j, i, f"{value:.1f}", ha="center", va="center",
                  weight="bold" if i == j else "normal")
        if i == j:
            left.add_patch(plt.Rectangle((j - 0.5, i - 0.5), 1, 1,
                                         fill=False, lw=2.5))
    left.set(xticks=range(4), xticklabels=ANSWERS, xlabel=_("label"),
             yticks=range(4), yticklabels=PREDICTIONS,
             ylabel=_("prediction"),
             title=_("prediction minus label;\nframed: its own label"))
    for column, name, at in ((0, _("the 200 points"), 1),
                             (1, _("new points"), 0)):
        found = coins()[:, column]
        heights = at + torch.linspace(-0.3, 0.3, len(found))
        right.plot(found, heights, "o", ms=4, color=f"C{1 - at}")
        right.text(0.505, at + 0.4, name)
    right.axvline(0.5, color="0.4", lw=1)
    right.set(yticks=[], ylim=(-0.5, 1.7), xlim=(0.47, 0.63),
              xlabel=_("accuracy"),
              title=_("random labels, {n} seeds").format(n=SEEDS))
    right.spines["left"].set_visible(False)


# B: gradients that are never cleared.

OTHER_SEEDS = range(1, 10)


@cache
def kept(seed, steps=1000, stop=1.0, lr=TUTORIAL, keep=True):
    """The losses of a loop, on the 20 points of a seed."""
    x, y = data.line(20, generator=seed)
    return tuple(fit_line(LinearRegression(), x, y, lr, steps, stop, keep))


def ends():
    """After how many steps the loop ends, for each seed that ends."""
    counts = [len(kept(seed)) for seed in OTHER_SEEDS]
    return [count for count in counts if count < 1000]


def picture_b():
    """The loss of two loops, and where B's loop stops."""
    figure, axes = plt.subplots()
    stop = len(kept(0))
    axes.semilogy(range(1, 81), kept(0, 80, -1.0), "-o", ms=3, color="C1",
                  label=_("never cleared, lr 0.1"))
    axes.semilogy(range(1, 81), kept(0, 80, -1.0, 0.02, False), color="C0",
                  label=_("cleared, lr 0.02"))
    axes.axhline(1, color="0.4", lw=1, ls="--")
    axes.text(80, 0.8, _("loss 1: the loop stops"), ha="right", va="top")
    axes.plot(stop, kept(0)[-1], "k*", ms=14)
    axes.annotate(_("step {n}").format(n=stop), (stop, kept(0)[-1]),
                  (stop + 4, 0.2))
    axes.set(xlabel=_("step"), ylabel=_("loss"), ylim=(0.1, 5e3))
    named(axes)


# C: what is logistic, and where the time goes.


def loading():
    """How much of an epoch is loading, from the table of docs/speed.md."""
    page = Path(__file__).with_name("speed.md").read_text()
    share, = re.findall(r"^\| the batches of an epoch of softmax regression "
                        r".*\| ([\d.]+) \|$", page, re.M)
    return float(share)


def two_classes():
    """Softmax of (0, z) against sigmoid(z): the largest difference."""
    z = torch.linspace(-20, 20, 401)
    pair = torch.stack([torch.zeros_like(z), z], dim=1)
    return (softmax(pair, dim=1)[:, 1] - sigmoid(z)).abs().max().item()


# D: a race from four starts.

NETS = 10
# The lesson's four.
RUNNERS = {
    "SGD": lambda params: SGD(params, 0.01),
    "momentum": lambda params: SGD(params, 0.01, momentum=0.8),
    "RMSprop": lambda params: RMSprop(params, 0.01, alpha=0.9),
    "Adam": lambda params: Adam(params, 0.01, betas=(0.9, 0.99)),
}


def together(widths, make, loss, x, y, epochs, size, generator=None):
    """Train a net from each seed, all in one stack: return the nets.

    x (nets, n, inputs) and y (nets, n, outputs) are their rows. An
    optimiser works element-wise, so each net is trained as if alone.
    """
    nets = [MLP(widths, generator=seed) for seed in range(len(x))]
    stacks = [torch.stack(same).detach().to(x.dtype).requires_grad_()
              for same in zip(*(net.parameters() for net in nets))]
    optimizer = make(stacks)
    for _epoch in range(epochs):
        for rows, in data.batches(
                torch.arange(x.shape[1]), batch_size=size,
                generator=generator, shuffle=generator is not None):
            *hidden, (w, b) = zip(stacks[::2], stacks[1::2])
            h = x[:, rows]
            for v, c in hidden:
                # three times as fast as our relu
                h = torch.baddbmm(c[:, None], h, v.mT).clamp(min=0)
            h = torch.baddbmm(b[:, None], h, w.mT)
            # The sum of the mean losses: each net has its own gradient.
            (len(nets) * loss(h, y[:, rows])).backward()
            optimizer.step()
            optimizer.zero_grad()
    for i, net in enumerate(nets):
        for p, stack in zip(net.parameters(), stacks):
            p.data.copy_(stack.data[i])
    return nets


@cache
def race():
    """The final loss of each optimiser from each of ten nets."""
    x, y = data.parabola(1000, uniform=0.0, normal=0.1, generator=0)
    return {name: [mse_loss(net(x), y).item() for net in together(
        [1, 20, 1], make, mse_loss, x.expand(NETS, *x.shape),
        y.expand(NETS, *y.shape), 12, 32, torch.Generator().manual_seed(0))]
        for name, make in RUNNERS.items()}


def wins(first, second, same):
    """How often the first ends lower: from the same net, or another."""
    return sum(race()[first][i] < race()[second][j]
               for i in range(NETS) for j in range(NETS)
               if (i == j) == same)


def apart():
    """Adam's loss divided by RMSprop's, from one net: the median ratio."""
    return median(max(a, b) / min(a, b) for a, b in zip(
        race()["Adam"], race()["RMSprop"]))


def picture_d():
    """Each optimiser's final losses, one dot for each net."""
    figure, axes = plt.subplots()
    for at, (name, losses) in enumerate(race().items()):
        axes.semilogx(losses, [at] * NETS, "o", ms=7, alpha=0.5,
                      color=f"C{at}")
        axes.plot(losses[0], at, "k|", ms=16, mew=2)
    names = [_("momentum") if name == "momentum" else name
             for name in race()]
    axes.set(yticks=range(4), yticklabels=names, ylim=(-0.6, 3.6),
             xlabel=_("final loss; bars: all four from net 0"))
    axes.invert_yaxis()


# E: accuracy that is measured on the training set.

SPLITS = 10


@cache
def splits():
    """A row for each split of the tumours.

    Training accuracy of the net, test accuracy of the net, and test
    accuracy of logistic regression, by scikit-learn as it comes.
    """
    parts = []
    for seed in range(SPLITS):
        x, x_test, y, y_test = data.train_test_split(
            *data.breast_cancer(), generator=seed)
        parts.append((data.standardize(x, x), data.standardize(x_test, x),
                      y, y_test))
    x, _x_test, y, _y_test = map(torch.stack, zip(*parts))
    # In float32, as the tutorial's.
    nets = together([30, 32, 64, 1], lambda params: SGD(params, 0.01),
                    binary_cross_entropy_with_logits, x.float(),
                    y[..., None].float(), 700, 64)
    rows = []
    for net, (x, x_test, y, y_test) in zip(nets, parts):
        linear = ByScikitLearn().fit(to_numpy(x), to_numpy(y))
        rows.append((accuracy(classify(net, x), y),
                     accuracy(classify(net, x_test), y_test),
                     linear.score(to_numpy(x_test), to_numpy(y_test))))
    return torch.tensor(rows)


def ahead(sign):
    """In how many splits logistic regression is ahead: 1; behind: -1."""
    return sum((splits()[:, 2] - splits()[:, 1]).sign() == sign).item()


def picture_e():
    """The three accuracies of each split, joined by a line."""
    figure, axes = plt.subplots()
    for row in splits():
        axes.plot(range(3), row, "-o", color="0.55", ms=4, lw=1)
    axes.plot(range(3), splits().mean(0), "D", color="C1", ms=9,
              label=_("mean of {n} splits").format(n=SPLITS))
    axes.set(xticks=range(3), xlim=(-0.4, 2.4), ylabel=_("accuracy"),
             xticklabels=[_("net,\ntraining set"), _("net,\ntest set"),
                          _("logistic regression,\ntest set")])
    named(axes)
