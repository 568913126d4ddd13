"""The numbers and pictures of docs/backprop.md."""

import math
from functools import cache, partial

import matplotlib.pyplot as plt

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
from scratch import data
from scratch.activations import sigmoid, softmax
from scratch.backprop import (binary_cross_entropy_with_logits_gradient,
                              cross_entropy_gradient, linear_input_gradient,
                              linear_parameter_gradients, mlp_gradients,
                              relu_gradient, softmax_regression_gradients,
                              train)
from scratch.losses import accuracy
from scratch.mlp import MLP
from scratch.softmax_regression import SoftmaxRegression, classify
from scratch.tensors import numerical_gradient

DEEP = [30, *[32] * 6, 1]
EPS = [10.0 ** -k for k in range(1, 13)]
LR, STEPS, EVERY = 0.5, 300, 5


@cache
def table():
    """The breast-cancer table: standardised columns, labels (n, 1)."""
    x, y = data.breast_cancer()
    return data.standardize(x, x), y[:, None].to(x.dtype)


def backward(model, x, y, through_relu=relu_gradient):
    """`mlp_gradients`, and the error signal at each layer's output."""
    layers = [(w.data, b.data) for w, b in model.layers]
    h = [x]
    for w, b in layers[:-1]:
        h.append((h[-1] @ w.T + b).clamp(min=0))
    w, b = layers[-1]
    loss, upstream = binary_cross_entropy_with_logits_gradient(
        h[-1] @ w.T + b, y)
    gradients = [*linear_parameter_gradients(h[-1], upstream)]
    signals = [upstream]
    for i in range(len(layers) - 1, 0, -1):
        upstream = linear_input_gradient(layers[i][0], upstream)
        upstream = through_relu(h[i], upstream)
        gradients[:0] = linear_parameter_gradients(h[i - 1], upstream)
        signals.insert(0, upstream)
    return loss, gradients, signals


@cache
def travel(steps):
    """Before each step: loss, and root mean square of the signals."""
    x, y = table()
    model = MLP(DEEP)
    found = []
    for _step in range(steps):
        loss, gradients, signals = backward(model, x, y)
        found.append((loss.item(), [
            g.square().mean().sqrt().item() for g in signals]))
        for p, slope in zip(model.parameters(), gradients):
            p.data.sub_(slope, alpha=LR)
    return found


def sigmoid_twice(input, target):
    """The bug `sigmoid-slope-twice`."""
    loss, slope = binary_cross_entropy_with_logits_gradient(input, target)
    s = sigmoid(input)
    return loss, slope * s * (1 - s)


def without_relu(model, x, y):
    """The bug `relu-forgotten-on-the-way-back`."""
    return backward(model, x, y, lambda output, upstream: upstream)[:2]


NETS = {"right": mlp_gradients, "relu": without_relu,
        "sigmoid": partial(mlp_gradients, loss_gradient=sigmoid_twice)}


@cache
def checks():
    """Measure the error of each gradient of NETS, for each eps.

    The reference is central differences. The error is relative to the
    largest entry of the gradient.
    """
    x, y = (part[:50] for part in table())
    model = MLP([30, 4, 4, 1])
    claims = {name: gradients(model, x, y)[1]
              for name, gradients in NETS.items()}
    errors = {name: [] for name in NETS}
    for eps in EPS:
        slopes = []
        for p in model.parameters():
            start = p.data

            def loss(values):
                p.data = values
                return mlp_gradients(model, x, y)[0]

            slopes.append(numerical_gradient(loss, start, eps))
            p.data = start
        for name, claim in claims.items():
            errors[name].append(_largest(
                a - b for a, b in zip(claim, slopes)) / _largest(claim))
    return errors


def _largest(tensors):
    return max(tensor.abs().max().item() for tensor in tensors)


def picture():
    """The error signal in seven layers; the error of three gradients."""
    figure, (left, right) = plt.subplots(1, 2)
    signals = [sizes for _loss, sizes in travel(150)]
    last = len(DEEP) - 1
    for layer in range(last, 0, -1):
        left.semilogy([sizes[layer - 1] for sizes in signals],
                      color="C0" if layer in (1, last) else "0.65",
                      label=_("layer {n}").format(n=layer)
                      if layer in (1, last) else None)
    left.set(xlabel=_("step"), ylabel=_("size of the error signal"))
    for errors, label, style in zip(
            checks().values(),
            (_("right"), _("relu forgotten"), _("sigmoid's slope twice")),
            ("-o", "--s", ":^")):
        right.loglog(EPS, errors, style, ms=4, label=label)
    right.set(xlabel=_("eps of the central differences"),
              ylabel=_("error of the gradient"), ylim=(1e-12, 1e2))
    named(left, right)


def per_layer():
    """The factor by which a hidden layer shrinks the initial signal."""
    first, *_others, last, _output = travel(1)[0][1]
    return (first / last) ** (1 / (len(DEEP) - 3))


def best():
    """The best eps for the right gradient, by its place in EPS."""
    errors = checks()["right"]
    return errors.index(min(errors))


@cache
def losses(name):
    """Train the net 30-32-64-1 with one of NETS, all rows in every step."""
    return list(train(MLP([30, 32, 64, 1]), NETS[name], *table(), LR,
                      STEPS))


def entry_by_entry(model, x, y):
    """The bug `softmax-entry-by-entry`."""
    w, b = (p.data for p in model.parameters())
    logits = x @ w.T + b
    loss, upstream = cross_entropy_gradient(logits, y)
    p = softmax(logits, dim=1)
    return loss, [*linear_parameter_gradients(x, upstream * p * (1 - p))]


@cache
def ten_digits(gradients=softmax_regression_gradients):
    """Loss and accuracy after 60 steps on all digits at lr 0.5."""
    x, y = data.digits()
    model = SoftmaxRegression()
    *_others, last = train(model, gradients, x, y, 0.5, 60)
    return last, accuracy(classify(model, x), y)


def signal():
    """The signal at each layer, before every third step."""
    found = travel(150)[::3]
    frames = [[(float(layer), math.log10(size))
               for layer, size in enumerate(sizes, 1)]
              for _loss, sizes in found]
    captions = [
        _("after {n} steps: loss {loss:.3f}; the signal at layer 1 is "
          "{share:.2g} of that at layer 7").format(
              n=3 * n, loss=loss, share=sizes[0] / sizes[-1])
        for n, (loss, sizes) in enumerate(found)]
    return Experiment(_("layer"), _("log10 of the signal's size"),
                      (1.0, 7.0), (-7.0, -2.5), captions,
                      lines={_("the error signal"): frames})


def wrong():
    """The losses of one net with three gradients."""
    runs = {_("right"): losses("right"),
            _("relu forgotten"): losses("relu"),
            _("sigmoid's slope twice"): losses("sigmoid")}
    shown = list(range(0, STEPS, EVERY))
    captions = [
        _("after {n} steps: right {a:.4f}, relu forgotten {b:.4f}, "
          "sigmoid's slope twice {c:.4f}").format(
              n=n, **dict(zip("abc", (run[n] for run in runs.values()))))
        for n in shown]
    return Experiment(
        _("step"), _("loss"), (0.0, float(shown[-1])), (0.0, 0.75),
        captions, paths={
            name: [(float(n), run[n]) for n in shown]
            for name, run in runs.items()}, start=len(shown) - 1)
