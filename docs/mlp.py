"""What docs/mlp.md computes."""

from functools import cache

import matplotlib.pyplot as plt
import torch

from docs import dropout
from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
# The page uses sigmoid.
from scratch.activations import sigmoid  # noqa: F401
from scratch.data import blobs, breast_cancer, parabola, standardize
from scratch.losses import (accuracy, binary_cross_entropy_with_logits,
                            cross_entropy, mse_loss)
from scratch.mlp import MLP, classify, train

X, Y = parabola(100, uniform=0.2, generator=0)
# The lesson regression_net.
LR, EPOCHS = 0.5, 200


def folds(model):
    """Where a hidden unit of a 1-n-1 net switches, between -1 and 1."""
    (w, b), _last = model.layers
    return sorted(x for x in (-b / w[:, 0]).tolist() if -1 < x < 1)


def curve(model):
    """The corners of the curve from -1 to 1; between them it is straight.
    """
    x = torch.tensor([-1.0, *folds(model), 1.0])[:, None]
    return list(zip(x[:, 0].tolist(), model(x)[:, 0].tolist()))


@cache
def trained(hidden=10):
    """The model after the lesson's epochs, its losses and its curves."""
    model = MLP([1, hidden, 1], 0)
    losses, curves = [], [curve(model)]
    for loss in train(model, mse_loss, X, Y, LR, EPOCHS):
        losses.append(loss)
        curves.append(curve(model))
    return model, losses, curves


@cache
def classifier():
    """The lesson classification_net, trained."""
    x, labels = blobs(100, generator=0)
    model = MLP([2, 10, 2], 0)
    for _loss in train(model, cross_entropy, x, labels, 0.01, 100):
        pass
    return model, x, labels


def picture():
    """A curve with its kinks, and two regions with the folds of the plane.
    """
    figure, (left, right) = plt.subplots(1, 2)
    model, _losses, curves = trained()
    left.plot(X, Y, ".", color="0.7")
    left.plot(*zip(*curves[0]), ":", color="0.3", label=_("at the start"))
    left.plot(*zip(*curves[-1]), "-", label=_("after 200 epochs"))
    left.plot(*zip(*curves[-1][1:-1]), "o", color="C0",
              label=_("kinks"))
    left.set(xlabel="x", ylabel="y")
    model, x, labels = classifier()
    axis = torch.linspace(-6, 6, 121)
    grid = torch.cartesian_prod(axis, axis)
    region = classify(model, grid).reshape(121, 121).T
    right.contourf(axis, axis, region, [-0.5, 0.5, 1.5],
                   colors=["C0", "C1"], alpha=0.25)
    for label in 0, 1:
        right.plot(*x[labels == label].T, ".", color=f"C{label}",
                   label=_("label {n}").format(n=label))
    w, b = (p.detach() for p in model.layers[0])
    for i, ((u, v), c) in enumerate(zip(w.tolist(), b.tolist())):
        right.plot(axis, [-(u * t + c) / v for t in axis.tolist()],
                   color="0.5", lw=0.7, label=None if i else _("folds"))
    right.set(xlabel="$x_0$", ylabel="$x_1$", xlim=(-6, 6),
              ylim=(-6, 6))
    named(left, right)


def bend():
    """The largest distance of a piece from its chord, at 20 points each.
    """
    model, corners = trained()[0], trained()[2][-1]
    worst, parts = 0.0, torch.linspace(0, 1, 20)[:, None]
    for (a, f), (b, g) in zip(corners, corners[1:]):
        value = model(a + parts * (b - a))
        chord = f + parts * (g - f)
        worst = max(worst, (value - chord).abs().max().item())
    return worst


def part_right():
    """Accuracy of the 2-10-2 net on its training set."""
    model, x, labels = classifier()
    return accuracy(classify(model, x), labels)


def best_line():
    """The smallest loss of any line."""
    rows = torch.cat([X, torch.ones_like(X)], dim=1)
    line = torch.linalg.lstsq(rows, Y).solution
    return mse_loss(rows @ line, Y).item()


def collapsed():
    """How far three layers without relu are from the one they equal."""
    (w1, b1), (w2, b2), (w3, b3) = MLP([1, 10, 10, 1], 0).layers
    three = ((X @ w1.T + b1) @ w2.T + b2) @ w3.T + b3
    w = w3 @ w2 @ w1
    b = w3 @ (w2 @ b1 + b2) + b3
    return (three - (X @ w.T + b)).abs().max().item()


@cache
def spread(factor, bias=True, seeds=5):
    """Measure the standard deviation of the outputs from row to row.

    Six layers of width 64 get 200 rows of N(0, 1). They start as those
    of MLP do, times the factor; without `bias` the biases are 0.
    """
    found = []
    for seed in range(seeds):
        model = MLP([64] * 7, seed)
        for p in model.parameters():
            p.data.mul_(factor if bias or p.dim() == 2 else 0)
        x = torch.randn(200, 64,
                        generator=torch.Generator().manual_seed(seed))
        found.append(model(x).std(dim=0).mean().item())
    return sum(found) / seeds


def unsure():
    """Rows with a logit above 0 and at most 1/2, after 30 epochs."""
    x, labels = breast_cancer()
    x, y = standardize(x, x), labels[:, None].to(x)
    model = MLP([30, 32, 64, 1], 0)
    for _loss in train(model, binary_cross_entropy_with_logits, x, y,
                       0.01, 30, 64):
        pass
    logit = model(x)
    return ((logit > 0) & (logit <= 0.5)).sum().item()


def first(norm, p):
    """The first epoch with a test accuracy of 80 %."""
    return next(n for n, value in enumerate(dropout.trained(p, norm)[0], 1)
                if value >= 0.8)


def best(norm, p):
    """The test accuracy of the best epoch."""
    return max(dropout.trained(p, norm)[0])


def last(norm, p):
    """The test accuracy after the last epoch."""
    return dropout.trained(p, norm)[0][-1]


def bending():
    """The curve of the lesson, epoch by epoch."""
    _model, losses, curves = trained()
    shown = sorted({0, *(round(1.14 ** i) for i in range(41)), EPOCHS})
    loss = [mse_loss(MLP([1, 10, 1], 0)(X), Y).item(), *losses]
    captions = [_("epoch {n}: loss {loss:.4f}, kinks: {k}").format(
        n=n, loss=loss[n], k=len(curves[n]) - 2) for n in shown]
    return Experiment(
        "x", "y", (-1.0, 1.0), (-0.2, 1.4), captions,
        lines={_("the net"): [curves[n] for n in shown]},
        points={_("the points"): list(zip(X[:, 0].tolist(),
                                          Y[:, 0].tolist()))}, start=20)


def widths():
    """Nets with 1 to 20 hidden units, after the same training."""
    captions, frames = [], []
    for hidden in range(1, 21):
        _model, losses, curves = trained(hidden)
        frames.append(curves[-1])
        captions.append(_(
            "{n} hidden: loss {loss:.4f}, kinks: {k}").format(
                n=hidden, loss=losses[-1], k=len(curves[-1]) - 2))
    return Experiment(
        "x", "y", (-1.0, 1.0), (-0.2, 1.4), captions,
        lines={_("after 200 epochs"): frames},
        points={_("the points"): list(zip(X[:, 0].tolist(),
                                          Y[:, 0].tolist()))}, start=1)
