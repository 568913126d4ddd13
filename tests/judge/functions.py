"""Activations and losses: what is compared, and how closely."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tests.judge.optimisers import apart, short
from tests.judge.switchboard import Switch

Array = np.ndarray
# Of the result: digits that cancel are digits lost.
CLOSE = 1e-9
# Where a formula cancels, of 1 instead of the result.
ABSOLUTE = 1e-12


@dataclass(frozen=True)
class Function:
    """A kind that can be judged: value, slope, switches, inputs."""

    name: str
    # as in "torch.sigmoid"
    against: str
    # (given, s) -> value, and the gradient of (value * upstream).sum()
    value: Callable[..., Array]
    slope: Callable[..., Array]
    switches: Sequence[Switch]
    # name of a region -> inputs
    probes: Callable[[], dict[str, list[dict[str, Array]]]]
    loss: bool = False
    judged_by: ClassVar[str] = "tests.judge.judge_function"


def activation_probes() -> dict[str, list[dict[str, Array]]]:
    """Two rows of four: ordinary numbers, and where formulas break."""
    random = np.random.default_rng(0)

    def table(*numbers: float) -> dict[str, Array]:
        """Rows of four."""
        x = np.array(numbers, float).reshape(-1, 4)
        return {"input": x, "upstream": random.normal(size=x.shape)}

    return {
        "ordinary": [
            table(1, -1, 2, -2, 0.5, -0.5, 3, -3),
            *[table(*random.normal(0, 3, 12)) for _ in range(4)]],
        "at 0": [table(0, 1, -1, 2, -2, 0, 0.5, 1)],
        "small": [table(1e-8, -1e-8, 1e-4, -1e-4,
                        1e-12, -1e-12, 1e-6, -1e-6)],
        "large": [table(30, -30, 50, -50, 25, -25, 37, -37),
                  table(710, -1, 100, 0, 1, 2, 3, 4),
                  table(-800, -801, -802, -803, 1, 2, 3, 4),
                  table(1000, -1000, 0, 1, -750, 750, 720, -720)],
        "infinite": [table(np.inf, 0, 1, 2, -np.inf, 0, 1, 2)],
        "NaN": [table(np.nan, 0, 1, 2, 1, 2, 3, 4)]}


def differs(mine: Any, right: Any, close: float = CLOSE,
            absolute: float = 1e-300) -> Array | None:
    """Where two results differ; None if nowhere, or in shape."""
    a, b = np.asarray(mine), np.asarray(right)
    if a.shape != b.shape:
        return np.ones(b.shape, bool)
    with np.errstate(all="ignore"):
        near = abs(a - b) <= close * abs(b) + absolute
        equal = (a == b) | (np.isnan(a) & np.isnan(b)) | near
    return None if equal.all() else ~equal


def tell(given: dict[str, Array], mine: Any, right: Any,
         where: Array, what: str) -> str:
    """As in: slope at x = -1: yours 1, torch 0."""
    a, b = np.asarray(mine), np.asarray(right)
    if a.shape != b.shape:
        return (f"{what}: yours has shape {a.shape}, torch {b.shape}")
    index = tuple(axis[0] for axis in np.nonzero(np.atleast_1d(where)))
    if a.ndim == 0:
        index = ()
    texts = apart(float(a[index]), float(b[index]))
    x = given["input"]
    if x.shape == a.shape and not given.get("rows"):
        at = f"x = {short(x[index])}"
        if x.ndim == 2 and "target" not in given:
            at += f" in the row {_list(x[index[0]])}"
        if "target" in given:
            at = f"p = {short(x[index])}, y = {short(given['target'][index])}"
    else:
        at = f"x = {_list(x)}"
        if "target" in given:
            at += f", y = {_list(given['target'])}"
    return f"{what} at {at}: yours {texts[0]}, torch {texts[1]}"


def _list(x: Array) -> str:
    if x.ndim > 1:
        return "[" + ", ".join(_list(row) for row in x) + "]"
    return "[" + ", ".join(short(one) for one in np.atleast_1d(x)) + "]"
