"""The numbers, pictures and experiments of docs/activations.md."""

# The page calls log.
from math import log  # noqa: F401

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.picture import GREY, HAND, TORCH, named
from docs.site.words import _
# The page calls log_softmax.
from scratch.activations import log_softmax  # noqa: F401
from scratch.activations import (relu, sigmoid, softmax, softplus, tanh,
                                 textbook_softmax)

FOUR = {"relu": relu, "sigmoid": sigmoid, "tanh": tanh,
        "softplus": softplus}
LARGEST = torch.finfo(torch.float32).max


def textbook_sigmoid(x):
    """1 / (1 + exp(-x)), the formula as it stands."""
    return 1 / (1 + torch.exp(-x))


def sigmoid_by_abs(x):
    """Stable, but its gradient is wrong at 0."""
    z = torch.exp(-x.abs())
    return torch.where(x < 0, z, 1) / (1 + z)


def softplus_both(x):
    """`where` selects from two branches, and both are computed."""
    return torch.where(x > 20, x, torch.log1p(torch.exp(x)))


def slopes(function, xs, dtype=torch.float32):
    """The gradient at each of xs."""
    x = torch.as_tensor(xs).clone().to(dtype).requires_grad_()
    function(x).sum().backward()
    return x.grad


def slope(function, x):
    """The gradient at one number, in float32."""
    return slopes(function, [x]).item()


def spelt(number):
    """A number as a text spells it."""
    return f"{number:g}".replace("nan", "NaN")


def picture():
    """Four functions, and one slope computed in three ways."""
    figure, (left, right) = plt.subplots(1, 2)
    x = torch.linspace(-4, 4, 200)
    for (name, function), style in zip(FOUR.items(),
                                       ("-", "--", "-.", ":")):
        left.plot(x, function(x), style, label=name)
    left.set(xlabel="x", ylabel=_("value"), ylim=(-1.2, 4))
    x = torch.arange(-95, 95.25, 0.25)
    true = slopes(sigmoid, x, torch.float64)
    for label, function, style, width, colour in (
            (_("by hand"), sigmoid, "-", 4, HAND),
            (_("by torch"), torch.sigmoid, "--", 2, TORCH),
            (_("textbook"), textbook_sigmoid, ":", 2, GREY)):
        right.plot(x, slopes(function, x).double() / true, style,
                   color=colour, lw=width, label=label)
    lost = x[slopes(textbook_sigmoid, x).isnan()][::4]
    right.plot(lost, torch.zeros_like(lost), "x", color=GREY,
               label=_("textbook: NaN"))
    right.set(xlabel="x", ylim=(-0.1, 2.6),
              ylabel=_("slope of the sigmoid / true slope"))
    named(left, right)


def float32(*values):
    """The values as a tensor."""
    return torch.tensor(values, dtype=torch.float32)


def textbook_tanh(x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    a, b = torch.exp(x), torch.exp(-x)
    return (a - b) / (a + b)


def slope_ends(function, sign=1):
    """The first whole number from 0, up or down, where the slope is 0."""
    return next(x for x in range(0, sign * 200, sign)
                if slope(function, x) == 0)


def softmax_ends():
    """The first whole number with a NaN in the textbook's softmax."""
    return next(x for x in range(200)
                if textbook_softmax(float32(x, 0), 0).isnan().any())


def log_ends():
    """The first one for which the log of the softmax is infinite."""
    return next(x for x in range(200)
                if torch.log(softmax(float32(x, 0), 0)).isinf().any())


def tangents():
    """The four functions, and the tangent of each as x moves."""
    places = torch.arange(-16, 17) / 4.0
    lines, curves, shown = {}, [], []
    for name, function in FOUR.items():
        found = slopes(function, places, torch.float64).tolist()
        values = function(places).tolist()
        shown.append(found)
        curves.append(list(zip(places.tolist(), values)))
        lines[name] = [[(x - 1.0, y - g), (x + 1.0, y + g)]
                       for x, y, g in zip(places.tolist(), values, found)]
    captions = []
    for i, x in enumerate(places.tolist()):
        a, b, c, d = [found[i] for found in shown]
        captions.append(_(
            "x = {x:.2f}: slope {a:.2f} of relu, {b:.2f} of sigmoid, "
            "{c:.2f} of tanh, {d:.2f} of softplus").format(
                x=x, a=a, b=b, c=c, d=d))
    return Experiment("x", _("value"), (-4.0, 4.0), (-1.5, 4.5), captions,
                      lines=lines, contours=curves, start=16)


def overflow():
    """Three logits in float32; the first one grows until exp overflows."""
    logits = [80 + 0.25 * i for i in range(57)]
    stable, textbook, captions = [], [], []
    for x in logits:
        row = torch.tensor([x, 86.0, 85.0], dtype=torch.float32)
        p, q = softmax(row, 0), textbook_softmax(row, 0)
        end = q.isnan().any()
        stable.append((x, p[0].item()))
        # A point at NaN is not drawn.
        textbook.append((float("nan"), float("nan")) if end
                        else (x, q[0].item()))
        captions.append(_(
            "logits {x:.2f}, 86, 85: softmax {p}, textbook {q}").format(
                x=x, p=", ".join(f"{v:.3f}" for v in p.tolist()),
                q=", ".join(f"{v:.3f}" for v in q.tolist())))
    return Experiment(
        _("the first logit"), _("its probability"), (80.0, 94.0),
        (0.0, 1.0), captions,
        paths={_("softmax"): stable, _("textbook"): textbook}, start=24)
