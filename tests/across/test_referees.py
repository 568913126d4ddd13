"""Referees from outside: both sides could be wrong together.

Exact fractions for the optimisers, mpmath for what is transcendental,
scikit-learn and NumPy for whole trainings.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import scratch.activations
import scratch.data
import scratch.linear_regression
import scratch.logistic_regression
import scratch.losses
import scratch.optim
import scratch.softmax_regression
import torch_ref.activations
import torch_ref.data
import torch_ref.linear_regression
import torch_ref.logistic_regression
import torch_ref.losses
import torch_ref.optim
import torch_ref.softmax_regression
from tests.across.ulp import CASES
from tests.compare.closeness import close, value_and_gradient
from tests.compare.draw import (FINITE, FLOATS, MODERATE, UNIT, dtypes,
                                generators, tensors)
from tests.compare.trainings import cast

WINGS = (scratch, torch_ref)
mpmath.mp.dps = 50


def root(x):
    """The square root of a fraction: exact, or to 200 bits."""
    scale = x.denominator * 4 ** 200
    return Fraction(math.isqrt(x.numerator * scale),
                    x.denominator * 2 ** 200)


def sgd(p, gradients, lr, momentum=0, dampening=0, weight_decay=0,
        nesterov=False):
    """The formula of the docstring, in exact fractions."""
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
    s = m = v = Fraction(0)
    for g in gradients:
        g = g + weight_decay * p
        s = alpha * s + (1 - alpha) * g ** 2
        m = alpha * m + (1 - alpha) * g if centered else m
        v = momentum * v + g / (root(s - m ** 2) + eps)
        p = p - lr * v
    return p


def adagrad(p, gradients, lr, eps, lr_decay=0, weight_decay=0):
    s = Fraction(0)
    for t, g in enumerate(gradients, start=1):
        g = g + weight_decay * p
        s = s + g ** 2
        p = p - lr / (1 + (t - 1) * lr_decay) * g / (root(s) + eps)
    return p


def adam(p, gradients, lr, betas, eps, amsgrad=False, weight_decay=0,
         decoupled=False):
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
    return adam(p, gradients, **options, decoupled=True)


EXACTLY: dict[str, Callable] = {
    "SGD": sgd, "RMSprop": rmsprop, "Adagrad": adagrad, "Adam": adam,
    "AdamW": adamw}


def run(wing, name, p, gradients, options):
    """Where the optimiser takes one number, in float64."""
    number = torch.tensor([float(p)], dtype=torch.float64)
    optimizer = getattr(wing.optim, name)(
        [number.requires_grad_()],
        **{key: tuple(map(float, value)) if key == "betas" else
           value if isinstance(value, bool) else float(value)
           for key, value in options.items()})
    for g in gradients:
        number.grad = torch.tensor([float(g)], dtype=torch.float64)
        optimizer.step()
    return Fraction(number.item())


def dyadic(low, high, unit=8):
    """Multiples of 1 / unit, which floats hold exactly."""
    return st.integers(low * unit, high * unit).map(
        lambda n: Fraction(n, unit))


HALF = Fraction(1, 2)


@given(dyadic(-4, 4), st.lists(dyadic(-4, 4), min_size=1, max_size=5),
       st.sampled_from([0, HALF, HALF / 2]), st.sampled_from([0, HALF]),
       st.sampled_from([0, HALF]), st.booleans())
def test_sgd_is_exact(p, gradients, momentum, dampening, decay, nesterov):
    """SGD on dyadic numbers: no rounding happens, so no mismatch may.

    5 steps add at most 9 bits each to 6: 51 of float64's 53.
    """
    options = {"lr": HALF / 2, "momentum": momentum,
               "dampening": 0 if nesterov else dampening,
               "weight_decay": decay,
               "nesterov": nesterov and momentum > 0}
    truth = sgd(p, gradients, **options)
    for wing in WINGS:
        assert run(wing, "SGD", p, gradients, options) == truth


# Histories whose square roots and quotients come out even.
EVEN: dict[str, tuple] = {
    # s = 1 from the first step on, and 1 + eps = 2
    "RMSprop": ([2, 1, -1, 1, 1], {
        "lr": HALF, "alpha": 3 * HALF / 2, "eps": 1}),
    "RMSprop, momentum": ([2, -1, 1, 1], {
        "lr": HALF, "alpha": 3 * HALF / 2, "eps": 1, "momentum": HALF}),
    # s - m^2 = 1/2 - 1/4, whose root and eps add up to 1
    "RMSprop, centered": ([1], {
        "lr": HALF, "alpha": HALF, "eps": HALF, "centered": True}),
    # the root stays 1; lr is halved by lr_decay
    "Adagrad": ([1, 0], {"lr": 1, "eps": 1, "lr_decay": 1}),
    # 1 - b1^t = 1/2, 3/4, 7/8 divide 21; b2 = 0 forgets; |g| + 1 = 2^k
    "Adam": ([1, -3, 7], {"lr": 21, "betas": (HALF, 0), "eps": 1}),
    "Adam, amsgrad": ([3, 1, -1], {
        "lr": 21, "betas": (HALF, 0), "eps": 1, "amsgrad": True}),
    # (1 - lr weight_decay) p = 5/8 p
    "AdamW": ([1, -3], {"lr": 3, "betas": (HALF, 0), "eps": 1,
                        "weight_decay": Fraction(1, 8)}),
}


@pytest.mark.parametrize("case", EVEN)
def test_even_histories_are_exact(case):
    """Where roots and quotients come out even, there is no mismatch."""
    gradients, options = EVEN[case]
    name = case.split(",")[0]
    history = [Fraction(g) for g in gradients]
    options = {key: tuple(map(Fraction, value)) if key == "betas" else
               value if isinstance(value, bool) else Fraction(value)
               for key, value in options.items()}
    for p in Fraction(0), Fraction(16), Fraction(-3, 4):
        truth = EXACTLY[name](p, history, **options)
        for wing in WINGS:
            assert run(wing, name, p, history, options) == truth


@settings(max_examples=settings().max_examples // 2)
@given(st.data(), st.sampled_from([*EXACTLY]), dyadic(-4, 4),
       st.lists(dyadic(-4, 4).filter(bool), min_size=1, max_size=4))
def test_any_history_is_the_formula(data, name, p, gradients):
    """Each optimiser follows its formula within 40 eps of what it adds.

    The options are dyadic, too, so that only the steps round: about
    ten operations each, at most 4 steps. The history begins with 0, so
    a variance is not small beside its mean square.
    """
    unit = st.sampled_from([HALF / 4, HALF, 3 * HALF / 2])
    options: dict[str, Any] = {"lr": HALF / 4, "weight_decay": data.draw(
        st.sampled_from([Fraction(0), HALF / 4]))}
    if name == "SGD":
        options["momentum"] = data.draw(unit)
    else:
        options["eps"] = HALF / 8
    if name == "RMSprop":
        options["alpha"] = data.draw(unit)
        options["momentum"] = data.draw(st.sampled_from([0, HALF]))
        options["centered"] = data.draw(st.booleans())
    if name == "Adagrad":
        options["lr_decay"] = data.draw(st.sampled_from([0, HALF]))
    if name in ("Adam", "AdamW"):
        options["betas"] = (data.draw(unit), data.draw(unit))
        options["amsgrad"] = data.draw(st.booleans())
    truth = EXACTLY[name](p, gradients, **options)
    for wing in WINGS:
        found = run(wing, name, p, gradients, options)
        # p <= 4, and 4 updates of at most lr times 32 gradients' size
        assert abs(found - truth) < 40 * 2.0 ** -52 * 20


def exactly(x):
    """A float as mpmath has it."""
    return mpmath.mpf(float(x))


def to_float(x, dtype):
    """Rounded once; beyond float64 it is infinite."""
    return torch.tensor(float(x), dtype=torch.float64).to(dtype)


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


# The textbook, to 50 digits: a value and a slope.
TEXTBOOK = {
    "relu": (lambda x: max(x, 0), lambda x: int(x > 0)),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "tanh": (mpmath.tanh, lambda x: mpmath.sech(x) ** 2),
    "softplus": (lambda x: mpmath.log1p(mpmath.exp(x)), sigmoid),
    "mse_loss": (lambda x: (x - 1) ** 2, lambda x: 2 * (x - 1)),
    "binary_cross_entropy_0": (
        lambda p: min(-mpmath.log1p(-p), 100) if p < 1 else 100,
        lambda p: p / max(p * (1 - p), mpmath.mpf("1e-12"))),
    "binary_cross_entropy_1": (
        lambda p: min(-mpmath.log(p), 100) if p > 0 else 100,
        lambda p: (p - 1) / max(p * (1 - p), mpmath.mpf("1e-12"))),
    "binary_cross_entropy_with_logits_0": (
        lambda x: mpmath.log1p(mpmath.exp(x)), sigmoid),
    "binary_cross_entropy_with_logits_1": (
        lambda x: mpmath.log1p(mpmath.exp(-x)), lambda x: -sigmoid(-x)),
}


def points(name, seed):
    table = UNIT if CASES[name].low == 0 else FINITE
    values = table.values(seed)
    # mpmath's exp of 1e38 would be a number of 1e38 digits
    return values[values.abs() <= 1e4]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", CASES)
@settings(max_examples=settings().max_examples // 20)
@given(seed=generators())
def test_against_fifty_digits(name, dtype, seed):
    """By hand each value and slope is within 4 eps of the truth.

    The truth of one number, from the textbook's own formula, by
    mpmath: that of tests/across/ulp.py is held to it as well.
    """
    case = CASES[name]
    x = points(name, seed).to(dtype)
    one = torch.ones((), dtype=dtype)
    hand = value_and_gradient(case.by_hand, x, one)
    wide = x.double()
    for found, in_float64, formula in zip(
            hand, (case.value(wide), case.gradient(wide)),
            TEXTBOOK[name]):
        exact = [formula(exactly(number)) for number in x]
        truth = torch.stack([to_float(number, torch.float64)
                             for number in exact])
        close(found, truth.to(dtype), 4, truth.to(dtype))
        close(in_float64, truth, 4, truth)


@st.composite
def rows(draw):
    dtype, n = draw(dtypes()), draw(st.integers(1, 6))
    return draw(tensors((1, n), dtype, MODERATE)), draw(
        st.integers(0, n - 1))


@given(rows())
def test_softmax_against_fifty_digits(drawn):
    """softmax, log_softmax, cross_entropy, nll_loss: the textbook's.

    n terms are summed. log p and the losses are known to eps of the
    largest logit, at least 1.
    """
    x, label = drawn
    powers = [mpmath.exp(exactly(number)) for number in x[0]]
    total, n = sum(powers), x.shape[1]
    p = torch.stack([to_float(power / total, x.dtype)
                     for power in powers])[None]
    log_p = torch.stack([to_float(mpmath.log(power / total), x.dtype)
                         for power in powers])[None]
    largest = max(1.0, x.abs().max().item())
    y = torch.tensor([label])
    for wing in WINGS:
        close(wing.activations.softmax(x, 1), p, 6 + n, p)
        close(wing.activations.textbook_softmax(x, 1), p, 6 + n, p)
        close(wing.activations.log_softmax(x, 1), log_p, 6 + n, largest)
        close(wing.losses.cross_entropy(x, y), -log_p[0, label], 6 + n,
              largest)
        assert wing.losses.nll_loss(log_p, y) == -log_p[0, label]
        slope = torch.zeros_like(p)
        slope[0, label] = 1
        _, found = value_and_gradient(wing.losses.cross_entropy, x,
                                      torch.ones_like(x[0, 0]), y)
        close(found, p - slope, 10 + n, 1.0)


def clouds(classes):
    """Points that no line parts: the best weights are finite."""
    generator = torch.Generator().manual_seed(3)
    y = torch.arange(60 * classes) % classes
    x = torch.randn(len(y), 2, generator=generator, dtype=torch.float64)
    x[:, 0] += y * 0.7
    x[:, 1] += y % 2
    return scratch.data.standardize(x, x), y


@pytest.mark.parametrize("wing", WINGS)
def test_softmax_regression_finds_scikit_learns_optimum(wing):
    """Trained to convergence: scikit-learn's probabilities."""
    x, y = clouds(3)
    referee = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000)
    referee.fit(x, y)
    model = wing.softmax_regression.SoftmaxRegression(2, 3)
    cast(model, torch.float64)
    list(wing.softmax_regression.train(model, x, y, lr=2.0, epochs=800,
                                       batch_size=len(x)))
    w, b = (p.detach() for p in model.parameters())
    # A constant added to all classes changes nothing: take it out.
    expected = referee.coef_ - referee.coef_.mean(0)
    assert (w - w.mean(0) - torch.from_numpy(expected)).abs().max() < 1e-6
    probabilities = torch.softmax(x @ w.T + b, 1)
    truth = torch.from_numpy(referee.predict_proba(x))
    assert (probabilities - truth).abs().max() < 1e-6


