"""Every check must fail on the original source and pass on its solution."""

import sys

from tests.exercises import EXERCISES
from tests.museum.plant import QUIET
from tests.museum.processes import Work, prove_all


def main() -> int:
    """Run all checks; print the faults, and how many exercises there are."""
    work: list[Work] = [
        (change, [exercise.proof], ("--hypothesis-profile=glance", *options))
        for exercise in EXERCISES.values()
        for change, options in ((None, QUIET), (exercise, ()))]
    verdicts = iter(list(prove_all(work)))
    faults = 0
    for exercise in EXERCISES.values():
        original, solved = next(verdicts), next(verdicts)
        if not original.caught:
            print(f"{exercise.name}: the check passes on the original source")
        if solved.caught:
            print(f"{exercise.name}: the check fails on the solution: "
                  f"{solved.message}\n{solved.output}")
        faults += (not original.caught) + solved.caught
    print(f"{len(EXERCISES)} exercises, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
