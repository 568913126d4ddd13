"""The smallest counterexample of a bug, for a person to read."""

from tests.judge.implementation import kinds
from tests.judge.optimisers import (CLOSE, Optimiser, departs, ladder,
                                    simulate)
from tests.judge.tell_optimiser import tell

# Of the parameter: a difference that a person sees.
VISIBLE = 1e-2


def in_words(name: str) -> str:
    """As in: start 0, lr 0.1, gradients 1 then 1 · step 2: ...

    "" for a bug that is no switch of an optimiser's formula.
    """
    for kind in kinds().values():
        if not isinstance(kind, Optimiser):
            continue
        for switch in kind.switches:
            if switch.name != name:
                continue
            thrown = {switch.place: switch.setting}
            options = {*kind.defaults} - {"decoupled"} | {"lr"}
            # One that is seen in the first digits, if there is one.
            for closeness in VISIBLE, CLOSE:
                for run in ladder(options, True):
                    wrong, right = simulate(kind, run, thrown), simulate(
                        kind, run)
                    where = departs(run, wrong, right, closeness)
                    if where:
                        return tell(run, wrong, right, where,
                                    kind.defaults).replace(
                                        "yours", "with the bug")
    return ""
