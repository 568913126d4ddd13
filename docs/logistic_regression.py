"""What docs/logistic_regression.md computes."""

import math
from functools import cache
from itertools import accumulate

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.words import _
from scratch.activations import sigmoid
from scratch.data import blobs
from scratch.logistic_regression import LogisticRegression, classify, train
from scratch.losses import accuracy, binary_cross_entropy, mse_loss

X, LABELS = blobs(100, generator=0)
Y = LABELS[:, None].to(X)
# Of the lesson.
LR, EPOCHS = 1e-3, 1000


@cache
def path():
    """The lesson: loss, and w and b after it, for each step."""
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
    """How sure the model is; and what the two losses learn by."""
    figure, (left, right) = plt.subplots(1, 2)
    for label in 0, 1:
        left.plot(*X[LABELS == label].T, "o", ms=3, color=f"C{label}",
                  label=f"label {label}")
    for step, style in (40, ":"), (EPOCHS, "--"):
        for p in 0.1, 0.9:
            left.plot(*zip(*level(*path()[step - 1][1:], p)), style,
                      color="0.4")
        left.plot([], [], style, color="0.4",
                  label=f"P = 0.1, 0.9 after {step}")
    left.plot(*zip(*level(*path()[-1][1:], 0.5)), "k", label="P = 1/2")
    left.set(xlim=(-6, 6), ylim=(-6, 6), xlabel="$x_0$",
             ylabel="$x_1$")
    left.legend(fontsize=8, loc="upper left")
    logits = torch.linspace(-10, 6, 81).tolist()
    for loss_function, style, name in (
            (mse_loss, "-", "squared error"),
            (binary_cross_entropy, "--", "cross-entropy")):
        right.plot(logits, [slope(loss_function, z) for z in logits],
                   style, label=name)
    right.set(xlabel="logit of a point with label 1",
              ylabel="slope of its loss")
    right.legend()


def after_one():
    """Accuracy after one step of the lesson."""
    model = LogisticRegression()
    next(train(model, binary_cross_entropy, X, Y, LR))
    return accuracy(classify(model, X), LABELS)


# Labels by the toss of a coin.

SEEDS = 50


@cache
def coins():
    """For each seed the accuracy on its 200 points, and on 20000."""
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


def coin_least():
    """Of all seeds, on the points of the training."""
    return coins()[:, 0].min().item()


def coin_most():
    """Of all seeds, on the points of the training."""
    return coins()[:, 0].max().item()


def coin_mean():
    """Over all seeds, on the points of the training."""
    return coins()[:, 0].mean().item()


def coin_new():
    """Over all seeds, on new points."""
    return coins()[:, 1].mean().item()


# Labels (n,) against probabilities (n, 1).

# 100 points of label 0, and 40 of label 1.
UNEVEN = 140


def every_pair(p, y):
    """What (n, 1) against (n,) means: an (n, n) table, and its mean."""
    n = len(y)
    return binary_cross_entropy(p + torch.zeros(n, n),
                                y + torch.zeros(n, n))


@cache
def spread(n, broadcast):
    """The last loss and the probabilities, on the first n points."""
    x, y, model = X[:n], Y[:n], LogisticRegression()
    loss_function = binary_cross_entropy
    if broadcast:
        loss_function, y = every_pair, y[:, 0]
    *_losses, last = train(model, loss_function, x, y, lr=0.1,
                           epochs=200)
    return last, model(x).detach()[:, 0], classify(model, x)


def even_loss():
    """100 of each label, broadcast."""
    return spread(200, True)[0]


def even_distance():
    """How far any probability is from 1/2."""
    return (spread(200, True)[1] - 0.5).abs().max().item()


def even_right():
    """The same data with the labels as a column."""
    return spread(200, False)[0]


def mean_label():
    """40 of 140 points."""
    return LABELS[:UNEVEN].double().mean().item()


def uneven_distance():
    """How far any probability is from the mean label, broadcast."""
    return (spread(UNEVEN, True)[1] - mean_label()).abs().max().item()


def uneven_ones():
    """How many of the 40 are found, broadcast."""
    return spread(UNEVEN, True)[2].sum().item()


def uneven_found():
    """How many points get label 1, with the labels as a column."""
    return spread(UNEVEN, False)[2].sum().item()


# A bad start.

STEPS = 60


@cache
def from_start(loss_function, w, steps=STEPS):
    """The mean probability of the right label by step; the accuracy."""
    model, means = LogisticRegression(), []
    model.w.data.fill_(w)
    training = train(model, loss_function, X, Y, lr=0.02, epochs=steps)
    for _loss in training:
        p = model(X).detach()
        means.append((Y * p + (1 - Y) * (1 - p)).mean().item())
    return means, accuracy(classify(model, X), LABELS)


def squared_slope():
    """At a logit of -8, of the squared error."""
    return slope(mse_loss, -8)


def entropy_slope():
    """At a logit of -8, of the cross-entropy."""
    return slope(binary_cross_entropy, -8)


def squared_from_two():
    """Accuracy after 200 steps from w = (2, 2)."""
    return from_start(mse_loss, 2.0, 200)[1]


def entropy_from_two():
    """Accuracy after 200 steps from w = (2, 2)."""
    return from_start(binary_cross_entropy, 2.0, 200)[1]


def surer():
    """The boundary, and where the model is sure, at some steps."""
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
    """From weights that are ever more wrong."""
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
            "from w = ({w:.2f}, {w:.2f}): after {n} steps the squared "
            "error has {a:.0%} of the points right, the cross-entropy "
            "{b:.0%}").format(w=w, n=STEPS, a=right[0], b=right[1]))
    return Experiment(
        _("step"), _("mean probability of the right label"),
        (1.0, float(STEPS)), (0.0, 1.0), captions, lines=frames, start=5)
