"""The numbers and pictures of docs/proof.md."""

from fractions import Fraction
from functools import cache

import matplotlib.pyplot as plt
import torch

from docs.site.picture import GREY, HAND, TORCH, named
from docs.site.words import _
from scratch.activations import tanh

# The errors of twenty predictions: 0.1, 0.2, ..., 2.
ERRORS = torch.tensor([0.1 * k for k in range(1, 21)], dtype=torch.float32)


def mean_square(errors):
    """The mean of the squares, added one by one, in float32."""
    total = torch.zeros((), dtype=torch.float32)
    for error in errors:
        total = total + error * error
    return total / len(errors)


FIRST, LAST = mean_square(ERRORS), mean_square(ERRORS.flip(0))
EXACT = sum(Fraction(e) ** 2 for e in ERRORS.tolist()) / len(ERRORS)


def neighbour(x, count):
    """The float32 that is `count` numbers above x."""
    return (x.view(torch.int32) + count).view(torch.float32)


def ulps(x, y):
    """How many float32 numbers y is above x, for positive numbers."""
    return (y.view(torch.int32) - x.view(torch.int32)).item()


def ulp(x):
    """The distance from each x to the next float32."""
    return neighbour(x, 1).double() - x.double()


def exact():
    """Where the exact mean lies, in ulp above the first loss."""
    above = EXACT - Fraction(FIRST.item())
    return float(above / Fraction(ulp(FIRST).item()))


def picture():
    """Neighbouring numbers around two losses; how the distance grows."""
    figure, (top, bottom) = plt.subplots(2, 1)
    low = min(0, ulps(FIRST, LAST)) - 2
    high = max(0, ulps(FIRST, LAST)) + 2
    for at in range(low, high + 1):
        top.plot([at, at], [-0.15, 0.15], color="0.4")
        if at % 2 == 0:
            top.text(at, -0.55, f"{neighbour(FIRST, at).item():.9f}",
                     ha="center", fontsize=8)
    for at, colour, name in (
            (0, "C1", _("first to last")),
            (ulps(FIRST, LAST), "C0", _("last to first"))):
        top.plot(at, 0, "o", ms=10, color=colour)
        top.text(at, 0.4, name, color=colour, ha="center")
    top.plot([exact()] * 2, [-0.25, 0.7], "k:")
    top.text(exact(), 0.8, _("exact"), ha="center")
    top.set(ylim=(-0.8, 1.2), title=_("all float32 numbers near the loss"))
    small = [m / 4 * 2.0 ** e for e in range(-2, 3) for m in range(4, 8)]
    bottom.plot(small, [0] * len(small), "|", ms=16, color="0.4")
    for at in 0.25, 0.5, 1.0, 2.0, 4.0:
        bottom.plot(at, 0, "|", ms=26, mew=2, color="C1")
    bottom.set(ylim=(-0.5, 0.5), xlim=(0, 7.2),
               title=_("a small format: the distance doubles at each "
                       "power of two"))
    for axes in top, bottom:
        axes.axhline(0, color="0.7", lw=1, zorder=0)
        axes.set(yticks=[])
        axes.spines["left"].set_visible(False)
    top.set(xticks=[])
    top.spines["bottom"].set_visible(False)


# Every value: here each 2^15th of the positive float32 up to 10.


@cache
def errors_of_tanh():
    """x, and the errors in ulp: the textbook's formula, ours, torch's."""
    top = torch.tensor(10.0, dtype=torch.float32).view(torch.int32).item()
    x = torch.arange(0x30000000, top, 1 << 15, dtype=torch.int32).view(
        torch.float32)
    true = x.double().tanh()
    unit = ulp(true.float())
    a, b = torch.exp(x), torch.exp(-x)
    return x, *((y.double() - true).abs() / unit for y in (
        (a - b) / (a + b), tanh(x), torch.tanh(x)))


def picture_tanh():
    """The error of tanh in ulp, by three formulas."""
    figure, axes = plt.subplots()
    x, *errors = errors_of_tanh()
    for error, name, colour in zip(
            errors, (_("textbook"), _("by hand"), _("by torch")),
            (GREY, HAND, TORCH)):
        axes.loglog(x, error.clamp(min=1e-2), ".", ms=2, color=colour,
                    label=name)
    axes.set(xlabel="x", ylabel=_("error of tanh(x), in ulp"))
    named(axes)
