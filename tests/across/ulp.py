"""The error of a function in ulp, by hand and by torch.

A floating-point type has finitely many bit patterns: 65,536 in 16 bits,
4,294,967,296 in 32. So each function of one number can be tried on all
of them. Its result and its gradient are compared with the true ones:
the formula evaluated in float64 and rounded once.

An ulp, one unit in the last place, is the step from one number of the
type to the next. An error of 0 ulp is the correctly rounded result.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

import scratch.activations
import scratch.losses
import torch_ref.activations
import torch_ref.losses
from tests.compare.closeness import value_and_gradient

Function = Callable[[Tensor], Tensor]


def sigmoid(x: Tensor) -> Tensor:
    """exp(min(x, 0)) / (1 + exp(-|x|))."""
    return torch.exp(x.clamp(max=0)) / (1 + torch.exp(-x.abs()))


def sigmoid_gradient(x: Tensor) -> Tensor:
    """z / (1 + z)^2 for z = exp(-|x|)."""
    z = torch.exp(-x.abs())
    return z / (1 + z) ** 2


def softplus(x: Tensor) -> Tensor:
    """max(x, 0) + log(1 + exp(-|x|))."""
    return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))


def cross_entropy_gradient(p: Tensor, y: float) -> Tensor:
    """(p - y) / max(p (1 - p), 1e-12)."""
    return (p - y) / ((1 - p) * p).clamp(min=1e-12)


@dataclass
class Case:
    """One function of one number: by hand, by torch, and the truth."""

    by_hand: Function
    by_torch: Function
    # The true ones, in float64.
    value: Function
    gradient: Function
    # As it stands above the table.
    formula: str
    # The domain of the function.
    low: float = -torch.inf
    high: float = torch.inf


def _activation(name: str, value: Function, gradient: Function,
                formula: str) -> Case:
    return Case(getattr(scratch.activations, name),
                getattr(torch_ref.activations, name), value, gradient,
                formula)


def _loss(name: str, y: float, value: Function, gradient: Function,
          formula: str, **domain: float) -> Case:
    """The loss of one number, for the target y."""
    def pointwise(wing):
        loss = getattr(wing.losses, name)
        return lambda x: loss(x, torch.full_like(x, y), reduction="none")

    return Case(pointwise(scratch), pointwise(torch_ref), value, gradient,
                formula, **domain)


CASES = {
    "relu": _activation(
        "relu", lambda x: x.clamp(min=0), lambda x: (x > 0).to(x),
        formula="max(x, 0)"),
    "sigmoid": _activation(
        "sigmoid", sigmoid, sigmoid_gradient, formula="1 / (1 + exp(-x))"),
    "tanh": _activation(
        "tanh", torch.tanh, lambda x: 4 * sigmoid_gradient(2 * x),
        formula="(exp(x) - exp(-x)) / (exp(x) + exp(-x))"),
    "softplus": _activation(
        "softplus", softplus, sigmoid, formula="log(1 + exp(x))"),
    "mse_loss": _loss(
        "mse_loss", 1, lambda x: (x - 1) ** 2, lambda x: 2 * (x - 1),
        formula="(x - 1)^2"),
    "binary_cross_entropy_0": _loss(
        "binary_cross_entropy", 0,
        lambda p: -torch.log1p(-p).clamp(min=-100),
        lambda p: cross_entropy_gradient(p, 0),
        formula="-log(1 - p)", low=0, high=1),
    "binary_cross_entropy_1": _loss(
        "binary_cross_entropy", 1,
        lambda p: -torch.log(p).clamp(min=-100),
        lambda p: cross_entropy_gradient(p, 1),
        formula="-log p", low=0, high=1),
    "binary_cross_entropy_with_logits_0": _loss(
        "binary_cross_entropy_with_logits", 0, softplus, sigmoid,
        formula="log(1 + exp(x))"),
    "binary_cross_entropy_with_logits_1": _loss(
        "binary_cross_entropy_with_logits", 1, lambda x: softplus(-x),
        lambda x: -sigmoid(-x), formula="log(1 + exp(-x))"),
}
ROWS = [(what, side) for what in ("value", "gradient")
        for side in ("by hand", "by torch")]

# The largest error, in ulp, of each column. Then come larger ones, NaN.
COLUMNS = (0, 1, 2, 4, 1024)


@dataclass
class Histogram:
    """How many results have which error, in ulp."""

    counts: list[int] = field(
        default_factory=lambda: [0] * (len(COLUMNS) + 1))
    # NaN where the true result is a number, or the other way round
    nan: int = 0
    # The largest error, and its input.
    worst: int = -1
    at: float = 0.0

    def add(self, other: "Histogram") -> None:
        """The same, over the inputs of both."""
        self.counts = [a + b for a, b in zip(self.counts, other.counts)]
        self.nan += other.nan
        if other.worst > self.worst:
            self.worst, self.at = other.worst, other.at


def rank(x: Tensor) -> Tensor:
    """The rank of each number in its type: neighbours differ by 1.

    The bits of a float are its sign and its magnitude; read as an
    integer, the magnitude has the same order. Both zeros have rank 0.
    """
    kind = torch.int16 if x.element_size() == 2 else torch.int32
    bits = x.view(kind)
    magnitude = bits & torch.iinfo(kind).max
    return torch.where(bits < 0, -magnitude, magnitude).long()


def histogram(x: Tensor, result: Tensor, truth: Tensor) -> Histogram:
    """The errors of the results; `truth` is in float64, not rounded."""
    rounded = truth.to(result.dtype)
    if torch.equal(result, rounded):
        # The most frequent case: far from the bend of the curve the
        # result is 0, 1 or x itself.
        return Histogram([len(x)] + [0] * len(COLUMNS), 0, 0, x[0].item())
    errors = (rank(result) - rank(rounded)).abs_()
    nan, truly_nan = result.isnan(), rounded.isnan()
    either = nan | truly_nan
    errors[either] = 0
    worst = int(errors.max())
    beyond = [len(x)]
    for column in COLUMNS:
        # Often nothing is left to count.
        beyond.append(int(torch.count_nonzero(errors > column))
                      if worst > column else 0)
    lost = int(torch.count_nonzero(nan != truly_nan))
    counts = [a - b for a, b in zip(beyond, [*beyond[1:], 0])]
    counts[0] -= lost
    return Histogram(counts, lost, worst, x[errors.argmax()].item())


def patterns(first: int, last: int, dtype: torch.dtype) -> Tensor:
    """The numbers with the bits first, first + 1, ..., last - 1."""
    kind = torch.int16 if dtype.itemsize == 2 else torch.int32
    return torch.arange(first, last).to(kind).view(dtype)


def measure(case: Case, x: Tensor) -> dict[tuple[str, str], Histogram]:
    """A histogram for each of ROWS, over the inputs in the domain."""
    inside = (x >= case.low) & (x <= case.high)
    if not inside.all():
        x = x[inside]
    if not len(x):
        return {row: Histogram() for row in ROWS}
    one = torch.ones((), dtype=x.dtype)
    results = [value_and_gradient(function, x, one)
               for function in (case.by_hand, case.by_torch)]
    truths = case.value(x.double()), case.gradient(x.double())
    found = {}
    for i, what in enumerate(("value", "gradient")):
        for side, result in zip(("by hand", "by torch"), results):
            found[what, side] = histogram(x, result[i], truths[i])
    return found
