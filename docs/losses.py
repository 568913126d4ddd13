"""The numbers, pictures and experiments of docs/losses.md."""

from functools import cache
# The page calls exp.
from math import exp  # noqa: F401
from math import log

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

from docs.site.experiment import Experiment
from docs.site.picture import GREY, HAND, TORCH, named
from docs.site.words import _
from scratch.activations import sigmoid
from scratch.data import line
from scratch.losses import (binary_cross_entropy,
                            binary_cross_entropy_with_logits, cross_entropy,
                            mse_loss)

# A point far on the wrong side, with the label 0.
FAR = 20.0
SMOOTHING, CLASSES = 0.1, 10


def from_logit(x, y):
    """The loss by hand; torch's has the same slope."""
    return binary_cross_entropy_with_logits(x, y, "none")


def through_p(x, y):
    """The sigmoid first, by hand."""
    return binary_cross_entropy(sigmoid(x), y, "none")


def torch_through_p(x, y):
    """The sigmoid first, by torch."""
    return F.binary_cross_entropy(torch.sigmoid(x), y, reduction="none")


def loss_and_slope(loss, xs):
    """At each of xs, for the label 0, in float32."""
    x = torch.tensor(xs, dtype=torch.float32, requires_grad=True)
    result = loss(x, torch.zeros_like(x))
    result.sum().backward()
    return result.tolist(), x.grad.tolist()


WAYS = from_logit, through_p, torch_through_p


def picture():
    """The loss of a point with label 0, and its slope."""
    figure, (left, right) = plt.subplots(1, 2)
    xs = [0.1 * i for i in range(401)]
    labels = (_("from the logit"), _("through p, by hand"),
              _("through p, by torch"))
    for way, label, style, width, colour in zip(
            WAYS, labels, ("-", "-", "--"), (4, 2, 1.5),
            (GREY, HAND, TORCH)):
        loss, slope = loss_and_slope(way, xs)
        left.plot(xs, loss, style, color=colour, lw=width, label=label)
        right.semilogy(*zip(*[(x, s) for x, s in zip(xs, slope) if s]),
                       style, color=colour, lw=width,
                       label=None if colour == TORCH else label)
    none = [x for x, s in zip(xs, slope) if not s][::10]
    right.semilogy(none, [2e-3] * len(none), "x", color=TORCH,
                   label=_("through p, by torch: 0"))
    left.set(xlabel=_("logit x"), ylabel=_("loss, label 0, float32"))
    right.set(xlabel=_("logit x"), ylabel=_("slope"), ylim=(1e-3, 1e11))
    named(left, right)


def at_far(way):
    """Loss and slope at FAR."""
    (loss,), (slope,) = loss_and_slope(way, [FAR])
    return loss, slope


def sigmoid_slope():
    """The slope of the sigmoid at FAR, by hand."""
    x = torch.tensor([FAR], dtype=torch.float32, requires_grad=True)
    sigmoid(x).sum().backward()
    return x.grad.item()


def one_from():
    """The first whole logit at which the sigmoid is 1 in float32."""
    return next(x for x in range(100) if sigmoid(
        torch.tensor(float(x), dtype=torch.float32)) == 1)


@cache
def targets():
    """The targets of linear_regression, (20, 1)."""
    return line(20, generator=0)[1]


def broadcast(prediction):
    """mse_loss of a column against a row, without the check."""
    y = targets()
    grid = torch.broadcast_tensors(prediction, y[:, 0])
    return mse_loss(*grid).item()


def smoothed(gap, smoothing):
    """The loss if the correct logit is `gap` above all others."""
    x = torch.zeros(1, CLASSES)
    x[0, 0] = gap
    return cross_entropy(x, torch.tensor([0]),
                         label_smoothing=smoothing).item()


def best_gap(smoothing=SMOOTHING):
    """The best lead, where p = q: log((1 - e + e / C) / (e / C))."""
    share = smoothing / CLASSES
    return log((1 - smoothing + share) / share)


def saturation():
    """A point with label 0, as its logit grows, in float32."""
    xs = [i * 0.5 for i in range(60)]
    (a, b), (c, d), (e, f) = [loss_and_slope(way, xs)
                              for way in WAYS]
    captions = [_(
        "x = {x:.1f}: loss {a:.2f}, slope {b:.3f} from the logit; through "
        "a probability loss {c:.2f}, slope {d:.4g} by hand, {f:.3f} by "
        "torch").format(x=x, a=a[i], b=b[i], c=c[i], d=d[i], f=f[i])
        for i, x in enumerate(xs)]
    return Experiment(
        _("logit x"), _("loss"), (0.0, 30.0), (0.0, 110.0), captions,
        paths={_("from the logit"): list(zip(xs, a)),
               _("through a probability"): list(zip(xs, c))}, start=40)


def smoothing():
    """The loss against the lead of the correct class."""
    gaps = [0.5 * i for i in range(33)]
    rates = [0.02 * i for i in range(16)]
    captions = [str(_("smoothing 0: the loss falls for ever"))]
    captions += [_("smoothing {e:.2f}: the loss is lowest, {low:.3f}, at a "
                   "lead of {gap:.2f}").format(
                       e=e, low=smoothed(best_gap(e), e), gap=best_gap(e))
                 for e in rates[1:]]
    frames = [[(gap, smoothed(gap, e)) for gap in gaps] for e in rates]
    return Experiment(
        _("lead of the right class's logit"), _("loss"), (0.0, 16.0),
        (0.0, 4.0), captions, lines={_("smoothed"): frames},
        contours=[frames[0]], start=5)
