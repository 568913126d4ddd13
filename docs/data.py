"""What docs/data.md computes."""

from functools import cache
from statistics import median
from time import perf_counter

import matplotlib.pyplot as plt
import torch

import scratch.data
import scratch.losses
import scratch.softmax_regression
import torch_ref.data
import torch_ref.losses
import torch_ref.optim
import torch_ref.softmax_regression
from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch.data import (batches, breast_cancer, digits, standardize,
                          train_test_split)
from scratch.linear_regression import LinearRegression
from scratch.logistic_regression import train
from scratch.losses import (binary_cross_entropy_with_logits, cross_entropy,
                            mse_loss)
from scratch.optim import SGD
from scratch.softmax_regression import SoftmaxRegression, evaluate

# Batch size and learning rate of the lesson softmax_regression.
BATCH, LR = 64, 0.5


@cache
def lesson():
    """x_train, x_test, y_train, y_test of the digits."""
    return train_test_split(*digits(), generator=0)


def tumours():
    """Their features: in original units, and standardised."""
    x, _y = breast_cancer()
    return x, standardize(x, x)


def curvatures(x):
    """Curvatures of half the mean square, ascending, with a bias."""
    rows = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    return torch.linalg.eigvalsh(rows.T @ rows / len(rows)).tolist()


def cancer_losses(x, steps=300):
    """The losses at a learning rate that is safe for these columns."""
    y = breast_cancer()[1][:, None].to(x.dtype)
    # The logistic loss is at most 1/4 as curved as half the square.
    lr = 4 / curvatures(x)[-1]
    return list(train(LinearRegression(x.shape[1]),
                      binary_cross_entropy_with_logits, x, y, lr,
                      momentum=0.0, epochs=steps))


@cache
def digit_losses(shuffle):
    """Train two epochs on the digits, sorted by label or shuffled.

    Return the loss on all rows before each step, and the test accuracy
    after each epoch.
    """
    x, x_test, y, y_test = lesson()
    order = y.argsort(stable=True)
    x, y = x[order], y[order]
    model, generator = SoftmaxRegression(), torch.Generator()
    generator.manual_seed(0)
    optimizer = SGD(model.parameters(), LR)
    losses, accuracies = [], []
    for _epoch in range(2):
        for rows, labels in batches(x, y, batch_size=BATCH,
                                    shuffle=shuffle, generator=generator):
            losses.append(evaluate(model, x, y)[0])
            optimizer.zero_grad()
            cross_entropy(model(rows), labels).backward()
            optimizer.step()
        accuracies.append(evaluate(model, x_test, y_test)[1])
    return losses, accuracies


def picture():
    """Original or standardised columns; sorted or shuffled rows."""
    figure, (left, right) = plt.subplots(1, 2)
    original, standard = tumours()
    left.plot(cancer_losses(original), "--",
              label=_("original units"))
    left.plot(cancer_losses(standard), label=_("standardised"))
    left.set(xlabel=_("step"), ylabel=_("loss, tumours"), ylim=(0, 0.75))
    right.plot(digit_losses(False)[0], "--",
               label=_("sorted by label"))
    right.plot(digit_losses(True)[0], label=_("shuffled"))
    right.set(xlabel=_("step"), ylabel=_("loss on all rows, digits"),
              ylim=(0, None))
    named(left, right)


def tail():
    """The number of rows in the last batch."""
    return len(lesson()[0]) % BATCH


def condition(x):
    """The condition number: the largest curvature over the smallest."""
    found = curvatures(x)
    return found[-1] / found[0]


def equal_std():
    """The standard deviation of three values of 0.1."""
    rows = torch.full((3, 1), 0.1)
    mean = rows.sum(dim=0) / 3
    return (((rows - mean) ** 2).sum(dim=0) / 3).sqrt().item()


PARTS = "batch", "forward", "loss", "backward", "update"


