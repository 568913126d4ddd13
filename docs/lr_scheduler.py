"""What docs/lr_scheduler.md computes."""

import math
from functools import cache

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch import lr_scheduler as by_hand
from scratch.lr_scheduler import (CosineAnnealingLR, ExponentialLR, LinearLR,
                                  MultiStepLR, OneCycleLR, SequentialLR,
                                  StepLR)
from scratch.optim import SGD
# How far torch's recursion goes astray.
from torch_ref import lr_scheduler as by_torch
from torch_ref.optim import SGD as SGD_BY_TORCH

# The valley (x^2 + FLAT y^2) / 2 + x^4 / 4, its start, and the noise.
FLAT, START, NOISE = 0.05, 10.0, 1.0
STEPS, RUNS = 300, 500
# At the start a learning rate above it diverges.
LIMIT = 2 / (1 + START ** 2)
LOW, PEAK, WARM_UP = 0.015, 0.3, 30


def warm(optimizer, length=WARM_UP):
    """From 1 % of the learning rate up to all of it."""
    return LinearLR(optimizer, 0.01, total_iters=length)


def warm_then(after, length=WARM_UP):
    """The same, then another schedule; without length only the other."""
    def make(optimizer):
        if not length:
            return after(optimizer)
        return SequentialLR(optimizer, [warm(optimizer, length),
                                        after(optimizer)], [length])
    return make


def constant(optimizer):
    """No milestone."""
    return MultiStepLR(optimizer, [])


def half_cosine(optimizer):
    """The learning rate falls to 0 in STEPS steps."""
    return CosineAnnealingLR(optimizer, STEPS)


def rates(make, lr, steps):
    """The learning rate of each step."""
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler, found = make(optimizer), []
    for _step in range(steps):
        found += scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()
    return found


def descent(make, lr):
    """The mean height of 500 noisy runs, at the start and after each step.
    """
    p = torch.full((2, RUNS), START, dtype=torch.float64,
                   requires_grad=True)
    optimizer = SGD([p], lr)
    scheduler, noise = make(optimizer), torch.Generator().manual_seed(0)
    heights = []
    for _step in range(STEPS + 1):
        x, y = p.detach()
        heights.append(((x ** 2 + FLAT * y ** 2) / 2
                        + x ** 4 / 4).mean().item())
        p.grad = torch.stack([x + x ** 3, FLAT * y]) + NOISE * torch.randn(
            2, RUNS, dtype=torch.float64, generator=noise)
        optimizer.step()
        scheduler.step()
    return heights


@cache
def descents():
    """Four schedules on the valley."""
    return {
        "constant, low": descent(constant, LOW),
        "warm-up, constant": descent(warm_then(constant), PEAK),
        "warm-up, drops": descent(warm_then(
            lambda o: MultiStepLR(o, [120, 220])), PEAK),
        "warm-up, cosine": descent(warm_then(half_cosine), PEAK)}


@cache
def without():
    """The height after two steps at the peak, without warm-up."""
    return descent(constant, PEAK)[2]


def picture():
    """Every schedule's curve, and the height by step for four."""
    left, right = plt.figure(figsize=(7.6, 4.2)).subfigures(
        1, 2, width_ratios=(2, 1))
    curves = {
        "StepLR": lambda o: StepLR(o, 25, 0.5),
        "MultiStepLR": lambda o: MultiStepLR(o, [60, 85], 0.2),
        "ExponentialLR": lambda o: ExponentialLR(o, 0.96),
        "LinearLR": lambda o: LinearLR(o, 0.1, total_iters=20),
        "CosineAnnealingLR": lambda o: CosineAnnealingLR(o, 100),
        "OneCycleLR": lambda o: OneCycleLR(o, 1.0, 100),
        "SequentialLR": lambda o: SequentialLR(
            o, [LinearLR(o, 0.1, total_iters=10),
                CosineAnnealingLR(o, 90)], [10])}
    grid = left.subplots(3, 3, sharex=True, sharey=True)
    for axes, (name, make) in zip(grid.flat, curves.items()):
        axes.plot(rates(make, 1.0, 100), lw=1.5)
        axes.set_title(name, size="small")
        axes.set(xticks=[0, 100], yticks=[0, 1], ylim=(-0.05, 1.05))
    for axes in grid.flat[len(curves):]:
        axes.axis("off")
    left.supxlabel(_("step"), size="small", x=0.2)
    left.supylabel(_("learning rate, in lr0"), size="small")
    axes = right.subplots()
    labels = (_("constant, low"), _("then constant"), _("then drops"),
              _("then half a cosine"))
    for label, heights in zip(labels, descents().values()):
        axes.semilogy(heights, lw=1.2, label=label)
    axes.set(xlabel=_("step"), ylabel=_("mean height"), ylim=(3e-3, 1e4))
    named(axes)


def length_of_warm_up():
    """The valley, with a warm-up of 0 to 40 steps."""
    lengths = [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40]
    names = {_("then constant"): constant, _("then half a cosine"):
             half_cosine}
    frames: dict = {name: [] for name in names}
    captions = []
    for length in lengths:
        ends = []
        for name, after in names.items():
            heights = descent(warm_then(after, length), PEAK)
            ends.append(heights[-1])
            frames[name].append([
                (float(step), math.log10(height))
                for step, height in enumerate(heights)
                if 0 < height < 1e6 and (step < 40 or step % 5 == 0)])
        captions.append(_(
            "warm-up of {n} steps: the last height is {a:.2g} with a "
            "constant learning rate, {b:.2g} with half a cosine").format(
                n=length, a=ends[0], b=ends[1])
            if math.isfinite(ends[0]) else
            _("warm-up of {n} steps: it diverges").format(n=length))
    return Experiment(_("step"), _("log10 of the mean height"),
                      (0.0, float(STEPS)), (-3.0, 6.0), captions,
                      lines=frames, start=len(lengths) - 2)


def half_periods():
    """100 steps of half a cosine, meant for 20 to 200."""
    sizes = list(range(20, 201, 10))
    lines, captions = [], []
    for size in sizes:
        found = rates(lambda o: CosineAnnealingLR(o, size), 1.0, 101)
        lines.append([(float(t), lr) for t, lr in enumerate(found)])
        captions.append(_(
            "T_max = {n}: after 100 steps the learning rate is {lr:.2f} "
            "lr0").format(n=size, lr=found[-1]))
    return Experiment("t", _("learning rate"), (0.0, 100.0), (0.0, 1.05),
                      captions, lines={_("learning rate"): lines},
                      start=sizes.index(100))


@cache
def astray(T_max):
    """How far torch's cosine gets from the formula in its first period,
    in eps of lr0, for eta_min = lr0 / 100.
    """
    def make(side, optimizer):
        return side.CosineAnnealingLR(optimizer, T_max, 0.01)

    hand = rates(lambda o: make(by_hand, o), 1.0, 2 * T_max + 1)
    optimizer = SGD_BY_TORCH([torch.zeros(1, requires_grad=True)], 1.0)
    scheduler, worst = make(by_torch, optimizer), 0.0
    optimizer.step()
    for lr in hand:
        worst = max(worst, abs(scheduler.get_last_lr()[0] - lr))
        scheduler.step()
    return worst / 2 ** -52


def batches_for_epochs():
    """StepLR(30) for epochs, called for each of 100 batches: 1 epoch on."""
    return rates(lambda o: StepLR(o, 30), 1.0, 101)[-1]
