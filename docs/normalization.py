"""The numbers, pictures and experiments of docs/normalization.md."""

from functools import cache

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch.activations import relu
from scratch.data import digits
from scratch.init import kaiming_normal_, normal_
from scratch.losses import cross_entropy
from scratch.normalization import (BatchNorm, LayerNorm, batch_norm,
                                   batch_norm_gradients, layer_norm)

LAYERS, WIDTH, ROWS = 10, 256, 200
STEPS, BATCH = 100, 64
RATES = [10 ** (k / 2) for k in range(-5, 4)]
NORMS = {"none": None, "BatchNorm": BatchNorm, "LayerNorm": LayerNorm}
# Without weight and bias, for nets in a stack.
NORMALIZE = {
    # The units of all nets side by side are the channels.
    "BatchNorm": lambda h: batch_norm(
        h.transpose(0, 1).flatten(1), None, None, training=True,
        ).unflatten(1, h.shape[::2]).transpose(0, 1),
    "LayerNorm": lambda h: layer_norm(h, h.shape[-1:])}
EPS32 = torch.finfo(torch.float32).eps


def size(x):
    """The root of the mean square."""
    return x.square().mean().sqrt().item()


@cache
def drawn():
    """The rows, and the weights of ten layers, all from N(0, 1)."""
    generator = torch.Generator().manual_seed(0)
    return torch.randn(ROWS, WIDTH, generator=generator), [
        normal_(torch.empty(WIDTH, WIDTH), generator=generator)
        for _layer in range(LAYERS)]


@cache
def through(std, norm="none"):
    """The size of a signal after each of ten layers, before relu."""
    x, weights = drawn()
    sizes = [size(x)]
    for w in weights:
        x = x @ (std * w).T
        if norm != "none":
            x = NORMS[norm](WIDTH)(x).detach()
        sizes.append(size(x))
        x = relu(x)
    return sizes


@cache
def losses_after(norm):
    """Mean loss of the last 10 of 100 steps, for each learning rate.

    5 layers on the digits. The nets of all the rates train in one
    stack, (rates, rows, features).
    """
    x, y = digits()
    generator = torch.Generator().manual_seed(0)
    widths = [64, 32, 32, 32, 32, 10]
    layers, parameters = [], []
    for m, n in zip(widths, widths[1:]):
        w = kaiming_normal_(torch.empty(n, m), nonlinearity="relu",
                            generator=generator)
        # w and b of the layer, then those of its norm
        layer = [p.expand(len(RATES), *p.shape).clone().requires_grad_()
                 for p in (w, torch.zeros(1, n), torch.ones(1, n),
                           torch.zeros(1, n))]
        layers.append(layer)
        parameters += layer
    rates, losses = torch.tensor(RATES)[:, None, None], []
    for _step in range(STEPS):
        rows = torch.randint(len(x), (BATCH,), generator=generator)
        h = x[rows].expand(len(RATES), BATCH, 64)
        for w, b, scale, shift in layers:
            h = h @ w.mT + b
            if w is not layers[-1][0]:
                if norm != "none":
                    h = NORMALIZE[norm](h) * scale + shift
                h = relu(h)
        each = torch.stack([cross_entropy(one, y[rows]) for one in h])
        each.sum().backward()
        for p in parameters:
            # A layer without a norm leaves scale and shift unused.
            if p.grad is not None:
                p.data.sub_(rates * p.grad)
                p.grad = None
        losses.append(each.detach())
    # What is no number is off the scale.
    found = sum(losses[-10:]) / 10
    return found.where(found < 10, 10.0).tolist()


def loss_after(norm, lr):
    """The loss of the net with this learning rate."""
    return losses_after(norm)[RATES.index(lr)]


def lowest(norm):
    """The lowest loss, and the learning rate at which it is reached."""
    return min((loss_after(norm, lr), lr) for lr in RATES)


def picture():
    """The signal through ten layers; the loss by the learning rate."""
    figure, (left, right) = plt.subplots(1, 2)
    for std, style in ((1.0, "-^"), (0.01, "-v")):
        left.semilogy(through(std), style, ms=4, label=f"N(0, {std:g}²)")
    for std, style in ((1.0, "--o"), (0.01, ":x")):
        left.semilogy(through(std, "BatchNorm"), style, ms=4,
                      label=f"N(0, {std:g}²), BatchNorm")
    left.set(xlabel=_("layer"), ylabel=_("size of the signal"),
             xticks=range(0, LAYERS + 1, 2))
    for norm, style in zip(NORMS, ("-^", "-o", "-s")):
        right.loglog(RATES, [loss_after(norm, lr) for lr in RATES], style,
                     ms=4, label=_("none") if norm == "none" else norm)
    right.set(xlabel=_("learning rate"),
              ylabel=_("loss after {n} steps").format(n=STEPS))
    named(left, right)


