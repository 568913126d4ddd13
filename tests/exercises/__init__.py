"""The exercises of the lectures: for each a solution and a check.

The task is on the page, docs/TOPIC.md. Its solution is here, in
TOPIC/NAME.py: the definitions that change, written out, and nothing
else; merge.py puts them into the source. A solution is registered by
being there. The checks are in check_TOPIC.py. They fail on the source
as it is, so pytest must not find them by itself.

    python -m tests.exercises       every check, without and with
"""

from pathlib import Path

from tests.exercises.exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise for exercise in (
        Exercise(f"{path.parent.name}-{path.stem.replace('_', '-')}",
                 path.parent.name)
        for path in sorted(Path(__file__).parent.glob("*/[a-z]*.py")))}
