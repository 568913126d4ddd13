"""What the properties draw from.

Hypothesis pays for every choice, so a tensor is one choice: n bytes,
looked up in a table of 256 values. The table begins with the simplest,
so that a counterexample shrinks towards zeros.
"""

import math
import random

import torch
from hypothesis import strategies as st

from tests.compare.closeness import EXACT

FLOATS = (torch.float32, torch.float64)


def _table(first: list[float], low: float, high: float) -> list[float]:
    """`first`, then signed magnitudes from 10^low to 10^high."""
    draw = random.Random(0)
    rest = [draw.choice((-1, 1)) * 10 ** draw.uniform(low, high)
            for _ in range(256 - len(first))]
    return first + rest


SIMPLE = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 0.25, -0.0]
# Where exp overflows or dies in float32 and float64, where 1 + exp(x)
# is 1, and where torch's own formulas change.
EDGES = [sign * edge for sign in (1, -1) for edge in (
    1e-8, 1e4, 9.0, 16.0, 17.0, 18.0, 20.0, 20.5, 36.0, 37.0, 40.0,
    40.5, 87.0, 88.0, 89.0, 103.0, 104.0, 709.0, 710.0, 745.0, 746.0,
    1e-30, 1e-40, 1.5e-45, 1e-310, 5e-324, 1e30, 3e38)]

# Every magnitude at which a formula still means something.
ORDINARY = _table(SIMPLE, -8, 4)
# The whole range of the type and its special values.
WHOLE = _table(SIMPLE + EDGES + [math.inf, -math.inf, math.nan], -38, 38)
# As WHOLE, without what has no meaning as a number.
FINITE = _table(SIMPLE + EDGES, -38, 38)
# Logits and data of a trained model.
MODERATE = _table(SIMPLE, -3, 1)
# Probabilities, both ends included.
UNIT = [0.0, 1.0, 0.5, 0.25, 0.75] + [
    random.Random(i).random() ** (1 + i % 40) for i in range(125)] + [
    1 - random.Random(i).random() ** (1 + i % 20) for i in range(126)]


def dtypes() -> st.SearchStrategy[torch.dtype]:
    """float32 or float64."""
    return st.sampled_from(FLOATS)


def shapes(dims: int = 2, most: int = 5):
    """1 to `dims` axes of length 1 to `most`."""
    return st.lists(st.integers(1, most), min_size=1,
                    max_size=dims).map(tuple)


def tensors(shape: tuple[int, ...], dtype: torch.dtype,
            table: list[float] = ORDINARY):
    """A tensor whose entries are looked up in a table of 256."""
    size = math.prod(shape)
    values = torch.tensor(table, dtype=torch.float64).to(dtype)
    return st.binary(min_size=size, max_size=size).map(
        lambda drawn: values[list(drawn)].reshape(shape))


def generators():
    """A seed for torch.Generator."""
    return st.integers(0, 2 ** 32 - 1)


_decays = st.sampled_from([0.0, 0.0, 0.01, 0.5])
# b1 < sqrt(b2), so that m / sqrt(v) stays within 1 / sqrt(1 - b2).
_betas = st.sampled_from([(0.9, 0.999), (0.0, 0.9), (0.3, 0.7),
                         (0.5, 0.999), (0.6, 0.4)])
_epsilons = st.sampled_from([1e-8, 0.0, 1e-3, 1.0])
_adam = st.fixed_dictionaries({
    "betas": _betas, "eps": _epsilons, "weight_decay": _decays,
    "amsgrad": st.booleans()})
# The options of each optimiser.
OPTIMISERS = {
    "SGD": st.fixed_dictionaries({
        "momentum": st.sampled_from([0.0, 0.9, 1.0, 0.5]),
        "dampening": st.sampled_from([0.0, 0.3, 1.0]),
        "weight_decay": _decays}) | st.fixed_dictionaries({
            "momentum": st.sampled_from([0.9, 0.5]),
            "nesterov": st.just(True), "weight_decay": _decays}),
    "RMSprop": st.fixed_dictionaries({
        "alpha": st.sampled_from([0.99, 0.9, 0.5, 0.3, 0.0]),
        "eps": _epsilons, "momentum": st.sampled_from([0.0, 0.9]),
        "weight_decay": _decays,
        # s - m^2 may cancel to nothing, whose root is anything: only
        # to the bit can two such runs be compared.
        "centered": st.booleans() if EXACT else st.just(False)}),
    "Adagrad": st.fixed_dictionaries({
        "lr_decay": st.sampled_from([0.0, 0.1]), "eps": _epsilons,
        "weight_decay": _decays}),
    "Adam": _adam,
    "AdamW": _adam,
}
