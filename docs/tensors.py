"""The numbers, pictures and experiments of docs/tensors.md."""

from functools import cache
from math import log10

import matplotlib.pyplot as plt
import numpy as np
import torch

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
# The page calls lerp.
from scratch.tensors import lerp  # noqa: F401
from scratch.tensors import (from_numpy, gradient, mean_square,
                             numerical_gradient)

FOUR = torch.tensor([1.0, 2.0, 3.0, 4.0])
STEPS = [10 ** (-i / 4) for i in range(53)]
# The default step of numerical_gradient.
DEFAULT = 1e-6
# u: half the distance from 1 to the next number.
U32, U64 = (torch.finfo(dtype).eps / 2
            for dtype in (torch.float32, torch.float64))
FAR, NEAR = (torch.tensor([x], dtype=torch.float32) for x in (1e8, 1.0))


def exponential(x):
    """A function whose third derivative is not 0."""
    return torch.exp(x).sum()


def one_sided(function, x, eps):
    """The slope from one side, at a single number."""
    return (function(x + eps) - function(x)) / eps


@cache
def errors(function, dtype=torch.float64, find=numerical_gradient):
    """The largest error for each step, over 40 points in [0.5, 1.5]."""
    points = torch.linspace(0.5, 1.5, 40).to(dtype)
    found = []
    for eps in STEPS:
        found.append(max(
            abs(find(function, x, eps).item()
                - gradient(function, x.double()).item())
            for x in points.reshape(-1, 1)))
    return found


def picture():
    """Some secants, and the error of their slopes."""
    figure, (left, right) = plt.subplots(1, 2)
    x = np.linspace(-2.2, 2.2, 100)
    left.plot(x, np.exp(x), color="0.4", lw=3)
    zero = torch.zeros(1)
    for eps, style in (2.0, ":"), (1.0, "--"), (0.1, "-"):
        slope = numerical_gradient(exponential, zero, eps).item()
        middle = np.cosh(eps)
        left.plot(x, middle + slope * x, style,
                  label=_("step {eps:g}, slope {slope:.3f}").format(
                      eps=eps, slope=slope))
    left.set(xlabel="x", ylabel="exp(x)", ylim=(-1, 8))
    for label, found, style in (
            ("exp, float32", errors(exponential, torch.float32), "-"),
            ("exp, float64", errors(exponential), "-"),
            ("mean(v * v), float64", errors(mean_square), "--")):
        # The last function has no error at all at step 1.
        right.loglog(STEPS, [max(e, 1e-17) for e in found], style,
                     label=label)
    right.set(xlabel=_("step eps"), ylabel=_("error of the slope"),
              ylim=(1e-16, 1e9))
    named(left, right)


def shared():
    """What a tensor reads after 7 was written to its array."""
    array = np.ones(3)
    tensor = from_numpy(array)
    array[0] = 7
    return tensor[0].item()


def copied():
    """The same if `torch.tensor` made it."""
    array = np.ones(3)
    tensor = torch.tensor(array)
    array[0] = 7
    return tensor[0].item()


def foot(found):
    """The step with the smallest error: the foot of the V."""
    return STEPS[found.index(min(found))]


def at(eps, found):
    """The error for the step nearest to eps."""
    return found[min(range(len(STEPS)),
                     key=lambda i: abs(log10(STEPS[i] / eps)))]


def secant():
    """Two secants and the tangent of exp at 0, as the step shrinks."""
    zero = torch.zeros(1)
    true = gradient(exponential, zero).item()
    ends = (-2.5, 2.5)
    frames: dict = {_("both sides"): [], _("one side"): [],
                    _("tangent"): []}
    both, one, tangent = frames.values()
    captions = []
    for i in range(40):
        eps = 2.0 * 0.9 ** i
        a = numerical_gradient(exponential, zero, eps).item()
        b = one_sided(exponential, zero, eps).item()
        middle = (exponential(zero + eps)
                  + exponential(zero - eps)).item() / 2
        both.append([(x, middle + a * x) for x in ends])
        one.append([(x, 1.0 + b * x) for x in ends])
        tangent.append([(x, 1.0 + true * x) for x in ends])
        captions.append(_(
            "step {eps:.3f}: slope {a:.4f} from both sides, {b:.4f} "
            "from one; the true slope is {true:g}").format(
                eps=eps, a=a, b=b, true=true))
    xs = torch.linspace(*ends, 50)
    curve = [(x, y) for x, y in zip(xs.tolist(), torch.exp(xs).tolist())]
    return Experiment("x", "exp(x)", ends, (-2.0, 8.0), captions,
                      lines=frames, contours=[curve], start=8)


def shrinking():
    """The error of the slope of exp, as the step shrinks."""
    found = {_("both sides, float64"): errors(exponential),
             _("one side, float64"): errors(exponential,
                                            find=one_sided),
             _("both sides, float32"): errors(exponential,
                                              torch.float32)}
    paths = {name: [(log10(eps), log10(e)) for eps, e in zip(STEPS, es)]
             for name, es in found.items()}
    captions = [_("step {eps:.1e}: error {a:.1e} from both sides, {b:.1e} "
                  "from one, {c:.1e} in float32").format(
                      eps=eps, a=a, b=b, c=c)
                for eps, a, b, c in zip(STEPS, *found.values())]
    return Experiment(_("log10 of the step"), _("log10 of the error"),
                      (-13.0, 0.0), (-12.0, 4.0), captions,
                      paths=paths, start=20)
