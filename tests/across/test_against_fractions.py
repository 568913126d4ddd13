"""Each optimiser agrees with its formula, computed in exact fractions.

To compare the wings is not enough: both could be wrong in the same way.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch.optim
import torch_ref.optim

WINGS = (scratch, torch_ref)
HALF = Fraction(1, 2)
QUARTER, EIGHTH = HALF / 2, HALF / 4


def root(x):
    """The square root of a fraction, exact or to 200 bits."""
    scale = x.denominator * 4 ** 200
    return Fraction(math.isqrt(x.numerator * scale),
                    x.denominator * 2 ** 200)


def sgd(p, gradients, lr, momentum=0, dampening=0, weight_decay=0,
        nesterov=False):
    """v = momentum v + (1 - dampening) g, p = p - lr v."""
    v = None
    for g in gradients:
        g = g + weight_decay * p
        if momentum:
            v = g if v is None else momentum * v + (1 - dampening) * g
            g = g + momentum * v if nesterov else v
        p = p - lr * g
    return p


def rmsprop(p, gradients, lr, alpha, eps, momentum=0, centered=False,
            weight_decay=0):
    """v = momentum v + g / (sqrt(s - m^2) + eps), p = p - lr v."""
    s = m = v = Fraction(0)
    for g in gradients:
        g = g + weight_decay * p
        s = alpha * s + (1 - alpha) * g ** 2
        m = alpha * m + (1 - alpha) * g if centered else m
        v = momentum * v + g / (root(s - m ** 2) + eps)
        p = p - lr * v
    return p


def adagrad(p, gradients, lr, eps, lr_decay=0, weight_decay=0):
    """p = p - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)."""
    s = Fraction(0)
    for t, g in enumerate(gradients, start=1):
        g = g + weight_decay * p
        s = s + g ** 2
        p = p - lr / (1 + (t - 1) * lr_decay) * g / (root(s) + eps)
    return p


def adam(p, gradients, lr, betas, eps, amsgrad=False, weight_decay=0,
         decoupled=False):
    """p = p - lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)."""
    b1, b2 = betas
    m = v = highest = Fraction(0)
    for t, g in enumerate(gradients, start=1):
        if decoupled:
            p = p - lr * weight_decay * p
        else:
            g = g + weight_decay * p
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g ** 2
        highest = max(highest, v)
        large = highest if amsgrad else v
        p = p - lr * (m / (1 - b1 ** t)) / (
            root(large / (1 - b2 ** t)) + eps)
    return p


def adamw(p, gradients, **options):
    """Adam with p = p - lr weight_decay p before each step."""
    return adam(p, gradients, **options, decoupled=True)


EXACTLY: dict[str, Callable] = {
    "SGD": sgd, "RMSprop": rmsprop, "Adagrad": adagrad, "Adam": adam,
    "AdamW": adamw}


@dataclass
class History:
    """An optimiser, and a parameter that is one number, p."""

    name: str
    options: dict[str, Any]
    p: Fraction
    gradients: list[Fraction]

    def exactly(self):
        """The parameter after the last step, in exact fractions."""
        return EXACTLY[self.name](self.p, self.gradients, **self.options)

    def by(self, wing):
        """The same parameter, computed by a wing in float64."""
        p = torch.tensor([float(self.p)], dtype=torch.float64)
        optimizer = getattr(wing.optim, self.name)(
            [p.requires_grad_()],
            **{key: tuple(map(float, value)) if key == "betas" else
               value if isinstance(value, bool) else float(value)
               for key, value in self.options.items()})
        for g in self.gradients:
            p.grad = torch.tensor([float(g)], dtype=torch.float64)
            optimizer.step()
        return Fraction(p.item())


def dyadic(low, high, unit=8):
    """Multiples of 1 / unit, which floats represent exactly."""
    return st.integers(low * unit, high * unit).map(
        lambda n: Fraction(n, unit))


@st.composite
def sgd_histories(draw):
    """SGD with any options, on up to 5 dyadic gradients."""
    momentum = draw(st.sampled_from([0, HALF, QUARTER]))
    nesterov = momentum > 0 and draw(st.booleans())
    return History("SGD", {
        "lr": QUARTER, "momentum": momentum, "nesterov": nesterov,
        "dampening": 0 if nesterov else draw(st.sampled_from([0, HALF])),
        "weight_decay": draw(st.sampled_from([0, HALF]))},
        draw(dyadic(-4, 4)),
        draw(st.lists(dyadic(-4, 4), min_size=1, max_size=5)))


@given(sgd_histories())
def test_sgd_is_exact(history):
    """SGD on dyadic numbers equals its formula: nothing is rounded.

    The numbers have 6 bits, and each of at most 5 steps adds at most 9.
    That makes 51 bits; float64 has 53.
    """
    for wing in WINGS:
        assert history.by(wing) == history.exactly()


# Gradients and options for which no root and no quotient is rounded.
UNROUNDED: dict[str, tuple] = {
    # s = 1 after each step, and 1 + eps = 2
    "RMSprop": ([2, 1, -1, 1, 1], {
        "lr": HALF, "alpha": 3 * QUARTER, "eps": 1}),
    "RMSprop, momentum": ([2, -1, 1, 1], {
        "lr": HALF, "alpha": 3 * QUARTER, "eps": 1, "momentum": HALF}),
    # sqrt(s - m^2) + eps = sqrt(1/2 - 1/4) + 1/2 = 1
    "RMSprop, centered": ([1], {
        "lr": HALF, "alpha": HALF, "eps": HALF, "centered": True}),
    # sqrt(s) = 1; lr_decay halves lr
    "Adagrad": ([1, 0], {"lr": 1, "eps": 1, "lr_decay": 1}),
    # lr / (1 - b1^t) = 42, 28, 24; b2 = 0, and |g| + 1 = 2^k
    "Adam": ([1, -3, 7], {"lr": 21, "betas": (HALF, 0), "eps": 1}),
    "Adam, amsgrad": ([3, 1, -1], {
        "lr": 21, "betas": (HALF, 0), "eps": 1, "amsgrad": True}),
    # (1 - lr weight_decay) p = 5/8 p
    "AdamW": ([1, -3], {"lr": 3, "betas": (HALF, 0), "eps": 1,
                        "weight_decay": EIGHTH}),
}


@pytest.mark.parametrize("p", [Fraction(0), Fraction(16), Fraction(-3, 4)])
@pytest.mark.parametrize("case", UNROUNDED)
def test_unrounded_histories_are_exact(case, p):
    """If no root and no quotient is rounded, the result is exact."""
    gradients, options = UNROUNDED[case]
    history = History(
        case.split(",")[0],
        {key: tuple(map(Fraction, value)) if key == "betas" else
         value if isinstance(value, bool) else Fraction(value)
         for key, value in options.items()},
        p, [Fraction(g) for g in gradients])
    for wing in WINGS:
        assert history.by(wing) == history.exactly()


@st.composite
def histories(draw):
    """Any optimiser with dyadic options, on up to 4 gradients."""
    name = draw(st.sampled_from([*EXACTLY]))
    decays = st.sampled_from([EIGHTH, HALF, 3 * QUARTER])
    options = {"lr": EIGHTH, "weight_decay": draw(
        st.sampled_from([Fraction(0), EIGHTH]))}
    if name == "SGD":
        options["momentum"] = draw(decays)
    else:
        options["eps"] = EIGHTH / 2
    if name == "RMSprop":
        options["alpha"] = draw(decays)
        options["momentum"] = draw(st.sampled_from([0, HALF]))
        options["centered"] = draw(st.booleans())
    if name == "Adagrad":
        options["lr_decay"] = draw(st.sampled_from([0, HALF]))
    if name in ("Adam", "AdamW"):
        options["betas"] = draw(st.tuples(decays, decays))
        options["amsgrad"] = draw(st.booleans())
    return History(name, options, draw(dyadic(-4, 4)), draw(
        st.lists(dyadic(-4, 4).filter(bool), min_size=1, max_size=4)))


@settings(max_examples=settings().max_examples // 2)
@given(histories())
def test_any_history_follows_its_formula(history):
    """Each optimiser is within 40 eps of its formula, relative to 20.

    The options are dyadic too, so only the steps round: at most 4, of
    about ten operations each. The averages start at 0, so s - m^2 is
    not small relative to s.
    """
    for wing in WINGS:
        # |p| <= 4, plus 4 updates of at most lr times 32.
        assert abs(history.by(wing) - history.exactly()) < (
            40 * 2.0 ** -52 * 20)
