"""The exercises of the lectures: for each a solution and a check.

The task is in the page, docs/TOPIC.md; the solutions are here in
TOPIC.py, as patches of the real source; the checks in check_TOPIC.py.
A check fails on the source as it is, so pytest must not find it by
itself.

    python -m tests.exercises       every check, without and with
"""

from importlib import import_module
from pathlib import Path

from tests.exercises.exercise import Exercise

TOPICS = sorted(path.stem.removeprefix("check_") for path
                in Path(__file__).parent.glob("check_*.py"))
EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise for topic in TOPICS for exercise
    in import_module(f"tests.exercises.{topic}").SOLUTIONS}
