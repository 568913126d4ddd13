"""What docs/optim.md computes."""

from cmath import sqrt
from math import ceil, log10

import matplotlib.pyplot as plt
import torch

from docs.site.experiment import Experiment
from docs.site.picture import named
from docs.site.words import _
# The page uses AdamW.
from scratch.optim import SGD, Adam, AdamW, RMSprop  # noqa: F401

# f = (0.2 x^2 + 4 y^2) / 2, and where every run on it starts.
FLAT, STEEP, START = 0.2, 4.0, [-5.0, 2.0]
LR = 0.4
# f = (1 - x)^2 + 20 (y - x^2)^2
BANANA = 20.0


def bowl(p):
    """Height of a bowl with curvature 0.2 along x and 4 along y."""
    return (FLAT * p[0] ** 2 + STEEP * p[1] ** 2) / 2


def banana(p):
    """Rosenbrock (1960), with 20 instead of 100; lowest at (1, 1)."""
    return (1 - p[0]) ** 2 + BANANA * (p[1] - p[0] ** 2) ** 2


def race(height, start, make, steps):
    """The path of an optimiser: (x, y) at the start and after each step.
    """
    p = torch.tensor(start, requires_grad=True)
    optimizer, path = make([p]), [tuple(p.tolist())]
    for _step in range(steps):
        optimizer.zero_grad()
        height(p).backward()
        optimizer.step()
        path.append(tuple(p.tolist()))
    return path


def rings(levels):
    """Contours of the bowl: ellipses."""
    turn = torch.linspace(0, 2 * torch.pi, 41)
    return [list(zip(((2 * c / FLAT) ** 0.5 * turn.cos()).tolist(),
                     ((2 * c / STEEP) ** 0.5 * turn.sin()).tolist()))
            for c in levels]


def crescents(levels):
    """Contours of the banana, solved for y."""
    result = []
    turn = torch.linspace(0, torch.pi, 25)
    for c in levels:
        # y = x^2 + or - sqrt((c - (1 - x)^2) / 20), from left to right
        left, right = max(1 - c ** 0.5, -1.8), min(1 + c ** 0.5, 1.8)
        x = (left + right) / 2 - (right - left) / 2 * turn.cos()
        half = ((c - (1 - x) ** 2).clamp(min=0) / BANANA).sqrt()
        x = torch.cat([x, x.flip(0)])
        y = x ** 2 + torch.cat([half, -half.flip(0)])
        result.append(list(zip(x.tolist(), y.tolist())))
    return result


def picture():
    """The paths down the bowl, and the height at each step."""
    figure, (left, right) = plt.subplots(1, 2)
    for ring in rings((0.05, 0.3, 0.9, 2, 4, 7)):
        left.plot(*zip(*ring), color="0.8", lw=1)
    for beta, style in (0.0, "-o"), (0.5, "-s"), (0.9, "-^"):
        path = race(bowl, START, lambda p: SGD(p, LR, momentum=beta), 60)
        label = _("momentum {beta}").format(beta=beta) if beta \
            else _("no momentum")
        left.plot(*zip(*path[:13]), style, ms=3, lw=1)
        right.semilogy([bowl(p) for p in path], label=label)
    left.set(xlabel=_("x, curvature 0.2"), ylabel=_("y, curvature 4"))
    right.set(xlabel=_("step"), ylabel=_("height"), ylim=(1e-12, 1e2))
    named(left, right)


def factor(k, beta):
    """The long-run factor by which a step multiplies the distance."""
    # The largest |z| with z^2 - (1 + beta - lr k) z + beta = 0.
    b = 1 + beta - LR * k
    return max(abs(b + sqrt(b * b - 4 * beta)),
               abs(b - sqrt(b * b - 4 * beta))) / 2


def slowest(beta):
    """The factor of the slower direction, with this momentum."""
    return max(factor(FLAT, beta), factor(STEEP, beta))


def tenth(beta):
    """Steps until a tenth of the distance is left."""
    return ceil(-1 / log10(slowest(beta)))


def banana_curvatures():
    """At its lowest point, along the floor and across it."""
    hessian = torch.autograd.functional.hessian(banana, torch.ones(2))
    return torch.linalg.eigvalsh(hessian).tolist()


def steps_of_adam(size, count):
    """Adam's first steps under a constant gradient, in learning rates."""
    p = torch.zeros(1, requires_grad=True)
    optimizer, at = Adam([p], lr=1.0), [0.0]
    for _step in range(count):
        p.grad = torch.full_like(p, size)
        optimizer.step()
        at.append(p.item())
    return [a - b for a, b in zip(at, at[1:])]


# Adam's steps under a constant gradient without the corrections:
# (1 - b1^t) / sqrt(1 - b2^t) learning rates, for t = 1, 2, ...
UNCORRECTED = [(1 - 0.9 ** t) / (1 - 0.999 ** t) ** 0.5
               for t in range(1, 10_000)]