@cache
def examples():
    """A batch of 8, by channel: var / n, var / (n - 1), their ratio."""
    x = torch.randn(8, 1, generator=torch.Generator().manual_seed(0))
    mean, var = torch.zeros(1), torch.ones(1)
    y = batch_norm(x, mean, var, training=True, momentum=1.0)
    return x.var(correction=0).item(), var.item(), size(y)


def cancels():
    """dL/dx of batch_norm: its sum, and that of its absolute values."""
    generator = torch.Generator().manual_seed(0)
    x, g = torch.randn(2, 32, 1, generator=generator)
    dx, _dw, _db = batch_norm_gradients(x, torch.ones(1), g)
    return dx.sum().item(), dx.abs().sum().item()


def along():
    """dL/dx for G = z, relative to G / std: of a line nothing is left."""
    x = torch.randn(32, 1, generator=torch.Generator().manual_seed(0))
    z = batch_norm(x, None, None, training=True)
    dx, _dw, _db = batch_norm_gradients(x, torch.ones(1), z)
    return (dx.abs().max() / z.abs().max()).item()


@cache
def passes():
    """At 10,000 +- 1: the error of std in eps, for one pass and two."""
    x = 10_000 + torch.randn(
        200, 12, generator=torch.Generator().manual_seed(0),
        dtype=torch.float32)
    wide = x.double()
    exact = (wide.var(dim=1, correction=0) + 1e-5).sqrt()
    found = {"textbook": (x.square().mean(1) - x.mean(1) ** 2 + 1e-5)}
    torchs = torch.native_layer_norm(x, [12], None, None, 1e-5)[2]
    found["torch"] = torchs.flatten() ** -2
    d = x - x.mean(dim=1, keepdim=True)
    found["hand"] = d.square().mean(1) + 1e-5
    return {name: ((var.double().clamp(min=0).sqrt() / exact - 1).abs()
                   .max() / EPS32).item() for name, var in found.items()}


def one_row():
    """How far y of a row moves when another row of the batch changes."""
    x = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))
    other = x.clone()
    other[1:] += 1
    found = []
    for function in (lambda t: batch_norm(t, None, None, training=True),
                     lambda t: layer_norm(t, [4])):
        found.append((function(x)[0] - function(other)[0]).abs().max())
    return [value.item() for value in found]


@cache
def followed(momentum):
    """Batch means of 16, and the running mean after each, from 0."""
    layer = BatchNorm(1, momentum=momentum)
    generator = torch.Generator().manual_seed(0)
    batches, running = [], [0.0]
    for _step in range(40):
        x = 2 + torch.randn(16, 1, generator=generator)
        layer(x)
        batches.append(x.mean().item())
        running.append(layer.running_mean.item())
    return batches, running


def following():
    """The running mean, by its momentum."""
    values = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0]
    lines, captions = [], []
    for momentum in values:
        batches, running = followed(momentum)
        lines.append([*map(tuple, enumerate(running))])
        late = torch.tensor(running[21:])
        captions.append(_(
            "momentum {m:g}: after 40 batches the running mean is {a:.2f}; "
            "in the last 20 it has varied by {b:.2f}").format(
                m=momentum, a=running[-1],
                b=(late.max() - late.min()).item()))
    batches, _running = followed(0.1)
    return Experiment(
        _("batch"), _("mean"), (0.0, 40.0), (0.0, 3.0), captions,
        lines={_("running mean"): lines},
        points={_("batch means"): [
            (float(i + 1), m) for i, m in enumerate(batches)]}, start=2)


def rates():
    """The signal through ten layers, by the weights' std."""
    values = [10 ** (k / 8) for k in range(-20, 1)]
    lines, captions = {"none": [], "BatchNorm": [], "LayerNorm": []}, []
    for std in values:
        for norm, found in lines.items():
            found.append([(float(i), one) for i, one in enumerate(
                through(std, norm))])
        captions.append(_(
            "std {std:.3g}: after ten layers the size is {a:.2g} without, "
            "{b:.2g} with BatchNorm, {c:.2g} with LayerNorm").format(
                std=std, **{key: through(std, norm)[-1] for key, norm in zip(
                    "abc", NORMS)}))
    return Experiment(
        _("layer"), _("size of the signal"), (0.0, float(LAYERS)),
        (0.0, 3.0), captions, lines={
            _(name): line for name, line in lines.items()}, start=8)
