"""Activations and losses: what is compared, and how closely."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tests.judge.roles import Name
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
    # (given, s) -> value, and the gradient of (value * upstream).sum();
    # None: it has no slope that anyone needs
    value: Callable[..., Array]
    slope: Callable[..., Array] | None
    switches: Sequence[Switch]
    # name of a region -> inputs
    probes: Callable[[], dict[str, list[dict[str, Array]]]]
    loss: bool = False
    # how arrays are handed over; `spare`: if nothing else does
    layouts: tuple[str, ...] = ("",)
    spare: tuple[str, ...] = ("row", "number")
    # of a formula that cancels: digits that nobody can ask for
    noise: Callable[..., float] = lambda s: 1e-300
    close: float = CLOSE
    # which argument may be labels instead of one-hot rows
    labels: str = ""
    # a table of several columns, where the others have one
    wide: Callable[[], dict[str, Array]] | None = None
    # does the name leave open which kind it is?
    unsure: bool = False
    judged_by: ClassVar[str] = "tests.judge.judge_function"


def short(number: Any) -> str:
    """1.0 is 1, and no more than 5 digits."""
    return f"{float(number):.5g}"


def apart(a: float, b: float) -> tuple[str, str]:
    """Two numbers, with as many digits as tell them apart."""
    for digits in range(5, 18):
        texts = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def is_slope(name: Name) -> bool:
    """dsigmoid, mse_d, der_relu: the slope of another function."""
    return name.is_word("d", "der", "derv", "jacobian", "dloss", "dcost", *(
        f"d{one}" for one in ("relu", "sigmoid", "tanh", "softmax",
                              "softplus", "mse", "bce", "ce")))


def activation_probes() -> dict[str, list[dict[str, Array]]]:
    """Two rows of four: ordinary numbers, and where formulas break."""
    random = np.random.default_rng(0)

    def table(*numbers: float) -> dict[str, Array]:
        """Rows of four."""
        x = np.array(numbers, float).reshape(-1, 4)
        return {"input": x, "upstream": random.normal(size=x.shape)}

    # No table is square: rows are not columns.
    return {
        "ordinary": [
            table(1, -1, 2, -2, 0.5, -0.5, 3, -3),
            *[table(*random.normal(0, 3, 12)) for _ in range(4)]],
        "at 0": [table(0, 1, -1, 2, -2, 0, 0.5, 1)],
        "small": [table(1e-8, -1e-8, 1e-4, -1e-4,
                        1e-12, -1e-12, 1e-6, -1e-6)],
        "from 10 to 22": [table(10.5, 15.5, 20.5, 21, -10, -15, -20, -21)],
        "large": [table(30, -30, 50, -50, 25, -25, 37, -37),
                  table(710, -1, 100, 0, 1, 2, 3, 4),
                  table(600, 601, 602, 603, -600, -601, -602, -603),
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
        near = (abs(a - b) <= close * abs(b) + absolute) & np.isfinite(b)
        equal = (a == b) | (np.isnan(a) & np.isnan(b)) | near
    return None if equal.all() else ~equal


def tell(given: dict[str, Array], mine: Any, right: Any,
         where: Array) -> str:
    """As in: x = -1: yours 1, torch 0."""
    a, b = np.asarray(mine), np.asarray(right)
    if a.shape != b.shape:
        return f"yours has shape {a.shape}, torch {b.shape}"
    index = first(where) if a.ndim else ()
    texts = apart(float(a[index]), float(b[index]))
    return f"{at(given, a, index)}: yours {texts[0]}, torch {texts[1]}"


def in_numbers(what: str, given: dict[str, Array], mine: Any, right: Any,
               where: Array) -> dict[str, Any]:
    """The same for programs: the whole input, and one entry of it."""
    a, b = np.asarray(mine), np.asarray(right)
    index = first(where) if b.ndim else ()
    found: dict[str, Any] = {"what": what, "index": list(index)}
    found |= {name: given[name].tolist() for name in ("input", "target")
              if name in given}
    if a.shape == b.shape:
        found |= {"yours": _plain(a[index]), "torch": _plain(b[index])}
    return found


def _plain(number: Any) -> float | str:
    """A number; what JSON has no number for is "nan" or "inf"."""
    return float(number) if np.isfinite(number) else str(float(number))


def first(where: Array) -> tuple[int, ...]:
    """The index of the first entry that differs."""
    return tuple(int(axis[0]) for axis in np.nonzero(np.atleast_1d(where)))


def at(given: dict[str, Array], a: Array, index: tuple[int, ...]) -> str:
    """The input of one entry, or all of it where one is not enough."""
    x, y = given["input"], given.get("target")
    letter = "p" if "target" in given and 0 <= np.nanmin(x) and (
        np.nanmax(x) <= 1) else "x"
    if x.shape == a.shape and not given.get("rows"):
        if y is not None:
            return f"{letter} = {short(x[index])}, y = {short(y[index])}"
        if "whole rows" in given:
            return f"x = {short(x[index])} in the row {_list(x[index[0]])}"
        return f"x = {short(x[index])}"
    if y is not None:
        return f"{letter} = {_list(x)}, y = {_list(y)}"
    return f"x = {_list(x)}"


def _list(x: Array) -> str:
    if x.ndim > 1:
        return "[" + ", ".join(_list(row) for row in x) + "]"
    return "[" + ", ".join(short(one) for one in np.atleast_1d(x)) + "]"
