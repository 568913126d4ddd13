"""What docs/cnn.md computes."""

from dataclasses import replace
from functools import cache

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch.front_door.cnn.images import read
from torch_ref.cnn import CNN, RECIPES, Training, classify, evaluate

SEEDS = 0, 1, 2
# There are few digits: small batches give enough steps.
FAST = replace(RECIPES["fast"], batch_size=16)
CHANGES = {"no cycle": {"one_cycle": False},
           "no smoothing": {"label_smoothing": 0.0},
           "no cycle, batch norm": {"one_cycle": False}}
OPTIONS = {"batch norm": {"norm": "batch"}, "dropout": {"dropout": 0.5},
           "no cycle, batch norm": {"norm": "batch"}}
SHIFTS, ROW = 9, 14


@cache
def digits():
    """x, x_test, y, y_test: scikit-learn's digits, enlarged, float32."""
    x, x_test, y, y_test = read("digits", None, 0)
    return x.float(), x_test.float(), y, y_test


def trained(name="fast", seed=0):
    """One epoch: the network, each step's loss and learning rate."""
    return _trained(name, seed)


@cache
def _trained(name, seed):
    x, _x_test, y, _y_test = digits()
    recipe = replace(FAST, **CHANGES.get(name, {}))
    model = CNN(mean(), std(), seed, **OPTIONS.get(name, {})).float()
    training = Training(model, x, y, recipe, seed=seed)
    losses, rates = [], []
    steps = iter(training)
    while training.step < training.steps:
        rates.append(training.optimizer.param_groups[0]["lr"])
        losses.append(next(steps).item())
    return model, losses, rates


def responses(images, name="fast"):
    """The first layer's output, after ReLU: (n, 16, 28, 28)."""
    model = trained(name)[0]
    x = (images - model.mean) / model.std
    return F.relu(model.conv1(x)).detach()


def picture():
    """Three filters and their responses; the loss of two recipes."""
    figure = plt.figure()
    left, right = figure.subfigures(1, 2, width_ratios=(1.1, 1))
    x_test, y_test = digits()[1], digits()[3]
    image = x_test[y_test == 0][:1]
    found = responses(image)[0]
    weights = trained()[0].conv1.weight.detach()
    grid = left.subplots(3, 3)
    for axes in grid.flat:
        axes.axis("off")
    grid[1, 0].imshow(image[0, 0], cmap="Greys")
    grid[1, 0].set_title(_("image"), fontsize=11)
    chosen = found.std(dim=(1, 2)).argsort(descending=True)[:3]
    for row, k in enumerate(chosen.tolist()):
        largest = weights[k].abs().max().item()
        grid[row, 1].imshow(weights[k, 0], cmap="RdBu_r",
                            vmin=-largest, vmax=largest)
        grid[row, 2].imshow(found[k], cmap="Greys")
    grid[0, 1].set_title(_("filter"), fontsize=11)
    grid[0, 2].set_title(_("response"), fontsize=11)
    axes = right.subplots()
    axes.plot(trained("no cycle")[1], "--", color="C1",
              label=_("constant lr 0.01"))
    axes.plot(trained()[1], color="C0",
              label=_("one cycle up to 0.01"))
    axes.set(xlabel=_("step"), ylabel=_("loss"), ylim=(0, None))
    named(axes)


@cache
def accuracies(name):
    """The test accuracy for each seed, ascending."""
    _x, x_test, _y, y_test = digits()
    return sorted(evaluate(trained(name, seed)[0], x_test, y_test)
                  for seed in SEEDS)


def alive(name):
    """The fraction of the second layer's outputs that ReLU passes."""
    model = trained(name)[0]
    z = model.conv2(F.max_pool2d(responses(digits()[1], name), 2))
    return (z > 0).double().mean().item()


def mean():
    """The mean pixel of the training set."""
    return digits()[0].mean().item()


