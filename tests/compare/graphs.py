"""Random expressions: the same operations for every engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor

import torch_ref.autograd as by_torch
from tests.compare.draw import WHOLE, Table, dtypes, tensors

# The operations on one value.
UNARY = {
    "-a": lambda a: -a,
    "a.exp()": lambda a: a.exp(),
    "a.log()": lambda a: a.log(),
    "torch.expm1(a)": lambda a: torch.expm1(a),
    "torch.log1p(a)": lambda a: torch.log1p(a),
    "a.relu()": lambda a: a.relu(),
    "a.sum()": lambda a: a.sum(),
    "a.mean()": lambda a: a.mean(),
    "a ** 2": lambda a: a ** 2,
    "a ** 0": lambda a: a ** 0,
    "a ** -1": lambda a: a ** -1,
    "a ** 0.5": lambda a: a ** 0.5,
    "a ** 3": lambda a: a ** 3,
    "a * a": lambda a: a * a,
    "a.reshape(-1)": lambda a: a.reshape(-1),
    "a.reshape(1, -1)": lambda a: a.reshape(1, -1),
}
# On a value and another one, a tensor or a number.
BINARY = {
    "a + b": lambda a, b: a + b, "b + a": lambda a, b: b + a,
    "a - b": lambda a, b: a - b, "b - a": lambda a, b: b - a,
    "a * b": lambda a, b: a * b, "b * a": lambda a, b: b * a,
    "a / b": lambda a, b: a / b,
}
# Along an axis, which may be kept.
ALONG = {
    "a.sum(dim, keepdim)": lambda a, *axis: a.sum(*axis),
    "a.mean(dim, keepdim)": lambda a, *axis: a.mean(*axis),
    "a.max(dim, keepdim)": lambda a, *axis: a.max(*axis),
}


@dataclass
class Step:
    """An operation on the values of these numbers."""

    name: str
    function: Callable[..., Any]
    inputs: tuple[int, ...]
    # tensors, numbers: constants
    others: tuple[Any, ...] = ()

    def run(self, values: list[Any]) -> Any:
        """The result."""
        return self.function(*(values[i] for i in self.inputs),
                             *self.others)


def run(side: Any, leaves: list[Tensor], steps: list[Step]) -> list[Any]:
    """All values of an expression, the leaves first."""
    values = [side.Value(leaf) for leaf in leaves]
    for step in steps:
        values.append(step.run(values))
    return values


@st.composite
def graphs(draw: Any, table: Table = WHOLE, most: int = 8,
           ) -> tuple[list[Tensor], list[Step]]:
    """Up to three leaves, and up to `most` operations.

    An operation may use any value that was made before it, also twice.
    """
    dtype, size = draw(dtypes()), st.integers(1, 3)
    n, m = draw(size), draw(size)
    shapes = st.sampled_from([(n, m), (m,), (n, 1), (), (1, m), (m, n)])
    leaves = [draw(tensors(draw(shapes), dtype, table))
              for _ in range(draw(size))]
    # Only their shapes matter while the steps are drawn.
    values = [by_torch.Value(leaf) for leaf in leaves]
    steps = []
    for _ in range(draw(st.integers(1, most))):
        step = draw(_steps(values, dtype, table))
        steps.append(step)
        values.append(step.run(values))
    return leaves, steps


@st.composite
def _steps(draw: Any, values: list[Any], dtype: torch.dtype,
           table: Table) -> Step:
    """An operation that fits the shapes of some values."""
    i = draw(st.integers(0, len(values) - 1))
    a = values[i]
    kinds = ["unary", "binary", "constant", "where", "fill", "else"]
    if a.dim() and a.numel():
        kinds += ["along", "index"]
    if a.dim() == 2:
        kinds += ["T", "@"]
    kind = draw(st.sampled_from(kinds))
    if kind == "unary":
        name = draw(st.sampled_from([*UNARY]))
        return Step(name, UNARY[name], (i,))
    if kind == "binary":
        name, j = draw(st.sampled_from([*BINARY])), draw(_fitting(values, a))
        return Step(name, BINARY[name], (i, j))
    if kind == "constant":
        name = draw(st.sampled_from([*BINARY, "b / a"]))
        constant = draw(st.sampled_from([2, -1, 0.5]) | tensors(
            a.shape, dtype, table))
        return Step(name, {**BINARY, "b / a": lambda a, b: b / a}[name],
                    (i,), (constant,))
    if kind == "along":
        name = draw(st.sampled_from([*ALONG]))
        return Step(name, ALONG[name], (i,), (
            draw(st.integers(-a.dim(), a.dim() - 1)), draw(st.booleans())))
    if kind == "index":
        rows = st.integers(0, len(a) - 1)
        index = draw(rows | st.just(slice(1, None)) | st.lists(
            rows, min_size=1, max_size=4).map(torch.tensor))
        return Step("a[b]", lambda a, b: a[b], (i,), (index,))
    if kind == "T":
        return Step("a.T", lambda a: a.T, (i,))
    if kind == "@":
        fit = [j for j, b in enumerate(values)
               if b.dim() == 2 and len(b) == a.shape[1]]
        constant = draw(tensors((a.shape[1], draw(st.integers(1, 3))),
                                dtype, table))
        left = draw(tensors((2, len(a)), dtype, table))
        return draw(st.sampled_from([
            Step("a @ b", lambda a, b: a @ b, (i,), (constant,)),
            Step("b @ a", lambda a, b: b @ a, (i,), (left,)),
            *(Step("a @ b", lambda a, b: a @ b, (i, j)) for j in fit)]))
    mask = torch.tensor([draw(st.booleans()) for _ in range(
        a.shape[-1] if a.dim() else 1)], dtype=torch.bool).reshape(
            a.shape[-1:])
    if kind == "fill":
        return Step("a.masked_fill(b, 2)", lambda a, b: a.masked_fill(b, 2),
                    (i,), (mask,))
    if kind == "where":
        return Step("a.where(c, b)", lambda a, b, c: a.where(c, b),
                    (i, draw(_fitting(values, a))), (mask,))
    return Step("torch.where(b, 1, a)", lambda a, b: torch.where(b, 1, a),
                (i,), (mask,))


def _fitting(values: list[Tensor], a: Tensor) -> Any:
    """Numbers of the values that broadcast with this one."""
    return st.sampled_from([
        j for j, b in enumerate(values) if all(
            m == n or 1 in (m, n) for m, n in zip(
                reversed(a.shape), reversed(b.shape)))])
