"""Which switches explain a function's value, and then its slope."""

import itertools
import time
from dataclasses import dataclass, field

import numpy as np

from tests.judge.switchboard import Switch, combinations, settings
from tests.judge.trial_function import PLAIN, QUIET, Trial

# Seconds for the search of one name.
PATIENCE = 6.0
Chosen = tuple[Switch, ...]


def bugs(chosen: Chosen) -> int:
    """A convention explains better than a bug does."""
    weight = {"bug": 100, "convention": 10}
    return sum(weight.get(switch.nature, 1) for switch in chosen)


def loud(trial: Trial) -> set[str]:
    """The regions of finite numbers."""
    return {one.region for one in trial.seen} - set(QUIET)


def front(trial: Trial, what: str) -> None:
    """The inputs that differ come first: others need not be tried."""
    wrong = set(trial.wrong({}, what))
    trial.seen = [trial.seen[i] for i in sorted(
        range(len(trial.seen)), key=lambda i: i not in wrong)]


def active(trial: Trial) -> list[Switch]:
    """The switches that change the value of some input."""
    right = [trial.value(one.given, {}) for one in trial.seen]

    def changes(switch: Switch) -> bool:
        thrown = {switch.place: switch.setting}
        return any(not np.array_equal(trial.value(one.given, thrown), value,
                                      equal_nan=True)
                   for one, value in zip(trial.seen, right))
    return [switch for switch in trial.kind.switches if changes(switch)]


def of_value(trials: list[Trial], end: float) -> tuple[
        Trial | None, list[Chosen]]:
    """The smallest explanation of a value that differs.

    Of explanations of one size: one without bugs, of the likeliest
    call.
    """
    for trial in trials:
        front(trial, "value")
    tables = [list(trial.kind.switches) for trial in trials]
    known: dict[tuple[str, str], list[Switch]] = {}
    for size in (1, 2, 3):
        best: list[tuple[int, int, Trial, list[Chosen]]] = []
        # Three at once: of the likeliest calls only.
        some = list(zip(trials, tables))[:4 if size == 3 else None]
        for i, (trial, table) in enumerate(some):
            found = []
            regions = loud(trial)
            if size == 2:
                key = trial.kind.name, trial.base.get("reduction", "")
                if key not in known:
                    known[key] = active(trial)
                table[:] = known[key]
            for chosen in combinations(table, size):
                if time.monotonic() > end:
                    break
                if not trial.wrong(settings(chosen), regions=regions,
                                   stop=True):
                    found.append(chosen)
            if found:
                found.sort(key=bugs)
                best.append((bugs(found[0]), i, trial, found))
        if best:
            _, _, trial, found = min(best, key=lambda one: one[:2])
            return trial, found
    return None, []


@dataclass
class Slope:
    """What explains the slope, beside what explains the value."""

    # the value's switches and the slope's own
    names: list[Chosen] = field(default_factory=list)
    # is the slope the right formula's, without the value's switches?
    clean: bool = False
    explained: bool = False


def of_slope(trial: Trial, sets: list[Chosen], end: float) -> Slope:
    """The smallest additions to the value's switches."""
    front(trial, "slope")
    regions = loud(trial)

    def agrees(chosen: Chosen) -> bool:
        return not trial.wrong(settings(chosen), "slope", regions,
                               stop=True)

    for size in (0, 1, 2):
        for clean in (False, True):
            found = []
            for extra in combinations(trial.kind.switches, size):
                for chosen in sets or [()]:
                    if time.monotonic() > end:
                        break
                    places = {switch.place for switch in chosen}
                    if places & {switch.place for switch in extra}:
                        continue
                    # The value must be explained as well as before.
                    if agrees(extra if clean else chosen + extra) and not (
                            extra and trial.wrong(
                                settings(chosen + extra), "value", regions,
                                stop=True)):
                        found.append(chosen + extra)
            if found:
                found.sort(key=bugs)
                return Slope(found, clean, True)
    return Slope(sets, False, False)


def nature(trial: Trial, chosen: Chosen, clean: bool,
           extra: Chosen) -> str:
    """"bug", "convention" or "feature": the worse of value and slope.

    A convention that ordinary inputs show is the finding on a value;
    what else breaks far away is named beside it.
    """
    def needed(what: str, switch: Switch, among: Chosen) -> bool:
        rest = tuple(one for one in among if one is not switch)
        return bool(trial.wrong(settings(rest), what, PLAIN, stop=True))

    value = tuple(one for one in chosen if one not in extra)
    natures = set()
    for what, own, among in (
            ("value", value, value),
            ("slope", extra, extra if clean else chosen)):
        natures |= {switch.nature for switch in own
                    if needed(what, switch, among)} or {
                        switch.nature for switch in own}
    return next(one for one in ("bug", "convention", "feature")
                if one in natures)


def own_slope(trial: Trial, i: int, index: tuple[int, ...]) -> float | None:
    """The numerical slope of the person's own value, at one entry.

    None at a kink, or where the value cannot be had.
    """
    given = trial.seen[i].given
    x = given["input"]
    step = 1e-5 * max(1.0, abs(float(x[index])))
    shifts = []
    for shift in (0.0, step, -step):
        moved = x.copy()
        if not np.isfinite(x[index]):
            return None
        moved[index] += shift
        shifts.append({**given, "input": moved})
    values = trial.moved(shifts)
    if values is None or any(one.shape != values[0].shape
                             for one in values):
        return None
    weight = (given["upstream"] if trial.upstream
              and values[0].shape == x.shape else np.ones_like(values[0]))
    with np.errstate(all="ignore"):
        here, above, below = (float(np.sum(value * weight))
                              for value in values)
        right, left = (np.subtract(above, here) / step,
                       np.subtract(here, below) / step)
    both = (right + left) / 2
    near = abs(right - left) <= 1e-2 * max(abs(both), 1e-2)
    return both if near and np.isfinite(both) else None


def ratio(trial: Trial, what: str) -> float | None:
    """A fixed ratio of the person's results and torch's."""
    ratios = set()
    formula = trial.value if what == "value" else trial.slope
    for one in itertools.islice(
            (one for one in trial.seen if one.region in PLAIN), 8):
        mine, right = getattr(one, what), formula(one.given, {})
        if np.shape(mine) != np.shape(right):
            return None
        with np.errstate(all="ignore"):
            found = mine / right
            here = {round(float(r), 7) for r in np.ravel(found)
                    if np.isfinite(r)}
            if len(here) != 1 or not np.allclose(
                    mine, right * [*here][0], 1e-6, 1e-12):
                return None
        ratios |= here
    return ratios.pop() if len(ratios) == 1 and ratios != {1.0} else None


def shift(trial: Trial) -> float | None:
    """A fixed difference of the person's values and torch's."""
    with np.errstate(all="ignore"):
        found = {round(float(d), 9) for one in trial.seen
                 if one.region in PLAIN and np.shape(one.value) == np.shape(
                     trial.value(one.given, {}))
                 for d in np.ravel(one.value - trial.value(one.given, {}))}
    return found.pop() if len(found) == 1 else None