# A small gradient, and Adam's eps.
TINY, EPS = 1e-6, 1e-8


def eps_early(t):
    """How much shorter step t is with (sqrt(v) + eps) / sqrt(1 - b2^t).
    """
    wrong = TINY / (TINY + EPS / (1 - 0.999 ** t) ** 0.5)
    return 1 - wrong / steps_of_adam(TINY, t)[-1]


def decayed(kind, size):
    """A weight of 1 after 1,000 gradients -size, size, -size, ..."""
    p = torch.ones(1, requires_grad=True)
    optimizer = kind([p], lr=0.01, weight_decay=0.1)
    for step in range(1000):
        p.grad = torch.full_like(p, size if step % 2 else -size)
        optimizer.step()
    return p.item()


def hidden(w):
    """A step that autograd does not see."""
    w.data.sub_(w.grad, alpha=0.1)


def seen(w):
    """The same step, where autograd sees it."""
    with torch.no_grad():
        w.sub_(w.grad, alpha=0.1)


def gradient_of_cube(step):
    """At w = 2: the gradient of w^3, after a step along that of w^2.

    If `backward()` raises, the beginning of its message.
    """
    w = torch.tensor(2.0, requires_grad=True)
    square, cube = w ** 2, w ** 3
    square.backward()
    if step:
        step(w)
    w.grad = None
    try:
        cube.backward()
    except RuntimeError as error:
        return str(error).partition(":")[0]
    return w.grad.item()


def racers(sgd, momentum, rmsprop, adam):
    """The four optimisers of the lesson, at these learning rates."""
    return {
        _("SGD, lr {lr}").format(lr=sgd): lambda p: SGD(p, sgd),
        _("momentum 0.8, lr {lr}").format(lr=momentum):
        lambda p: SGD(p, momentum, momentum=0.8),
        _("RMSprop, lr {lr}").format(lr=rmsprop):
        lambda p: RMSprop(p, rmsprop, alpha=0.9),
        _("Adam, lr {lr}").format(lr=adam):
        lambda p: Adam(p, adam, betas=(0.9, 0.99))}


def heights(height, paths, i):
    """The four heights at position i, for a caption."""
    return dict(zip("abcd", (height(path[i])
                             for path in paths.values())))


def on_the_bowl():
    """40 steps of each of the four."""
    paths = {name: race(bowl, START, make, 40) for name, make
             in racers(LR, LR, 0.2, LR).items()}
    captions = [
        _("step {n}, heights: SGD {a:.2g}, momentum {b:.2g}, "
          "RMSprop {c:.2g}, Adam {d:.2g}").format(
            n=n, **heights(bowl, paths, n)) for n in range(41)]
    return Experiment("x", "y", (-5.5, 4.0), (-2.1, 2.6), captions,
                      paths=paths, contours=rings(
                          (0.05, 0.3, 0.9, 2, 4, 7)), start=10)


def on_the_banana():
    """300 steps of each: the first twenty, then every tenth."""
    shown = [*range(20), *range(20, 301, 10)]
    paths = {}
    for name, make in racers(0.005, 0.005, 0.02, 0.2).items():
        path = race(banana, [-1.5, 1.0], make, 300)
        paths[name] = [path[n] for n in shown]
    captions = [
        _("step {n}, heights: SGD {a:.2g}, momentum {b:.2g}, "
          "RMSprop {c:.2g}, Adam {d:.2g}").format(
            n=n, **heights(banana, paths, i))
        for i, n in enumerate(shown)]
    return Experiment("x", "y", (-1.7, 1.7), (-0.6, 2.2), captions,
                      paths=paths, contours=crescents(
                          (0.05, 0.3, 1, 2.5, 5, 10)), start=22)


def edge():
    """Twenty steps on the bowl, at learning rates up to divergence."""
    rates = [0.05 * i for i in range(1, 18)]
    names = {_("no momentum"): 0.0, _("momentum 0.5"): 0.5}
    frames: dict = {name: [] for name in names}
    captions = []
    for lr in rates:
        for name, beta in names.items():
            frames[name].append(race(
                bowl, START, lambda p: SGD(p, lr, momentum=beta), 20))
        a, b = (bowl(paths[-1][-1]) for paths in frames.values())
        captions.append(_(
            "lr {lr:.2f}: after 20 steps the height is {a:.2g} without "
            "momentum, {b:.2g} with momentum 0.5").format(
                lr=lr, a=a, b=b))
    return Experiment("x", "y", (-6.0, 4.0), (-3.0, 3.0), captions,
                      lines=frames, contours=rings(
                          (0.05, 0.3, 0.9, 2, 4, 7)), start=7)
