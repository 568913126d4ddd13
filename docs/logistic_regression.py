"""The numbers and pictures of docs/logistic_regression.md."""

import math
from functools import cache
from itertools import accumulate

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.picture import GREY, named
from docs.site.words import _
from scratch.activations import sigmoid
from scratch.data import blobs
from scratch.logistic_regression import LogisticRegression, classify, train
from scratch.losses import accuracy, binary_cross_entropy, mse_loss

X, LABELS = blobs(100, generator=0)
Y = LABELS[:, None].to(X)
# The lesson's recipe.
LR, EPOCHS = 1e-3, 1000


@cache
def path():
    """Loss, w and b after each step of the lesson."""
    model = LogisticRegression()
    return [(loss, *(p.detach().clone() for p in model.parameters()))
            for loss in train(model, binary_cross_entropy, X, Y, LR,
                              epochs=EPOCHS)]


def level(w, b, p, ends=(-6.0, 6.0)):
    """The line on which the probability is p, from end to end."""
    logit = math.log(p / (1 - p))
    (u, v), = w.tolist()
    return [(x, (logit - b.item() - u * x) / v) for x in ends]


def slope(loss_function, logit):
    """dL/dz of one point with label 1."""
    z = torch.tensor([float(logit)], requires_grad=True)
    loss_function(sigmoid(z), torch.ones(1)).backward()
    return z.grad.item()


def picture():
    """Lines of equal probability; the slopes of the two losses."""
    figure, (left, right) = plt.subplots(1, 2)
    for label in 0, 1:
        left.plot(*X[LABELS == label].T, "o", ms=3, color=f"C{label}",
                  label=_("label {n}").format(n=label))
    for step, style in (40, ":"), (EPOCHS, "--"):
        for p in 0.1, 0.9:
            left.plot(*zip(*level(*path()[step - 1][1:], p)), style,
                      color=GREY,
                      label=_("{p}, step {n}").format(p=p, n=step))
    left.plot(*zip(*level(*path()[-1][1:], 0.5)), "k", label="P = 1/2")
    left.set(xlim=(-6, 6), ylim=(-6, 6), xlabel="$x_0$",
             ylabel="$x_1$")
    logits = torch.linspace(-10, 6, 81).tolist()
    for loss_function, style, name in (
            (mse_loss, "-", _("squared error")),
            (binary_cross_entropy, "--", _("cross-entropy"))):
        right.plot(logits, [slope(loss_function, z) for z in logits],
                   style, label=name)
    right.set(xlabel=_("logit of a point with label 1"),
              ylabel=_("slope of its loss"))
    named(left, right)


def after_one():
    """Accuracy after one step of the lesson."""
    model = LogisticRegression()
    next(train(model, binary_cross_entropy, X, Y, LR))
    return accuracy(classify(model, X), LABELS)


# Random labels.

SEEDS = 50


@cache
def coins():
    """A row for each seed: accuracy on the training set, on 20,000 points."""
    found = []
    for seed in range(SEEDS):
        generator = torch.Generator().manual_seed(seed)
        x, x_new = (blobs(n, generator=generator)[0] for n in (100, 10000))
        y, y_new = (torch.randint(2, (len(rows),), generator=generator)
                    for rows in (x, x_new))
        model = LogisticRegression()
        for _loss in train(model, binary_cross_entropy, x,
                           y[:, None].to(x), lr=0.2, epochs=80):
            pass
        found.append((accuracy(classify(model, x), y),
                      accuracy(classify(model, x_new), y_new)))
    return torch.tensor(found)


# Labels (n,) against probabilities (n, 1).

# 100 points of label 0 and 40 of label 1, and the mean label.
UNEVEN = 140
MEAN = LABELS[:UNEVEN].double().mean().item()


def every_pair(p, y):
    """What (n, 1) against (n,) means: the mean of an (n, n) table."""
    n = len(y)
    return binary_cross_entropy(p + torch.zeros(n, n),
                                y + torch.zeros(n, n))


@cache
def spread(n, broadcast):
    """The last loss, the probabilities and labels of the first n points."""
    x, y, model = X[:n], Y[:n], LogisticRegression()
    loss_function = binary_cross_entropy
    if broadcast:
        loss_function, y = every_pair, y[:, 0]
    *_losses, last = train(model, loss_function, x, y, lr=0.1,
                           epochs=200)
    return last, model(x).detach()[:, 0], classify(model, x)


# A bad start.

STEPS = 60


@cache
def from_start(loss_function, w, steps=STEPS):
    """The mean probability of the true label by step; the accuracy."""
    model, means = LogisticRegression(), []
    model.w.data.fill_(w)
    training = train(model, loss_function, X, Y, lr=0.02, epochs=steps)
    for _loss in training:
        p = model(X).detach()
        means.append((Y * p + (1 - Y) * (1 - p)).mean().item())
    return means, accuracy(classify(model, X), LABELS)


def surer():
    """The boundary and two lines of equal probability, at some steps."""
    shown = sorted({round(1.16 ** i) for i in range(47)} | {EPOCHS})
    names = {_("P = 0.1"): 0.1, _("P = 1/2"): 0.5, _("P = 0.9"): 0.9}
    states = [path()[step - 1] for step in shown]
    captions = [
        _("step {n}: w = ({u:.3f}, {v:.3f}), b = {b:.3f}, loss "
          "{loss:.3f}").format(n=n, u=w[0, 0].item(), v=w[0, 1].item(),
                               b=b.item(), loss=loss)
        for n, (loss, w, b) in zip(shown, states)]
    return Experiment(
        "x₀", "x₁", (-6.0, 6.0), (-6.0, 6.0), captions,
        lines={name: [level(w, b, p) for _loss, w, b in states]
               for name, p in names.items()},
        points={_("label {n}").format(n=label):
                [tuple(row) for row in X[LABELS == label].tolist()]
                for label in (0, 1)}, start=28)


def bad_start():
    """Both losses, from worse and worse initial weights."""
    starts = list(accumulate([0.25] * 12, initial=0.0))
    losses = {_("squared error"): mse_loss,
              _("cross-entropy"): binary_cross_entropy}
    frames: dict = {name: [] for name in losses}
    captions = []
    for w in starts:
        right = []
        for name, loss_function in losses.items():
            means, share = from_start(loss_function, w)
            right.append(share)
            frames[name].append(
                [(float(n), mean) for n, mean in enumerate(means, 1)])
        captions.append(_(
            "from w = ({w:.2f}, {w:.2f}): after {n} steps the accuracy is "
            "{a:.0%} with the squared error, {b:.0%} with the "
            "cross-entropy").format(w=w, n=STEPS, a=right[0], b=right[1]))
    return Experiment(
        _("step"), _("mean probability of the true label"),
        (1.0, float(STEPS)), (0.0, 1.0), captions, lines=frames, start=5)
