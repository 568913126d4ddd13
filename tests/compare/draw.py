"""What the properties draw from.

Each choice costs hypothesis time, so all entries of a tensor are one
choice: n bytes, looked up in a table of 256 values. The simplest values
come first in a table, so that a counterexample shrinks towards zeros.
Random ones follow; their seed is the second choice.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from hypothesis import strategies as st

from tests.compare.closeness import EXACT

FLOATS = (torch.float32, torch.float64)


@dataclass(frozen=True)
class Table:
    """256 values: the first are fixed, the rest random."""

    first: tuple[float, ...]
    # (generator, n) -> n random values
    rest: Callable[[np.random.Generator, int], np.ndarray]

    def values(self, seed: int) -> torch.Tensor:
        """All 256 values, in float64."""
        rest = self.rest(np.random.default_rng(seed),
                         256 - len(self.first))
        return torch.from_numpy(np.concatenate([self.first, rest]))


def signed(low: float, high: float):
    """Magnitudes from 10^low to 10^high, with random signs."""
    return lambda draw, n: (draw.choice([-1.0, 1.0], n)
                            * 10 ** draw.uniform(low, high, n))


def _towards_both_ends(draw: np.random.Generator, n: int) -> np.ndarray:
    """Numbers in [0, 1], many of them near 0 or 1."""
    small = draw.random(n) ** draw.integers(1, 41, n)
    return np.where(draw.random(n) < 0.5, small, 1 - small)


SIMPLE = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 0.25, -0.0)
# Where exp overflows or underflows in float32 and float64, where
# 1 + exp(x) rounds to 1, and where torch switches its formula.
EDGES = tuple(sign * edge for sign in (1, -1) for edge in (
    1e-8, 1e4, 9.0, 16.0, 17.0, 18.0, 20.0, 20.5, 36.0, 37.0, 40.0,
    40.5, 87.0, 88.0, 89.0, 103.0, 104.0, 709.0, 710.0, 745.0, 746.0,
    1e-30, 1e-40, 1.5e-45, 1e-310, 5e-324, 1e30, 3e38))

# All magnitudes for which the formulas are meaningful.
ORDINARY = Table(SIMPLE, signed(-8, 4))
# The whole range of the type and its special values.
WHOLE = Table(SIMPLE + EDGES + (math.inf, -math.inf, math.nan),
              signed(-38, 38))
# WHOLE without infinities and NaN.
FINITE = Table(SIMPLE + EDGES, signed(-38, 38))
# The size of a trained model's logits and data.
MODERATE = Table(SIMPLE, signed(-3, 1))
# Probabilities, both ends included.
UNIT = Table((0.0, 1.0, 0.5, 0.25, 0.75), _towards_both_ends)
# The labels 0 and 1, as numbers.
LABELS = Table((0.0, 1.0) * 128, signed(0, 0))


def dtypes() -> st.SearchStrategy[torch.dtype]:
    """float32 or float64."""
    return st.sampled_from(FLOATS)


def shapes(dims: int = 2, most: int = 5):
    """Shapes of 1 to `dims` axes, each of length 1 to `most`."""
    return st.lists(st.integers(1, most), min_size=1,
                    max_size=dims).map(tuple)


@st.composite
def tensors(draw, shape: tuple[int, ...], dtype: torch.dtype,
            table: Table = ORDINARY) -> torch.Tensor:
    """A tensor whose entries are looked up in a table of 256 values."""
    size = math.prod(shape)
    entries = draw(st.binary(min_size=size, max_size=size))
    values = table.values(draw(generators()))[list(entries)]
    return values.to(dtype).reshape(shape)


def generators():
    """Seeds for torch.Generator."""
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
        # s - m^2 may cancel completely, and then its root is only
        # rounding error: two such runs must be equal to the bit.
        "centered": st.booleans() if EXACT else st.just(False)}),
    "Adagrad": st.fixed_dictionaries({
        "lr_decay": st.sampled_from([0.0, 0.1]), "eps": _epsilons,
        "weight_decay": _decays}),
    "Adam": _adam,
    "AdamW": _adam,
}
