"""Each exercise of the lectures has a solution and a check.

The task is on the page, docs/TOPIC.md. The solution is TOPIC/NAME.py:
the definitions that change, written out, and nothing else; merge.py
puts them into the source. To add a solution, add its file.
The checks are in check_TOPIC.py, a name that pytest does not collect:
they fail on the original source.

    python -m tests.exercises    every check, without and with the solution

attempt.py checks what someone writes in a notebook.
"""

from pathlib import Path

from tests.exercises.exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise for exercise in (
        Exercise(f"{path.parent.name}-{path.stem.replace('_', '-')}",
                 path.parent.name)
        for path in sorted(Path(__file__).parent.glob("*/[a-z]*.py")))}