def timed_epoch(data, model, loss_function, update):
    """The seconds that each part of a step takes in an epoch."""
    x, _x_test, y, _y_test = lesson()
    dealt = iter(data.batches(
        x, y, batch_size=BATCH, shuffle=True,
        generator=torch.Generator().manual_seed(0)))
    seconds = [0.0] * len(PARTS)
    while True:
        marks = [perf_counter()]
        batch = next(dealt, None)
        if batch is None:
            return seconds
        marks.append(perf_counter())
        logits = model(batch[0])
        marks.append(perf_counter())
        loss = loss_function(logits, batch[1])
        marks.append(perf_counter())
        loss.backward()
        marks.append(perf_counter())
        update()
        marks.append(perf_counter())
        for i in range(len(PARTS)):
            seconds[i] += marks[i + 1] - marks[i]


@cache
def times():
    """Each part's seconds: medians of 9 epochs, both sides in turns."""
    hand = scratch.softmax_regression.SoftmaxRegression()
    ref = torch_ref.softmax_regression.SoftmaxRegression()
    optimizer = torch_ref.optim.SGD(ref.parameters(), lr=LR)

    def update_by_hand():
        w, b = hand.parameters()
        w.data.sub_(w.grad, alpha=LR)
        b.data.sub_(b.grad, alpha=LR)
        w.grad = None
        b.grad = None

    def update_by_torch():
        optimizer.step()
        optimizer.zero_grad()

    sides = {"hand": (scratch.data, hand, scratch.losses.cross_entropy,
                      update_by_hand),
             "torch": (torch_ref.data, ref, torch_ref.losses.cross_entropy,
                       update_by_torch)}
    found: dict = {name: [] for name in sides}
    # The first round warms up.
    for _round in range(10):
        for name, side in sides.items():
            found[name].append(timed_epoch(*side))
    return {name: [median(column) for column in zip(*rounds[1:])]
            for name, rounds in found.items()}


def share(side, part):
    """The fraction of a step's time that this part of it takes."""
    return times()[side][PARTS.index(part)] / sum(times()[side])


def ratio(parts):
    """The time of these parts by hand, relative to torch's."""
    hand, ref = (sum(times()[side][PARTS.index(part)] for part in parts)
                 for side in ("hand", "torch"))
    return hand / ref


def standardising():
    """Two columns of the tumours, from original units to standardised.

    The loss is half the mean square of x (w - best).
    """
    raw = breast_cancer()[0][:, :2]
    mean, std = raw.mean(dim=0), raw.std(dim=0, correction=0)
    ellipses, paths, captions = [], [], []
    turn = torch.linspace(0, 2 * torch.pi, 33)
    start = torch.tensor([[0.8], [-0.4]])
    for i in range(11):
        t = i / 10
        # t = 1 is standardize(raw, raw)
        x = (raw - t * mean) / std ** t
        curves, axes = torch.linalg.eigh(x.T @ x / len(x))
        w = start.clone().requires_grad_()
        optimizer = SGD([w], lr=1 / curves[-1].item())
        path, losses = [tuple(w[:, 0].tolist())], []
        for _step in range(20):
            optimizer.zero_grad()
            loss = 0.5 * mse_loss(x @ w, torch.zeros(len(x), 1))
            loss.backward()
            optimizer.step()
            path.append(tuple(w[:, 0].tolist()))
            losses.append(loss.item())
        # the contour line through the start
        circle = torch.stack([turn.cos(), turn.sin()])
        ring = axes @ (circle * (2 * losses[0] / curves[:, None]).sqrt())
        ellipses.append(list(zip(*ring.tolist())))
        paths.append(path)
        captions.append(_(
            "standardised by {t:.0%}: one curvature is {ratio:.3g} times "
            "the other, and after 20 steps {left:.2g} of the distance is "
            "left").format(
                t=t, ratio=(curves[-1] / curves[0]).item(),
                left=(w.norm() / start.norm()).item()))
    return Experiment(_("first weight, minus the best"),
                      _("second weight, minus the best"), (-2.0, 2.0),
                      (-1.2, 1.2), captions,
                      lines={_("contour line of the start"): ellipses,
                             _("20 steps"): paths}, start=0)
