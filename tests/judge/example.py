"""The smallest counterexample of a bug, for a person to read."""

from typing import Any

import numpy as np

from tests.judge import functions
from tests.judge.functions import Function, differs
from tests.judge.implementation import kinds
from tests.judge.optimisers import (CLOSE, VISIBLE, Optimiser, departs, ladder,
                                    simulate)
from tests.judge.switchboard import Settings
from tests.judge.tell_optimiser import tell


def convention(name: str) -> str:
    """Whose convention a bug of the museum is; "" if it is a bug.

    As in "a convention of Keras, TensorFlow", or "a convention".
    """
    for kind in kinds().values():
        for switch in getattr(kind, "switches", ()):
            if switch.name in (name, *FAMILIES.get(name, ())):
                if switch.nature != "convention":
                    return ""
                return "a convention" + (f" of {switch.owner}"
                                         if switch.owner else "")
    return ""


# A number of a family is an entry of the museum.
FAMILIES = {"adam-eps-1e-7": ("adam-eps-value",),
            "log-of-p-plus-1e-12": ("log-of-p-plus-eps",)}


# Names of our functions, and the kinds of the judge.
LOSSES = {"mse_loss": "mse", "binary_cross_entropy": "bce",
          "binary_cross_entropy_with_logits": "bce_logits",
          "cross_entropy": "ce_logits", "_pick": "ce_logits",
          "_reduce": "mse"}


def in_words(name: str, where: str = "") -> str:
    """As in: start 0, lr 0.1, gradients 1 then 1 · step 2: ...

    where: "losses.mse_loss", if several kinds have a switch of this
    name. "" for a bug that is no switch of a formula of the judge.
    """
    inside = where.split(".")[1] if "." in where else ""
    wanted = LOSSES.get(inside, inside.lower())
    for kind in sorted(kinds().values(),
                       key=lambda kind: kind.name.lower() != wanted):
        # Of a family, the number that is most often seen.
        for switch in sorted(getattr(kind, "switches", ()),
                             key=lambda one: one.setting != 1e-7):
            if switch.name == name:
                thrown = {switch.place: switch.setting}
                told = (_of_run(kind, thrown) if isinstance(kind, Optimiser)
                        else kind.told(thrown) if hasattr(kind, "told")
                        else _of_input(kind, thrown))
                return told.replace("yours", "with the bug")
    return ""


def _of_run(kind: Optimiser, thrown: Settings) -> str:
    options = {*kind.defaults} - {"decoupled"} | {"lr"}
    # One that is seen in the first digits, if there is one.
    for closeness in VISIBLE, CLOSE:
        for run in ladder(options, True):
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
        for what, formula in ("value", kind.value), ("slope", kind.slope):
            for given in inputs if formula else []:
                with np.errstate(all="ignore"):
                    wrong = formula(given, s)
                    right = formula(given, lambda place, right=None: right)
                where = differs(wrong, right, closeness,
                                1e-12 if closeness == VISIBLE else 1e-300)
                if where is not None:
                    return (f"{what} at "
                            + functions.tell(given, wrong, right, where))
    return ""
