"""The numbers, pictures and experiments of docs/init.md."""

import itertools
from functools import cache, partial

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch.activations import relu, tanh
from scratch.data import parabola
from scratch.init import (constant_, kaiming_normal_, kaiming_uniform_,
                          normal_, uniform_, xavier_uniform_, zeros_)
from scratch.losses import mse_loss
from scratch.mlp import MLP, train
from scratch.softmax_regression import SoftmaxRegression

LAYERS, WIDTH, ROWS = 10, 256, 200
# The initialisations of a layer with WIDTH inputs and outputs.
STARTS = {
    "N(0, 1)": normal_,
    "Kaiming": partial(kaiming_normal_, nonlinearity="relu"),
    "Xavier": xavier_uniform_,
    "nn.Linear": partial(kaiming_uniform_, a=5 ** 0.5),
    "N(0, 0.01²)": partial(normal_, std=0.01),
}
X, Y = parabola(100, uniform=0.2, generator=0)
LR, EPOCHS, HIDDEN = 0.1, 400, 4


def size(x):
    """The root of the mean square."""
    return x.square().mean().sqrt().item()


def through(start, function=relu, widths=(WIDTH,) * (LAYERS + 1)):
    """The size of the input, and of every layer's output."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(ROWS, widths[0], generator=generator)
    sizes = [size(x)]
    for m, n in zip(widths, widths[1:]):
        x = function(x @ start(torch.empty(n, m), generator=generator).T)
        sizes.append(size(x))
    return sizes


@cache
def after(name):
    """The size after ten layers with relu."""
    return through(STARTS[name])[-1]


def growth(mode, widths):
    """By how much the signal, and the gradient, grow on their way."""
    generator = torch.Generator().manual_seed(0)
    weights = [kaiming_normal_(torch.empty(n, m), mode=mode,
                               nonlinearity="relu", generator=generator)
               for m, n in zip(widths, widths[1:])]
    h = x = torch.randn(ROWS, widths[0], generator=generator,
                        requires_grad=True)
    for w in weights:
        h = relu(h @ w.T)
    g = torch.randn(h.shape, generator=generator)
    h.backward(g)
    return size(h) / size(x), size(x.grad) / size(g)


@cache
def trained(kind):
    """A 1-4-1 net: the weights of its hidden units, epoch by epoch."""
    model = MLP([1, HIDDEN, 1], 0)
    if kind == "constant":
        for p in model.parameters():
            constant_(p, 0.5)
    elif kind == "zeros":
        for p in model.parameters():
            zeros_(p)
    else:
        generator = torch.Generator().manual_seed(7)
        for w, b in model.layers:
            kaiming_normal_(w, nonlinearity="relu", generator=generator)
            zeros_(b)
    weights, curves, losses = [], [], []

    steps = train(model, mse_loss, X, Y, LR, EPOCHS)
    for _loss in itertools.chain([None], steps):
        output = model(X)
        weights.append(model.layers[0][0].data[:, 0].tolist())
        curves.append(output.data[:, 0].tolist())
        losses.append(mse_loss(output, Y).item())
    return weights, curves, losses


def apart(kind):
    """The largest difference between two hidden units, ever."""
    return max(max(w) - min(w) for w in trained(kind)[0])


def moved(kind):
    """The largest change of a hidden weight."""
    first, *_between, last = trained(kind)[0]
    return max(abs(a - b) for a, b in zip(first, last))


def rows_differ():
    """Softmax regression from zeros: two classes after one step."""
    model = SoftmaxRegression(2, 2)
    x = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
    logits = model(x)
    loss = torch.logsumexp(logits, 1) - logits[[0, 1], [0, 1]]
    loss.sum().backward()
    w = next(iter(model.parameters()))
    return (w.grad[0] - w.grad[1]).abs().max().item()


def kept(function):
    """The root mean square of f(z), z from N(0, 1)."""
    generator = torch.Generator().manual_seed(0)
    return size(function(torch.randn(100_000, generator=generator)))


def uniform_std():
    """The standard deviation of U(-1, 1), measured."""
    x = uniform_(torch.empty(100_000), -1, 1,
                 torch.Generator().manual_seed(0))
    return x.std().item()


def picture():
    """The signal through ten layers; hidden units that stay equal."""
    figure, (left, right) = plt.subplots(1, 2)
    for (name, start), style in zip(STARTS.items(), (
            "-^", "-o", "-s", "-v", "-x")):
        left.semilogy(through(start), style, ms=4, label=name)
    left.set(xlabel=_("layer"), ylabel=_("size of the signal"),
             xticks=range(0, LAYERS + 1, 2))
    for kind, label, style in (("Kaiming", "Kaiming", "-"),
                               ("constant", _("constant"), "--")):
        units = list(zip(*trained(kind)[0]))
        for i, unit in enumerate(units):
            right.plot(unit, style, color="C0" if style == "-" else "C1",
                       lw=2 if style == "--" else 1.2,
                       label=label if i == 0 else None)
    right.set(xlabel=_("epoch"), ylabel=_("weights of the four hidden units"),
              ylim=(-1.8, 2.4))
    named(left, right)


def gains():
    """The signal through ten layers, by the gain."""
    values = [0.1 * i for i in range(6, 21)]
    captions, lines = [], {"relu": [], "tanh": [], _("linear"): []}
    functions = dict(zip(lines, (relu, tanh, lambda x: x)))
    for gain in values:
        start = partial(normal_, std=gain / WIDTH ** 0.5)
        found = []
        for name, function in functions.items():
            sizes = through(start, function)
            lines[name].append([*map(tuple, enumerate(sizes))])
            found.append(sizes[-1])
        captions.append(_(
            "gain {gain:.2f}: after ten layers the size is {a:.2g} with "
            "relu, {b:.2g} with tanh, {c:.2g} with neither").format(
                gain=gain, **dict(zip("abc", found))))
    return Experiment(
        _("layer"), _("size of the signal"), (0.0, float(LAYERS)),
        (0.0, 3.0), captions, lines=lines, start=8)


def symmetry():
    """The curve of a 1-4-1 net from equal units, and from Kaiming's."""
    shown = sorted({0, *(round(1.2 ** i) for i in range(33)), EPOCHS})
    xs = X[:, 0].tolist()
    lines, found = {}, []
    names = {"constant": _("constant"), "Kaiming": "Kaiming"}
    for kind, name in names.items():
        _weights, curves, losses = trained(kind)
        lines[name] = [list(zip(xs, curves[n])) for n in shown]
        found.append(losses)
    captions = [_("epoch {n}: loss {a:.3f} from equal units, {b:.3f} from "
                  "Kaiming's").format(n=n, a=found[0][n], b=found[1][n])
                for n in shown]
    return Experiment(
        "x", "y", (-1.0, 1.0), (-0.2, 1.4), captions, lines=lines,
        points={_("the points"): list(zip(xs, Y[:, 0].tolist()))},
        start=len(shown) - 1)
