"""Runs of an optimiser, in the child."""

from typing import Any

from tests.judge.loops import Loop
from tests.judge.objects import array
from tests.judge.pieces import Pieces
from tests.judge.reading import Reading
from tests.judge.sessions import Session


def drive(person: Any, name: str, reading: Reading, runs: list[Any],
          mode: str, call: Any) -> list[dict[str, Any]]:
    """Run the person's optimiser: the parameters after each step.

    A run has start, options and steps: (gradients, lr). call(function,
    arguments...) guards the person's code. mode: "poison" overwrites
    each gradient after its step; "twin" trains another run between;
    "fresh" runs the person's definitions again before each run.
    """
    found = []
    for run in runs:
        if "fresh" in mode:
            person.done.clear()
        found.append(call(_run, person.find(name), reading, run, mode))
    return found


def _run(target: Any, reading: Reading, run: Any,
         mode: str) -> dict[str, Any]:
    begin: Any = (Pieces if reading.handed else Loop
                  if reading.scope == "loop" else Session)
    session = begin(target, reading, run.start, dict(run.options))
    twin = (begin(target, reading, run.start, dict(run.options))
            if "twin" in mode else None)
    after, wrote = [], False
    for grads, lr in run.steps:
        if "bowl" in mode:
            # The gradient of the half square is the parameter itself.
            grads = [array(p) for p in session.params]
        after.append(session.step(grads, lr))
        wrote = wrote or session.changed_gradient()
        if "poison" in mode:
            for mine, g in session.handed:
                mine[...] = 12345.0
        if twin:
            twin.step([None if g is None else g + 3 for g in grads], lr)
    return {"params": after, "wrote": wrote, "lr": session.can_set_lr}
