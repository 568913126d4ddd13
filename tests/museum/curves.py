"""The curve of each bug that changes a training: with it, and without.

Of the trainings in curve_table.py it is the first in which the bug
makes a visible difference.
"""

import math
from functools import cache
from typing import Any

import torch

from tests.museum import BUGS
from tests.museum.curve_table import Training, trainings
from tests.museum.fresh import Fresh, planted_in
from tests.museum.trainings import Losses

# A difference of this share of the drawing's height can be seen.
VISIBLE = 0.02


def curve(name: str) -> dict[str, Any]:
    """The first training that shows the bug: its title and losses."""
    bug = BUGS[name]
    with planted_in(bug) as by:
        for training in trainings(bug.where):
            right = _right(training)
            wrong, stopped = _run(training, by)
            if stopped or difference(wrong, right) > VISIBLE:
                return {"title": training.title, "code": training.code,
                        "of": training.of, "stopped": stopped,
                        "with": wrong, "without": right}
    return {}


@cache
def _right(training: Training) -> list[float]:
    with planted_in(None) as by:
        return list(_losses(training, by))


def _run(training: Training, by: Fresh) -> tuple[list[float], str]:
    """The losses, and the exception that stopped the training."""
    losses: list[float] = []
    try:
        for loss in _losses(training, by):
            losses.append(loss)
    except Exception as error:
        return losses, f"{type(error).__name__}: {error}"
    return losses, ""


def _losses(training: Training, by: Fresh) -> Losses:
    # for a bug that draws from torch's global generator
    torch.manual_seed(0)
    return training.losses(by)


def upper_end(right: list[float]) -> float:
    """The upper end of the drawing, whose lower end is 0."""
    # The bug may leave it; a large loss at the start may not.
    return 1.3 * max(right[:1] + right[len(right) // 10:])


def difference(wrong: list[float], right: list[float]) -> float:
    """The largest at any step, as a share of the drawing's height."""
    if len(wrong) != len(right) or not all(map(math.isfinite, wrong)):
        return math.inf
    return max(abs(a - b) for a, b in zip(wrong, right)) / upper_end(right)
