"""The numbers, pictures and experiments of docs/convolution.md."""

from functools import cache

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.words import _
from scratch import data
from scratch.convolution import (avg_pool2d, conv2d, conv2d_gradients,
                                 max_pool2d, max_pool2d_gradient)

# Dark to the right of bright: the rise from left to right.
ACROSS = torch.tensor([[-1.0, 0.0, 1.0]] * 3, dtype=torch.float64).reshape(
    1, 1, 3, 3)
DOWN = ACROSS.mT
# The row of windows in the experiment.
ROW = 3


@cache
def digits():
    """scikit-learn's digits as images (1797, 1, 8, 8)."""
    return data.digits()[0].reshape(-1, 1, 8, 8).double()


def digit():
    """The first digit, a 0."""
    return digits()[:1]


def picture():
    """A digit, two filters, their responses, and these after pooling."""
    figure, grid = plt.subplots(2, 4)
    for axes in grid.flat:
        axes.axis("off")
    grid[0, 0].imshow(digit()[0, 0], cmap="Greys")
    grid[0, 0].set_title(_("image, 8 x 8"), fontsize=11)
    for row, (kernel, name) in zip(grid, (
            (ACROSS, _("filter: across, 3 x 3")),
            (DOWN, _("filter: down, 3 x 3")))):
        z = conv2d(digit(), kernel)
        largest = z.abs().max().item()
        for axes, shown, title, limit in (
                (row[1], kernel, name, 1),
                (row[2], z, _("response, 6 x 6"), largest),
                (row[3], max_pool2d(z, 2), _("largest of 2 x 2"),
                 largest)):
            axes.imshow(shown[0, 0], cmap="RdBu_r", vmin=-limit, vmax=limit)
            axes.set_title(title, fontsize=11)


def shifted():
    """The response to a shifted digit against the shifted response."""
    x = torch.zeros(1, 1, 12, 12).to(ACROSS)
    x[:, :, 2:10, 2:10] = digit()
    response, moved = (conv2d(image, ACROSS) for image in (
        x, x.roll(1, dims=3)))
    return (moved[..., 1:] - response[..., :-1]).abs().max().item()


def turns(images=1, filters=16, channels=1, size=8, kernel=3):
    """How often the innermost of six loops is run."""
    places = (size - kernel + 1) ** 2
    return images * filters * places * channels * kernel ** 2


def copies(size=28, kernel=5):
    """How many numbers the patches hold for each pixel."""
    return (size - kernel + 1) ** 2 * kernel ** 2 / size ** 2


def side(size, kernel, stride=1, padding=0):
    """How many windows lie side by side."""
    x, w = torch.zeros(1, 1, size, size), torch.zeros(1, 1, kernel, kernel)
    return conv2d(x, w, None, stride, padding).shape[3]


def left_out():
    """Pixels of an 8 x 8 image that no window of 3 x 3, stride 2, sees."""
    ones = torch.ones_like(ACROSS)
    # 3 x 3 windows, each with 3 x 3 entries
    dx, _dw, _db = conv2d_gradients(digit(), ones, ones, stride=2)
    return (dx == 0).sum().item()


@cache
def problem():
    """Two images of three channels, four filters, and G, in float64."""
    random = torch.Generator().manual_seed(0)
    return [torch.randn(*shape, generator=random, dtype=torch.float64)
            for shape in ((2, 3, 8, 8), (4, 3, 3, 3), (2, 4, 6, 6))]


def again():
    """How far dL/dx is from the convolution of G with flipped filters."""
    x, w, g = problem()
    dx, _dw, _db = conv2d_gradients(x, w, g)
    full = conv2d(g, w.flip(2, 3).transpose(0, 1), padding=2)
    return ((full - dx).abs().max() / dx.abs().max()).item()


def weights_again():
    """How far dL/dw is from the convolution of x with G as filters."""
    x, w, g = problem()
    _dx, dw, _db = conv2d_gradients(x, w, g)
    # Images as channels: the sum over the channels is that over images.
    found = conv2d(x.transpose(0, 1), g.transpose(0, 1)).transpose(0, 1)
    return ((found - dw).abs().max() / dw.abs().max()).item()


def ties():
    """The share of windows of 2 x 2 pixels that have several largest."""
    entries = digits().unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)
    largest = entries.amax(dim=4, keepdim=True)
    return ((entries == largest).sum(dim=4) > 1).double().mean().item()


def grown():
    """dL/dx if every tie gets G: how much more than G it sums up to."""
    x = digits()
    entries = x.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)
    every = (entries == entries.amax(dim=4, keepdim=True)).sum().item()
    g = torch.ones(len(x), 1, 4, 4).to(x)
    return every / max_pool2d_gradient(x, g, 2).sum().item()


def border():
    """A window at the corner of a white image: its mean, and torch's."""
    x = torch.ones(1, 1, 4, 4)
    return avg_pool2d(x, 3, stride=1, padding=1)[0, 0, 0, 0].item()


def window():
    """One row of windows: the rise across each is its response."""
    image = digit()[0, 0]
    # A window's entries, added up in each of its three columns.
    ink = image[ROW:ROW + 3].sum(dim=0)
    response = conv2d(digit(), ACROSS)[0, 0, ROW].tolist()
    columns = list(enumerate(ink.tolist()))
    windows = [[(float(j), v) for j, v in columns[n:n + 3]]
               for n in range(len(response))]
    captions = [
        _("window {n} of 6: {left:.2f} in its left column, {right:.2f} in "
          "its right one, response {z:.2f}").format(
              n=n + 1, left=ink[n].item(), right=ink[n + 2].item(), z=z)
        for n, z in enumerate(response)]
    return Experiment(
        _("column"), _("ink"), (0.0, 7.0), (-3.5, 3.5), captions,
        paths={_("response"): [(n + 1.0, z)
                               for n, z in enumerate(response)]},
        lines={_("window"): windows},
        points={_("three rows, added up"): [(float(j), v)
                                            for j, v in columns]}, start=2)
