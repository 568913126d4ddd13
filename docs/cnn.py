"""What docs/cnn.md computes."""

from dataclasses import replace
from functools import cache

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

from docs.site.experiment import Experiment
from docs.site.words import _
from scratch.front_door.cnn.images import read
from torch_ref.cnn import CNN, RECIPES, Training, classify, evaluate

SEEDS = 0, 1, 2
# The digits are few: small batches, for enough steps.
FAST = replace(RECIPES["fast"], batch_size=16)
CHANGES = {"fast": {}, "no cycle": {"one_cycle": False},
           "no smoothing": {"label_smoothing": 0.0}}
SHIFTS, ROW = 9, 14


@cache
def digits():
    """scikit-learn's digits, enlarged, in float32."""
    x, x_test, y, y_test = read("digits", None, 0)
    return x.float(), x_test.float(), y, y_test


def trained(name="fast", seed=0):
    """One epoch: the net, and loss and learning rate of each step."""
    return _trained(name, seed)


@cache
def _trained(name, seed):
    x, _x_test, y, _y_test = digits()
    recipe = replace(FAST, **CHANGES[name])
    model = CNN(mean(), spread(), seed).float()
    training = Training(model, x, y, recipe, seed=seed)
    losses, rates = [], []
    steps = iter(training)
    while training.step < training.steps:
        rates.append(training.optimizer.param_groups[0]["lr"])
        losses.append(next(steps).item())
    return model, losses, rates


def answers(images, name="fast"):
    """What the first layer says of them, after relu: (n, 16, 28, 28)."""
    model = trained(name)[0]
    x = (images - model.mean) / model.std
    return F.relu(model.conv1(x)).detach()


def picture():
    """Three filters and what they answer; the loss of two recipes."""
    figure = plt.figure()
    left, right = figure.subfigures(1, 2, width_ratios=(1.1, 1))
    x_test, y_test = digits()[1], digits()[3]
    image = x_test[y_test == 0][:1]
    found = answers(image)[0]
    weights = trained()[0].conv1.weight.detach()
    grid = left.subplots(3, 3)
    for axes in grid.flat:
        axes.axis("off")
    grid[1, 0].imshow(image[0, 0], cmap="Greys")
    grid[1, 0].set_title("image", fontsize=9)
    chosen = found.std(dim=(1, 2)).argsort(descending=True)[:3]
    for row, k in enumerate(chosen.tolist()):
        largest = weights[k].abs().max().item()
        grid[row, 1].imshow(weights[k, 0], cmap="RdBu", vmin=-largest,
                            vmax=largest)
        grid[row, 2].imshow(found[k], cmap="Greys")
    grid[0, 1].set_title("filter", fontsize=9)
    grid[0, 2].set_title("answer", fontsize=9)
    axes = right.subplots()
    axes.plot(trained("no cycle")[1], "--", color="C1",
              label="lr 0.01 all the time")
    axes.plot(trained()[1], color="C0", label="one cycle up to 0.01")
    axes.set(xlabel="step", ylabel="loss", ylim=(0, None))
    axes.legend(fontsize=9)


@cache
def accuracies(name):
    """On the digits that were held back, for each seed, sorted."""
    _x, x_test, _y, y_test = digits()
    return sorted(evaluate(trained(name, seed)[0], x_test, y_test)
                  for seed in SEEDS)


def lowest_fast():
    """The worst of the seeds."""
    return accuracies("fast")[0]


def highest_fast():
    """The best of the seeds."""
    return accuracies("fast")[-1]


def lowest_no_cycle():
    """Without the cycle."""
    return accuracies("no cycle")[0]


def highest_no_cycle():
    """Without the cycle."""
    return accuracies("no cycle")[-1]


def alive(name):
    """Share of the second layer's answers that relu lets through."""
    model = trained(name)[0]
    z = model.conv2(F.max_pool2d(answers(digits()[1], name), 2))
    return (z > 0).double().mean().item()


def alive_fast():
    """With the cycle."""
    return alive("fast")


def alive_no_cycle():
    """Without it, in the picture's net."""
    return alive("no cycle")


def mean():
    """Of the images that it learns."""
    return digits()[0].mean().item()


def spread():
    """Of the images that it learns."""
    return digits()[0].std().item()


def confidence(name):
    """The mean probability of the class that is named."""
    logits = trained(name)[0](digits()[1]).detach()
    return logits.softmax(dim=1).amax(dim=1).mean().item()