def std():
    """The standard deviation of the training set's pixels."""
    return digits()[0].std().item()


def confidence(name):
    """The mean probability of the predicted class."""
    logits = trained(name)[0](digits()[1]).detach()
    return logits.softmax(dim=1).amax(dim=1).mean().item()


def smoothed_floor():
    """The smallest possible loss with label smoothing 0.1."""
    q = torch.full((10,), 0.01)
    q[0] += 0.9
    return -(q * q.log()).sum().item()


def softmax_floor():
    """The smallest possible loss if softmax comes before it."""
    return -torch.eye(10)[0].log_softmax(dim=0)[0].item()


def size(module):
    """How many parameters the network has."""
    return sum(p.numel() for p in module.parameters())


def commuting():
    """The largest difference if pooling comes before ReLU."""
    z = trained()[0].conv1(digits()[1]).detach()
    return (F.max_pool2d(F.relu(z), 2)
            - F.relu(F.max_pool2d(z, 2))).abs().max().item()


@cache
def moved():
    """A 1, moved by 4 pixels to the left up to 4 to the right."""
    _x, x_test, _y, y_test = digits()
    one = x_test[y_test == 1][0]
    return torch.stack([one.roll(shift, dims=2)
                        for shift in range(-4, SHIFTS - 4)])


def correct(images, label):
    """How many of the images the network gives this label."""
    return (classify(trained()[0], images) == label).sum().item()


def follow(pooled):
    """Measure how well responses follow an image moved by 2 pixels.

    Return the largest difference, away from the border, relative to the
    largest response.
    """
    found = responses(moved())
    step = 2
    if pooled:
        found, step = F.max_pool2d(found, 2), 1
    edge = 8 // (2 if pooled else 1)
    a = found[:-2, :, :, edge:-edge - step]
    b = found[2:, :, :, edge + step:-edge]
    return ((a - b).abs().max() / found.max()).item()


def shift():
    """One row of one filter's response, as the image moves."""
    images = moved()
    found = responses(images)
    pooled = F.max_pool2d(found, 2)
    k = found[4, :, ROW].amax(dim=1).argmax().item()
    response = [[(float(j), v) for j, v in enumerate(row)]
                for row in found[:, k, ROW].tolist()]
    after = [[(2 * j + 0.5, v) for j, v in enumerate(row)]
             for row in pooled[:, k, ROW // 2].tolist()]
    top = 1.4 * pooled[:, k, ROW // 2].max().item()
    captions = []
    for n in range(SHIFTS):
        best, best_pooled = (int(part[n, k, row].argmax()) for part, row in (
            (found, ROW), (pooled, ROW // 2)))
        captions.append(_(
            "moved by {n}: the largest response is at column {a} of 28, "
            "after pooling at {b} of 14").format(
                n=n, a=best, b=best_pooled))
    return Experiment(_("column"), _("response"), (0.0, 27.0), (0.0, top),
                      captions, lines={_("response"): response,
                                       _("pooled"): after},
                      points={_("4 pixels to the left"): response[0]}, start=3)


def cycle():
    """Loss and learning rate by step, with the cycle and without."""
    _model, losses, rates = trained()
    flat = trained("no cycle")[1]
    shown = list(range(1, len(losses), 2))
    captions = [_("step {n}: lr {lr:.2g}, loss {a:.2f} with the cycle, "
                  "{b:.2f} with a constant lr of 0.01").format(
                      n=n + 1, lr=rates[n], a=losses[n], b=flat[n])
                for n in shown]

    def path(values):
        return [(float(n + 1), values[n]) for n in shown]

    return Experiment(
        _("step"), _("loss"), (1.0, float(len(losses))), (0.0, 3.4),
        captions, paths={
            _("one cycle"): path(losses),
            _("constant lr 0.01"): path(flat),
            _("learning rate, in hundredths"): path(
                [100 * rate for rate in rates])},
        start=len(shown) - 1)
