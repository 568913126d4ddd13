"""The smallest counterexample of a bug, for a person to read."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge import functions
from tests.judge.example_files import FILES
from tests.judge.example_formulas import FORMULAS
from tests.judge.example_layers import LAYERS
from tests.judge.example_loops import LOOPS
from tests.judge.example_nets import NETS
from tests.judge.example_run import EXAMPLES, Names
from tests.judge.functions import Function, differs
from tests.judge.implementation import kinds
from tests.judge.optimisers import (CLOSE, VISIBLE, Optimiser, Run, departs,
                                    ladder, simulate)
from tests.judge.switchboard import Settings, Switch
from tests.judge.tell_optimiser import tell
from tests.museum import BUGS

# An entry of the museum may be one number of a family, or one case.
FAMILIES = {"adam-eps-1e-7": ("adam-eps-value", 1e-7),
            "log-of-p-plus-1e-12": ("log-of-p-plus-eps", 1e-12),
            "step-lr-a-step-early": ("schedule-counts-from-1", 1),
            "exponential-from-1": ("schedule-counts-from-1", 1)}


def switches(name: str) -> Iterator[tuple[Any, Switch]]:
    """The kinds that have a switch of this name, and the switches."""
    switch_name, number = FAMILIES.get(name, (name, None))
    for kind in kinds().values():
        for switch in getattr(kind, "switches", ()):
            if switch.name == switch_name and number in (None, switch.setting):
                yield kind, switch


def convention(name: str) -> str:
    """Whose convention a bug of the museum is; "" if it is a bug.

    As in "a convention of Keras, TensorFlow", or "a convention".
    """
    for _, switch in switches(name):
        if switch.nature != "convention":
            return ""
        return (f"a convention of {switch.owner}" if switch.owner
                else "a convention")
    return ""


def family(name: str) -> bool:
    """Is a bug of the museum one size of many? The judge knows any."""
    found = list(switches(name))
    return bool(found) and all(isinstance(switch.setting, float)
                               for _, switch in found)


# Names of our functions, and the kinds of the judge.
LOSSES = {"mse_loss": "mse", "binary_cross_entropy": "bce",
          "binary_cross_entropy_with_logits": "bce_logits",
          "cross_entropy": "ce_logits", "_pick": "ce_logits",
          "_reduce": "mse"}


def in_words(name: str, where: str = "") -> str:
    """As in: start 0, lr 0.1, gradients 1 then 1 · step 2: ...

    where: "losses.mse_loss", if several kinds have a switch of this
    name. "" for a bug that neither a formula of the judge nor an
    example of the code shows.
    """
    inside = where.split(".")[1] if "." in where else ""
    wanted = LOSSES.get(inside, inside.lower())
    # Of a family, the number that is most often seen.
    for kind, switch in sorted(switches(name), key=lambda pair: (
            pair[0].name.lower() != wanted, pair[1].setting != 1e-7)):
        thrown = {switch.place: switch.setting}
        told = (_of_run(kind, thrown) if isinstance(kind, Optimiser)
                else kind.told(thrown) if hasattr(kind, "told")
                else _of_input(kind, thrown))
        if told:
            return told.replace("yours", "with the bug")
    return by_running(name)


# Weight decay and momentum at once, which no simpler run has.
BOTH = Run([np.array([1.0])], {"lr": 0.1, "momentum": 0.9,
                               "weight_decay": 0.5},
           2 * [([np.array([1.0])], 0.1)])


def _of_run(kind: Optimiser, thrown: Settings) -> str:
    options = {*kind.defaults} - {"decoupled"} | {"lr"}
    # One that is seen in the first digits, if there is one.
    for closeness in VISIBLE, CLOSE:
        for run in [*ladder(options, True), *(
                [BOTH] if BOTH.options.keys() <= options else [])]:
            wrong, right = simulate(kind, run, thrown), simulate(kind, run)
            where = departs(run, wrong, right, closeness)
            if where:
                return tell(run, wrong, right, where, kind.defaults)
    return ""


def _of_input(kind: Function, thrown: Settings) -> str:
    def s(place: str, right: Any = None) -> Any:
        return thrown.get(place, right)

    inputs = [one for some in kind.probes().values() for one in some]
    for closeness in VISIBLE, CLOSE:
        for formula in kind.value, kind.slope:
            for given in inputs if formula else []:
                with np.errstate(all="ignore"):
                    wrong = formula(given, s)
                    right = formula(given, lambda place, right=None: right)
                where = differs(wrong, right, closeness,
                                1e-12 if closeness == VISIBLE else 1e-300)
                if where is not None:
                    at = functions.tell(given, wrong, right, where) + (
                        _above(kind, thrown, given, where))
                    return (f"value at {at}" if formula is kind.value
                            else f"slope at {at}")
    return ""


def _above(kind: Function, thrown: Settings, given: dict[str, Any],
           where: Any) -> str:
    """The upstream gradient, if the bug depends on it."""
    place, setting = next(iter(thrown.items()))
    if place != "slope" or setting not in ("of the gradient", "of both"):
        return ""
    above = given["upstream"][functions.first(where)]
    return f", for an upstream gradient of {above:.4g}"


# Bugs that no formula of the judge has.
RUN = EXAMPLES | LAYERS | LOOPS | FORMULAS | NETS | FILES


def by_running(name: str) -> str:
    """As in: slope at x = 1000: with the bug nan, torch 1; or ""."""
    if name not in RUN:
        return ""
    from tests.judge.confusion import whole
    bug = BUGS[name]
    what, compute = RUN[name]
    told = []
    for one in bug, replace(bug, patch={}):
        names: Names = {"__name__": "planted"}
        exec(compile(whole(one)[0], str(bug.path), "exec"), names)
        try:
            with _float64():
                told.append(_spelt(compute(names)))
        except Exception as error:
            told.append(type(error).__name__)
    return f"{what}: with the bug {told[0]}, without it {told[1]}"


@contextlib.contextmanager
def _float64() -> Iterator[None]:
    """A net draws in the default dtype: the same one for every caller."""
    import torch
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _spelt(value: Any) -> str:
    """Numbers and rows, for a person."""
    if isinstance(value, list | tuple) or hasattr(
            value, "ndim") and value.ndim:
        parts = ", ".join(map(_spelt, value))
        return parts if len(value) == 1 else f"[{parts}]"
    return f"{float(value):.5g}"
