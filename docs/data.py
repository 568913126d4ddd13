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
from docs.site.words import _
from scratch.data import (batches, breast_cancer, digits, standardize,
                          train_test_split)
from scratch.linear_regression import LinearRegression
from scratch.logistic_regression import train
from scratch.losses import (binary_cross_entropy_with_logits, cross_entropy,
                            mse_loss)
from scratch.optim import SGD
from scratch.softmax_regression import SoftmaxRegression, evaluate

# The lesson softmax_regression: rows of the training, and its recipe.
BATCH, LR = 64, 0.5


@cache
def lesson():
    """x_train, x_test, y_train, y_test of the digits."""
    return train_test_split(*digits(), generator=0)


def curvatures(x):
    """Of half the mean square, smallest to largest, bias included."""
    rows = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    return torch.linalg.eigvalsh(rows.T @ rows / len(rows)).tolist()


def cancer_losses(x, steps=300):
    """At a learning rate that is safe for these columns."""
    y = breast_cancer()[1][:, None].to(x.dtype)
    # The logistic loss is at most a quarter as curved as the square.
    lr = 4 / curvatures(x)[-1]
    return list(train(LinearRegression(x.shape[1]),
                      binary_cross_entropy_with_logits, x, y, lr,
                      momentum=0.0, epochs=steps))


@cache
def digit_losses(shuffle):
    """The loss on all rows, before each step of two epochs, of a table
    that is sorted by label; and the accuracy after each epoch.
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
    """Columns as they come or standardised; rows sorted or shuffled."""
    figure, (left, right) = plt.subplots(1, 2)
    x, _y = breast_cancer()
    left.plot(cancer_losses(x), "--", label="columns in their own units")
    left.plot(cancer_losses(standardize(x, x)), label="standardised")
    left.set(xlabel="step", ylabel="loss, tumours", ylim=(0, 0.75))
    left.legend()
    right.plot(digit_losses(False)[0], "--", label="sorted by label")
    right.plot(digit_losses(True)[0], label="shuffled")
    right.set(xlabel="step", ylabel="loss on all rows, digits",
              ylim=(0, None))
    right.legend()


def sorted_accuracy():
    """On the test rows, after two epochs in the order of the labels."""
    return digit_losses(False)[1][-1]


def shuffled_accuracy():
    """The same, shuffled."""
    return digit_losses(True)[1][-1]


def train_rows():
    """Of the digits."""
    return len(lesson()[0])


def whole_batches():
    """With all 64 rows."""
    return train_rows() // BATCH


def tail():
    """Rows of the last batch."""
    return train_rows() % BATCH


def tail_weight():
    """What a row in it counts, in rows of another batch."""
    return BATCH / tail()


def condition_raw():
    """The tumours in their own units: largest to smallest curvature."""
    found = curvatures(breast_cancer()[0])
    return found[-1] / found[0]


def condition_standard():
    """Standardised."""
    x, _y = breast_cancer()
    found = curvatures(standardize(x, x))
    return found[-1] / found[0]


def equal_spread():
    """The spread of three values of 0.1."""
    rows = torch.full((3, 1), 0.1)
    mean = rows.sum(dim=0) / 3
    return (((rows - mean) ** 2).sum(dim=0) / 3).sqrt().item()


PARTS = "batch", "forward", "loss", "backward", "update"


def timed_epoch(data, model, loss_function, update):
    """The seconds of each part of a step, added up over an epoch."""
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
    """Medians of 9 epochs, by hand and by torch in turns."""
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
    """What part of a step's time goes there, as a number of the page."""
    return lambda: times()[side][PARTS.index(part)] / sum(times()[side])


(hand_batch, hand_forward, hand_loss, hand_backward,
 hand_update) = (share("hand", part) for part in PARTS)
(torch_batch, torch_forward, torch_loss, torch_backward,
 torch_update) = (share("torch", part) for part in PARTS)


def whole_step():
    """By hand, as a share of torch's."""
    return sum(times()["hand"]) / sum(times()["torch"])


def batch_ratio():
    """The batch alone."""
    return times()["hand"][0] / times()["torch"][0]


def rest_ratio():
    """All but the batch."""
    return sum(times()["hand"][1:]) / sum(times()["torch"][1:])


def standardising():
    """Two columns of the tumours, from their own units to standard.

    Half the mean square of x (w - best), for x between its two forms.
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
        # where the loss is what it is at the start
        circle = torch.stack([turn.cos(), turn.sin()])
        ring = axes @ (circle * (2 * losses[0] / curves[:, None]).sqrt())
        ellipses.append(list(zip(*ring.tolist())))
        paths.append(path)
        captions.append(_(
            "{t:.0%} of the way: one curvature is {ratio:.3g} times the "
            "other, and after 20 steps {left:.2g} of the distance is "
            "left").format(
                t=t, ratio=(curves[-1] / curves[0]).item(),
                left=(w.norm() / start.norm()).item()))
    return Experiment(_("first weight, from the best"),
                      _("second weight, from the best"), (-2.0, 2.0),
                      (-1.2, 1.2), captions,
                      lines={_("as high as the start"): ellipses,
                             _("20 steps"): paths}, start=0)