@pytest.mark.parametrize("wing", WINGS)
def test_logistic_regression_finds_scikit_learns_optimum(wing):
    """Trained to convergence: scikit-learn's weights and intercept."""
    x, y = clouds(2)
    referee = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000)
    referee.fit(x, y)
    model = wing.logistic_regression.LogisticRegression(2)
    cast(model, torch.float64)
    list(wing.logistic_regression.train(
        model, wing.losses.binary_cross_entropy, x, y[:, None].double(),
        lr=0.5, epochs=500))
    w, b = (p.detach() for p in model.parameters())
    assert (w - torch.from_numpy(referee.coef_)).abs().max() < 1e-6
    assert (b - torch.from_numpy(referee.intercept_)).abs().max() < 1e-6


@pytest.mark.parametrize("wing", WINGS)
@settings(max_examples=settings().max_examples // 10)
@given(seed=st.integers(0, 1000), features=st.integers(1, 4))
def test_linear_regression_finds_least_squares(wing, seed, features):
    """Trained to convergence: NumPy's closed form."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(40, features, generator=generator).double()
    x = scratch.data.standardize(x, x)
    y = x.sum(1, keepdim=True) + 5 + torch.randn(
        40, 1, generator=generator).double()
    table = torch.cat([x, torch.ones(40, 1)], 1).numpy(force=True)
    truth, *_ = np.linalg.lstsq(table, y.numpy(force=True))
    model = wing.linear_regression.LinearRegression(features)
    cast(model, torch.float64)
    list(wing.linear_regression.train(model, x, y, lr=0.5, steps=300,
                                      stop=-1.0))
    found = torch.cat([p.detach().flatten() for p in model.parameters()])
    assert (found - torch.from_numpy(truth[:, 0])).abs().max() < 1e-9


@given(st.data(), *[st.integers(1, 6)] * 3)
def test_standardize_is_standard_scaler(data, m, n, columns):
    """scikit-learn's StandardScaler, fitted to the reference.

    A column of equal values is divided by 1 there as well. n eps of
    the largest entry, divided by the spread.
    """
    x = data.draw(tensors((m, columns), torch.float64, MODERATE))
    reference = data.draw(tensors((n, columns), torch.float64, MODERATE))
    scaler = StandardScaler().fit(reference.numpy(force=True))
    truth = torch.from_numpy(scaler.transform(x.numpy(force=True)))
    largest = torch.cat([x, reference]).abs().amax(0)
    constant = (reference == reference[0]).all(0)
    std = torch.where(constant, 1, reference.std(0, correction=0))
    scale = largest / std * (1 + largest / std)
    for wing in WINGS:
        close(wing.data.standardize(x, reference), truth, 4 * n + 4,
              scale)
