"""The lessons with two sides that differ, on a clock of their own.

If both sides print the same, nobody sees which side was printed.
"""

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scratch.front_door.gap import Side
from scratch.front_door.lessons import entries

# seconds of a step, on the clock that `apart` sets
SECONDS = {"scratch": 0.3, "torch_ref": 0.2}
# change(make, lesson, wing, label) returns a side: make() is the right one
Change = Callable[[Callable[[], Side], Any, Any, str], Side]


@contextlib.contextmanager
def changed(change: Change) -> Iterator[pytest.MonkeyPatch]:
    """Every lesson's sides pass through `change`."""
    def patched(right):
        """A method `side`, changed."""
        return lambda lesson, wing, label: change(
            lambda: right(lesson, wing, label), lesson, wing, label)

    with pytest.MonkeyPatch.context() as patch:
        for entry in entries().values():
            kind = entry.load()
            if "side" in vars(kind):
                patch.setattr(kind, "side", patched(kind.side))
        yield patch


@contextlib.contextmanager
def apart(times: float) -> Iterator[None]:
    """By torch every lr is multiplied by `times`; a step takes SECONDS."""
    now = [0.0]

    def on_the_clock(training, seconds):
        """The same training; each step takes `seconds`."""
        for loss in training:
            now[0] += seconds
            yield loss

    def slow(evaluate):
        """To evaluate takes long, and must not count."""
        def evaluated():
            now[0] += 1000
            return evaluate()
        return evaluate and evaluated

    def change(make, lesson, wing, label):
        """The side, with its own lr, on the clock."""
        lr = lesson.lr
        lesson.lr *= times if wing.name == "torch_ref" else 1
        side = make()
        lesson.lr = lr
        side.training = on_the_clock(side.training, SECONDS[wing.name])
        side.evaluate = slow(side.evaluate)
        return side

    with changed(change) as patch:
        patch.setattr(time, "perf_counter", lambda: now[0])
        yield


def alike(found: Any, expected: Any, rel: float = 1e-9) -> None:
    """Check that two records are equal, numbers up to rounding."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            alike(found[key], expected[key], rel)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for a, b in zip(found, expected):
            alike(a, b, rel)
    elif isinstance(expected, float):
        assert isinstance(found, float)
        assert math.isclose(found, expected, rel_tol=rel, abs_tol=1e-12)
    else:
        assert type(found) is type(expected) and found == expected
