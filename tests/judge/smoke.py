"""Can an optimiser be called so? A few steps tell."""

from typing import Any

import numpy as np

from tests.judge.optimisers import Run
from tests.judge.reading import Reading


def _run(start: float, lr: float, *lrs: float) -> Run:
    """With gradients of 1."""
    return Run([np.array([float(start)])], {"lr": lr}, [
        ([np.array([1.0])], now) for now in (lr, *lrs)])


def steps(options: set[str]) -> list[Run]:
    """The last has parameters of two shapes.

    options: those that the code has.
    """
    runs = _steps()
    if "momentum" in options:
        # A loop may ask for the gradient ahead of the parameter.
        runs[1].options["momentum"] = 0.9
    return runs


def _steps() -> list[Run]:
    one, two = np.array([1.0, 2.0, 3.0]), np.ones((2, 2))
    pair = [np.array([0.0]), np.array([0.0])]
    return [_run(0, 0.1), _run(0, 0.1, 0.1, 0.1), _run(1, 0.1),
            _run(0, 0.2), _run(0, 0.1, 0.1), _run(0, 0.1, 1.0),
            Run(pair, {"lr": 0.1}, 2 * [
                ([np.array([1.0]), np.array([2.0])], 0.1)]),
            Run([one, two], {"lr": 0.1}, 2 * [([one, two], 0.1)])]


def wrong(runs: list[Run], answers: list[dict[str, Any]],
          reading: Reading, has_lr: bool) -> str:
    """What shows that the reading is wrong, or ""."""
    moved = False
    for run, answer in zip(runs, answers):
        if "error" in answer:
            return f"{answer['error']}{answer['at']}"
        for params in answer["params"]:
            if len(params) != len(run.start):
                return f"{len(params)} parameters come back"
            for p, start in zip(params, run.start):
                if p.shape != start.shape or p.dtype.kind not in "fiu":
                    return (f"the new parameter has shape {p.shape}, "
                            f"the old one {start.shape}")
                moved = moved or bool((p != start).any())
    if not moved:
        return "no parameter moves"
    step, _, other, double, *_ = [float(answer["params"][0][0].flat[0])
                                  for answer in answers]
    if "param" in reading.returns and abs(other - step) < 0.5:
        return "the new parameter has nothing of the old one"
    if "direction" not in reading.returns:
        return ""
    # Whether it contains the sign and lr is seen from the first step.
    if step > 0:
        return "the argument for a direction: it leads upwards"
    if "param" in reading.takes() and abs(other - 1 - step) > 0.5:
        return "the argument for a direction: it has the parameter in it"
    factor = double / step if step and has_lr else 2.0
    if "lr" in reading.moves and abs(factor - 4) < 1e-6:
        return "the argument for a direction: lr is in it"
    if "lr" not in reading.moves and abs(factor - 1) < 1e-6:
        return "the argument for a direction: lr is not in it"
    return ""


def follows_lr(answers: list[dict[str, Any]]) -> bool:
    """Can lr be changed between the steps?

    An attribute that nothing reads is no way to change it; groups of
    parameters and arguments are.
    """
    _, _, _, _, still, changed, *_ = [answer["params"] for answer in answers]
    way = answers[0]["lr"]
    return bool(way) and not (way == "attribute" and np.array_equal(
        changed[1][0], still[1][0]))
