"""What docs/images.md computes; it needs no file of MNIST."""

import struct
import tempfile
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.words import _
from scratch.data import digits
from scratch.images import read_idx
from scratch.softmax_regression import SoftmaxRegression, evaluate, train
from scratch.tensors import to_numpy


@cache
def ink():
    """scikit-learn's digits with MNIST's levels, 0 to 255."""
    x, y = digits()
    return (255 * x).round().to(torch.uint8), y


@cache
def content():
    """The first ten of these digits as an IDX file."""
    digits = to_numpy(ink()[0][:10].reshape(10, 8, 8))
    # two zeros, 8 for unsigned bytes, the number of axes, their lengths
    return struct.pack(">4B3I", 0, 0, 8, 3, *digits.shape) + digits.tobytes()


def as_read():
    """What `read_idx` reads from that file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "digits-idx3-ubyte")
        path.write_bytes(content())
        return read_idx(path)


def picture():
    """The first 80 bytes of the file, and the image in it."""
    figure, (left, right) = plt.subplots(
        1, 2, gridspec_kw={"width_ratios": [1.5, 1]})
    shown = content()[:80]
    kinds = [0, 0, 1, 2, *[3] * 12]
    colours = ["0.85", "#f3c6d9", "#b9dfe2", "#d8cbf0"]
    for i, byte in enumerate(shown):
        row, column = divmod(i, 8)
        level = 1 - byte / 255
        colour = colours[kinds[i]] if i < 16 else (level,) * 3
        left.add_patch(plt.Rectangle((column, row), 1, 1, fc=colour,
                                     ec="0.6", lw=0.5))
        left.text(column + 0.5, row + 0.5, f"{byte:02x}", size=11,
                  ha="center", va="center", family="monospace",
                  color="white" if i >= 16 and level < 0.5 else "black")
    left.set(xlim=(0, 8), ylim=(10, 0), xticks=[], yticks=[
        0.5, 1.5, 2.5], title=_("the file"), yticklabels=[
            _("byte {n}").format(n=n) for n in (0, 8, 16)])
    left.spines[:].set_visible(False)
    shade = right.imshow(as_read()[0] / 255, cmap="gray_r", vmin=0, vmax=1)
    right.set(xticks=[0, 7], yticks=[0, 7], title=_("image 0 of 10"))
    figure.colorbar(shade, ax=right, label=_("0 is paper, 1 is ink"))


def spelt(start, end):
    """Some bytes of the file, in hexadecimal."""
    return " ".join(f"{byte:02x}" for byte in content()[start:end])


def rounded(dtype):
    """For how many levels x * (1 / 255) and x / 255 differ."""
    levels = torch.arange(256, dtype=dtype)
    factor = torch.tensor(1 / 255, dtype=dtype)
    return (levels / 255 != levels * factor).sum().item()


@cache
def scaled(top):
    """Train softmax regression for two epochs on pixels from 0 to `top`.

    Return the losses, and the test accuracy at the end.
    """
    levels, y = ink()
    x = top * (levels / 255)
    model = SoftmaxRegression()
    losses = list(train(model, x[:1438], y[:1438], epochs=2))
    return losses, evaluate(model, x[1438:], y[1438:])[1]


def divisor():
    """The losses, by the scale of the pixels."""
    tops = [0.25, 0.5, 1, 2, 3, 4, 6, 8, 16, 32, 64, 128, 255]
    frames, captions = [], []
    for top in tops:
        losses, accuracy = scaled(top)
        frames.append([(float(n), loss) for n, loss
                       in enumerate(losses, 1)])
        captions.append(_(
            "pixels from 0 to {top}: the largest loss is {worst:.3g}, the "
            "last {last:.3g}; the test accuracy is {accuracy:.0%}").format(
                top=top, worst=max(losses), last=losses[-1],
                accuracy=accuracy))
    return Experiment(_("step"), _("loss"), (1.0, float(len(frames[0]))),
                      (0.0, 6.0), captions, lines={_("the loss"): frames},
                      start=tops.index(1))
