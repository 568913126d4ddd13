"""The numbers, pictures and experiments of docs/dropout.md."""

from functools import cache

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch.data import digits
from scratch.dropout import Dropout
from scratch.losses import accuracy, cross_entropy
from scratch.mlp import MLP, classify, train_with
from scratch.optim import Adam

# Digits to train on; a fifth of them gets a random label.
ROWS, WRONG = 400, 0.2
EPOCHS, BATCH, LR, HIDDEN = 60, 100, 0.01, 128
PROBABILITIES = (0.0, 0.25, 0.5, 0.75, 0.9)
# Fifty products, whose sum a unit of the next layer takes.
PRODUCTS = torch.randn(50, generator=torch.Generator().manual_seed(4))


@cache
def data():
    """Training set with wrong labels, test set, and which are wrong."""
    x, y = digits()
    generator = torch.Generator().manual_seed(0)
    order = torch.randperm(len(x), generator=generator)
    x, y = x[order], y[order]
    labels = y[:ROWS].clone()
    drawn = torch.rand(ROWS, generator=generator) < WRONG
    labels[drawn] = torch.randint(0, 10, (ROWS,), generator=generator)[drawn]
    return x[:ROWS], labels, x[ROWS:], y[ROWS:], labels != y[:ROWS]


@cache
def trained(p, norm=None):
    """Accuracies by epoch: on the test set, and on the wrong labels."""
    x, labels, x_test, y_test, wrong = data()
    generator = torch.Generator().manual_seed(0)
    model = MLP([64, HIDDEN, 10], generator, norm=norm, dropout=p)
    optimizer = Adam(model.parameters(), LR)
    test, learned = [], []
    for _epoch in range(EPOCHS):
        for _loss in train_with(optimizer, model, cross_entropy, x, labels,
                                1, BATCH, generator):
            pass
        test.append(accuracy(classify(model, x_test), y_test))
        learned.append(accuracy(classify(model, x[wrong]), labels[wrong]))
    return test, learned


def wrong_labels():
    """The number of wrong labels in the training set."""
    return data()[4].sum().item()


@cache
def sums(p, masks=2000):
    """The sum of PRODUCTS under many masks."""
    layer = Dropout(p, 0)
    return torch.stack([layer(PRODUCTS).sum() for _ in range(masks)])


def spread(p):
    """The standard deviation of the sum, measured and by the formula."""
    root = PRODUCTS.square().sum().sqrt().item()
    return sums(p).std().item(), (p / (1 - p)) ** 0.5 * root


def picture():
    """Test accuracy by epoch; the mean over more and more masks."""
    figure, (left, right) = plt.subplots(1, 2)
    epochs = range(1, EPOCHS + 1)
    for p, style in ((0.0, "-"), (0.5, "--")):
        test, learned = trained(p)
        left.plot(epochs, test, style, color="C0",
                  label=_("test set, p = {p:g}").format(p=p))
        left.plot(epochs, learned, style, color="C1",
                  label=_("wrong labels, p = {p:g}").format(p=p))
    left.set(xlabel=_("epoch"), ylabel=_("accuracy"), ylim=(0, 1))
    count = torch.arange(1, 2001)
    for p in 0.25, 0.75:
        right.semilogx(count, sums(p).cumsum(0) / count, label=f"p = {p:g}")
    right.axhline(PRODUCTS.sum().item(), color="0.4", ls=":",
                  label=_("without dropout"))
    right.set(xlabel=_("masks"), ylabel=_("mean of the sum"), ylim=(None, 6))
    named(left, right)


def memorising():
    """Test accuracy and learned wrong labels, for each p."""
    epochs = [float(n) for n in range(1, EPOCHS + 1)]
    captions = []
    lines = {_("test set"): [], _("wrong labels learned"): []}
    for p in PROBABILITIES:
        found = trained(p)
        for frames, values in zip(lines.values(), found):
            frames.append(list(zip(epochs, values)))
        captions.append(_(
            "p = {p:g}: test accuracy {a:.1%}, and {b:.0%} of the wrong "
            "labels are learned").format(p=p, a=found[0][-1],
                                         b=found[1][-1]))
    return Experiment(_("epoch"), _("accuracy"), (0.0, float(EPOCHS)),
                      (0.0, 1.3), captions, lines=lines, start=2)


def noise():
    """How the sum of fifty products spreads over 2,000 masks, by p."""
    edges = torch.linspace(-45, 45, 46)
    captions, frames = [], []
    for i in range(1, 10):
        p = i / 10
        part = torch.histogram(sums(p), edges)[0] / len(sums(p))
        middle = ((edges[1:] + edges[:-1]) / 2).tolist()
        frames.append(list(zip(middle, part.tolist())))
        measured, formula = spread(p)
        captions.append(_(
            "p = {p:.1f}: mean {m:.2f}, standard deviation {a:.2f}, by the "
            "formula {b:.2f}").format(p=p, m=sums(p).mean().item(),
                                      a=measured, b=formula))
    total = PRODUCTS.sum().item()
    return Experiment(
        _("sum of the products"), _("fraction of the masks"),
        (-45.0, 45.0), (0.0, 0.4), captions,
        lines={_("with dropout"): frames},
        points={_("without dropout"): [(total, 0.0)]}, start=4)
