"""Every check: on the source as it is it fails, on a solution not."""

import sys

from tests.exercises import EXERCISES
from tests.museum.plant import Work, judge_all


def main() -> int:
    """Print what is wrong, and how many were looked at."""
    work: list[Work] = [
        (patch, [exercise.proof], ("--hypothesis-profile=glance",))
        for exercise in EXERCISES.values()
        for patch in (None, exercise)]
    verdicts = iter(list(judge_all(work)))
    faults = 0
    for exercise in EXERCISES.values():
        untouched, solved = next(verdicts), next(verdicts)
        if not untouched.caught:
            print(f"{exercise.name}: passes on the untouched source")
        if solved.caught:
            print(f"{exercise.name}: the solution fails: "
                  f"{solved.message}\n{solved.output}")
        faults += (not untouched.caught) + solved.caught
    print(f"{len(EXERCISES)} exercises, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
