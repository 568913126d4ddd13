"""Each function agrees with its formula, which mpmath computes to 50 digits.

To compare the wings is not enough: both could be wrong in the same way.
"""

from dataclasses import dataclass

import mpmath
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

import scratch.activations
import scratch.losses
import torch_ref.activations
import torch_ref.losses
from tests.across.ulp import CASES
from tests.compare.closeness import close, value_and_gradient
from tests.compare.draw import (FINITE, FLOATS, MODERATE, UNIT, dtypes,
                                generators, tensors)

WINGS = (scratch, torch_ref)
mpmath.mp.dps = 50


def exactly(x):
    """A float as a number of mpmath."""
    return mpmath.mpf(float(x))


def to_float(x, dtype):
    """Round to float64, then to the dtype; overflow gives infinity."""
    return torch.tensor(float(x), dtype=torch.float64).to(dtype)


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return 1 / (1 + mpmath.exp(-x))


# Value and gradient by the textbook's formulas, to 50 digits.
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
    """Up to 256 inputs of a function, special values among them."""
    table = UNIT if CASES[name].low == 0 else FINITE
    values = table.values(seed)
    # mpmath's exp(1e38) would have 1e38 digits.
    return values[values.abs() <= 1e4]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", CASES)
@settings(max_examples=settings().max_examples // 20)
@given(seed=generators())
def test_each_function(name, dtype, seed):
    """By hand every value and every gradient is accurate to 4 eps.

    So are the float64 formulas of tests/across/ulp.py, which serve as
    the truth there.
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


@dataclass
class Row:
    """One row of logits (1, n), and its label."""

    x: Tensor
    label: int


@st.composite
def rows(draw):
    """Up to 6 classes."""
    dtype, n = draw(dtypes()), draw(st.integers(1, 6))
    return Row(draw(tensors((1, n), dtype, MODERATE)),
               draw(st.integers(0, n - 1)))


@given(rows())
def test_softmax_and_cross_entropy(row):
    """softmax, log_softmax and their losses are accurate on both sides.

    A sum of n terms is accurate to n eps; log p and the losses are
    accurate to eps of the largest logit, or of 1.
    """
    x, label = row.x, row.label
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
        one_hot = torch.zeros_like(p)
        one_hot[0, label] = 1
        _, found = value_and_gradient(wing.losses.cross_entropy, x,
                                      torch.ones_like(x[0, 0]), y)
        close(found, p - one_hot, 10 + n, 1.0)