def sure_with():
    """With label smoothing."""
    return confidence("fast")


def sure_without():
    """Without label smoothing."""
    return confidence("no smoothing")


def smoothed_floor():
    """The least loss that label smoothing of 0.1 leaves."""
    q = torch.full((10,), 0.01)
    q[0] += 0.9
    return -(q * q.log()).sum().item()


def softmax_floor():
    """The least cross-entropy of softmax of a probability of 1."""
    return -torch.eye(10)[0].log_softmax(dim=0)[0].item()


def held_back():
    """How many digits it is not shown."""
    return len(digits()[3])


def training_steps():
    """Of the one epoch."""
    return len(trained()[1])


def weights_conv():
    """Of the first layer."""
    return sum(p.numel() for p in trained()[0].conv1.parameters())


def weights_linear():
    """Of a linear layer that leads to as many answers."""
    return (28 * 28 + 1) * 16 * 28 * 28


def weights_all():
    """Of the net."""
    return sum(p.numel() for p in trained()[0].parameters())


def commuting():
    """Largest difference of relu before and after the pooling."""
    z = trained()[0].conv1(digits()[1]).detach()
    return (F.max_pool2d(F.relu(z), 2)
            - F.relu(F.max_pool2d(z, 2))).abs().max().item()


@cache
def moved():
    """A 1, from 4 pixels left of its place to 4 on the right."""
    _x, x_test, _y, y_test = digits()
    one = x_test[y_test == 1][0]
    return torch.stack([one.roll(shift, dims=2)
                        for shift in range(-4, SHIFTS - 4)])


def positions():
    """How many of them there are."""
    return SHIFTS


def read_rightly():
    """How many of the moved images are read as a 1."""
    return (classify(trained()[0], moved()) == 1).sum().item()


def follow(pooled):
    """Largest change of an answer when its image moves by 2 pixels.

    Of the places that see no border; as a share of the largest answer.
    """
    found = answers(moved())
    step = 2
    if pooled:
        found, step = F.max_pool2d(found, 2), 1
    edge = 8 // (2 if pooled else 1)
    a = found[:-2, :, :, edge:-edge - step]
    b = found[2:, :, :, edge + step:-edge]
    return ((a - b).abs().max() / found.max()).item()


def follow_answer():
    """Before the pooling."""
    return follow(False)


def follow_pooled():
    """And after it."""
    return follow(True)


def shift():
    """One row of one filter's answer, as the image moves."""
    images = moved()
    found = answers(images)
    pooled = F.max_pool2d(found, 2)
    k = found[4, :, ROW].amax(dim=1).argmax().item()
    answer = [[(float(j), v) for j, v in enumerate(row)]
              for row in found[:, k, ROW].tolist()]
    after = [[(2 * j + 0.5, v) for j, v in enumerate(row)]
             for row in pooled[:, k, ROW // 2].tolist()]
    top = 1.4 * pooled[:, k, ROW // 2].max().item()
    captions = []
    for n in range(SHIFTS):
        best, best_pooled = (int(part[n, k, row].argmax()) for part, row in (
            (found, ROW), (pooled, ROW // 2)))
        captions.append(_(
            "moved by {n}: the largest answer is at column {a} of 28, and "
            "after the pooling at {b} of 14").format(
                n=n, a=best, b=best_pooled))
    return Experiment(_("column"), _("answer"), (0.0, 27.0), (0.0, top),
                      captions, lines={_("answer"): answer,
                                       _("pooled"): after},
                      points={_("4 pixels to the left"): answer[0]}, start=3)


def cycle():
    """Loss and learning rate by step, with the cycle and without."""
    _model, losses, rates = trained()
    flat = trained("no cycle")[1]
    shown = list(range(1, len(losses), 2))
    captions = [_("step {n}: lr {lr:.2g}, loss {a:.2f} with the cycle, "
                  "{b:.2f} with lr 0.01 all the time").format(
                      n=n + 1, lr=rates[n], a=losses[n], b=flat[n])
                for n in shown]

    def path(values):
        return [(float(n + 1), values[n]) for n in shown]

    return Experiment(
        _("step"), _("loss"), (1.0, float(len(losses))), (0.0, 3.4),
        captions, paths={
            _("one cycle"): path(losses),
            _("lr 0.01 all the time"): path(flat),
            _("learning rate, in hundredths"): path(
                [100 * rate for rate in rates])},
        start=len(shown) - 1)
