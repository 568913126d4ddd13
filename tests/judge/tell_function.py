"""What is said of an activation or a loss: its value, its slope."""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge.explain_function import (Chosen, Slope, nature, of_slope,
                                          own_slope, ratio, shift)
from tests.judge.functions import (ABSOLUTE, differs, first, in_numbers,
                                   short, tell)
from tests.judge.layouts import TOLD
from tests.judge.switchboard import Switch, settings
from tests.judge.trial_function import PLAIN, QUIET, SINGLE, Trial
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 Verdict)

STATUS = {"bug": BUG, "convention": CONVENTION, "feature": BUT}
REDUCED = {"mean": "the mean", "sum": "the sum", "none": "one loss an entry",
           "rows": "one loss a row", "row means": "one mean a row",
           "per row": "the sum divided by the rows",
           "column means": "one mean a column",
           "twice": "the mean, divided by the rows once more"}
FROM_OUTPUT = Switch(
    "slope-from-the-output", "argument", "output", "convention",
    "The slope is asked with the output, which is known by then.")


def told(place: str, trial: Trial, names: list[Chosen],
         slope_error: str) -> Verdict:
    """What equals, what does not, and what it is called."""
    found = Verdict(place, trial.kind.against, EQUAL,
                    read_as=_read(trial, names))
    wrong = trial.wrong({})
    slope = Slope(names, False, True)
    bad_slope: list[int] = []
    if trial.has_slope:
        bad_slope = trial.wrong({}, "slope")
        slope = of_slope(trial, names, time.monotonic() + 3.0)
        bad_slope = trial.wrong({}, "slope")
        wrong = trial.wrong({})
    elif slope_error:
        found.notes.append("the slope could not be judged: " + slope_error)
    elif trial.kind.slope is not None:
        found.notes.append("no slope was found: only the value is judged")
    _examples(found, trial, wrong, bad_slope)
    _status(found, trial, names, slope, wrong, bad_slope)
    for name in sorted(trial.wrote):
        found.notes.append("it writes into " + {
            "input": "its input", "upstream":
            "the gradient that it is handed"}.get(name, "the targets"))
        found.status = BUT if found.status == EQUAL else found.status
    if trial.again:
        found.notes.append("called twice with the same input, it gives two "
                           "answers: it draws at random, or remembers")
    for region, error in trial.raised.items():
        found.notes.append(f"raises where numbers are {region}: {error}")
        found.status = BUT if found.status == EQUAL else found.status
    if trial.close == SINGLE:
        found.notes.append("it computes in float32, and is compared so")
    _from_output(found, trial)
    return found


def _read(trial: Trial, names: list[Chosen]) -> str:
    how = trial.base.get("reduction", "")
    fits = trial.reductions(settings(names[0]) if names else {})
    if fits and how not in fits:
        how = fits[0]
    parts = [str(trial.call), TOLD[trial.layout], REDUCED.get(how, "")]
    return ", ".join(part for part in parts if part)


def _regions(trial: Trial, wrong: list[int]) -> set[str]:
    return {trial.seen[i].region for i in wrong}


def _examples(found: Verdict, trial: Trial, wrong: list[int],
              bad_slope: list[int]) -> None:
    """A line for the value and one for the slope."""
    lines = []
    against = trial.kind.against
    for what, bad, formula in (("value", wrong, trial.value),
                               ("slope", bad_slope, trial.slope)):
        if what == "slope" and not trial.has_slope:
            continue
        if not bad:
            said = (f"EQUAL to {against} in {len(trial.seen)} inputs, to "
                    "rounding")
            lines.append(f"{what}  {said}")
            continue
        order = [one.region for one in trial.seen]
        i = min(bad, key=lambda i: (order[i] not in PLAIN,
                                    order[i] in QUIET,
                                    trial.seen[i].given["input"].size))
        one = trial.seen[i]
        right, mine = formula(one.given, {}), getattr(one, what)
        where = differs(mine, right, trial.close, 0.0 if what == "value"
                        else 1e-6 * trial.close)
        if where is None:
            where = np.ones(np.shape(right), bool)
        found.numbers.append(in_numbers(what, one.given, mine, right,
                                        where))
        said = "DIFFERENT"
        if _regions(trial, bad) <= set(QUIET):
            said = f"EQUAL to {against} for finite numbers, but"
        lines.append(f"{what}  {said}: "
                     + tell(one.given, mine, right, where))
        if what == "slope" and trial.upstream and not trial.kind.loss:
            above = one.given["upstream"][first(where)]
            lines[-1] += f", for an upstream gradient of {above:.4g}"
        if what == "slope":
            lines[-1] += _of_its_own(trial, i, first(where))
    found.example = "\n  ".join(lines)


def _of_its_own(trial: Trial, i: int, index: tuple[int, ...]) -> str:
    """Is it the slope of the person's own value?"""
    own = own_slope(trial, i, index)
    if own is None or trial.close == SINGLE:
        return ""
    mine = float(trial.seen[i].slope[index])
    name = trial.name.split(".")[-1]
    if abs(mine - own) <= 1e-4 * max(abs(own), 1e-3):
        return f". It is the slope of your own {name}"
    text = f". Nor is it the slope of your own {name}: that is {own:.4g} here"
    times = mine / own if own else np.nan
    x = trial.seen[i].given["input"]
    for n, many in ((len(x), "as many as there are rows"),
                    (x.size, "as many as there are entries")):
        if trial.kind.loss and n > 1 and abs(times / n - 1) < 1e-4:
            return text + (f". It is {n} times that, {many}: the gradient "
                           "of the sum")
    return text


def _status(found: Verdict, trial: Trial, names: list[Chosen],
            slope: Slope, wrong: list[int], bad_slope: list[int]) -> None:
    value_loud = _regions(trial, wrong) - set(QUIET)
    slope_loud = _regions(trial, bad_slope) - set(QUIET)
    if not value_loud and not slope_loud:
        if wrong or bad_slope:
            found.status = BUT
            found.findings.append("on finite numbers")
        return
    if trial.call.second:
        slope.names = [tuple(map(_at_once, one)) for one in slope.names]
    explained = ((bool(names) or not value_loud)
                 and (slope.explained or not slope_loud))
    found.names = [chosen for chosen in slope.names if chosen]
    if explained and found.names:
        _sort(found, trial, names, slope)
        found.names = [tuple(sorted(one, key=lambda switch: not _ordinary(
            trial, switch))) for one in found.names]
        _contradiction(found, trial)
        return
    if found.names:
        # The value has a name, the slope has none.
        found.status = STATUS[nature(replace(
            trial, seen=[replace(one, slope=None) for one in trial.seen]),
            found.names[0], False, ())]
        found.rest = "and the slope differs, too, which has no name"
        return
    found.status = DIFFERENT
    _features(found, trial, value_loud, slope_loud)


def _ordinary(trial: Trial, switch: Switch) -> bool:
    """Do ordinary inputs show it? It is named first."""
    thrown = {switch.place: switch.setting}
    return any(differs(formula(one.given, thrown), formula(one.given, {}))
               is not None for one in trial.seen if one.region in PLAIN
               for formula in ([trial.value, trial.slope]
                               if trial.has_slope else [trial.value]))


def _at_once(switch: Switch) -> Switch:
    """Of a slope that comes back with its value: nothing divides it
    later.
    """
    if switch.place != "slope reduction":
        return switch
    return replace(switch, nature="bug", owner="",
                   effect="the learning rate is n times as large"
                   if switch.setting == "sum" else "")


def _contradiction(found: Verdict, trial: Trial) -> None:
    """The value is the mean, the slope that of the sum."""
    thrown = settings(found.names[0])
    value = thrown.get("reduction again", trial.base.get("reduction"))
    slope = thrown.get("slope reduction")
    times = thrown.get("slope factor")
    said = ""
    if slope and "entries" not in thrown and value in REDUCED:
        said = (f"the value is {REDUCED[value]}, the slope is that of "
                f"{REDUCED[slope]}")
    elif times:
        said = {
            "half": "the slope is half the slope of your own value",
            "double": "the slope is twice the slope of your own value",
        }.get(times, "the slope is minus the slope of your own value")
    if said:
        found.findings.append("value and slope contradict each other: "
                              + said)


def _sort(found: Verdict, trial: Trial, names: list[Chosen],
          slope: Slope) -> None:
    """The least serious explanation first; its nature is the status."""
    ranks = ["feature", "convention", "bug"]
    ranked: list[Any] = []
    for chosen in found.names:
        extra = tuple(switch for switch in chosen
                      if not any(switch in one for one in names))
        kind = nature(trial, chosen, slope.clean, extra)
        where = trial.wrong(settings(chosen))
        ranked.append((ranks.index(kind), sum(
            switch.nature == "bug" for switch in chosen), len(where),
            len(ranked), kind, chosen))
    ranked.sort(key=lambda one: one[:4])
    # A bug is no other name of a convention.
    found.names = [one[-1] for one in ranked if one[:2] == ranked[0][:2]]
    found.status = STATUS[ranked[0][-2]]


def _features(found: Verdict, trial: Trial, value_loud: set[str],
              slope_loud: set[str]) -> None:
    """What is said where no name fits."""
    def near(what: str) -> bool:
        return not trial.wrong({}, what, close=1e-7, absolute=ABSOLUTE)

    if near("value") and (not trial.has_slope or near("slope")):
        found.status = BUT
        found.findings.append("equal to 7 digits")
        return
    odd = value_loud | slope_loud
    if not odd & set(PLAIN):
        found.findings.append("equal for ordinary numbers; differs where "
                              "they are " + ", ".join(sorted(odd)))
        if not _breaks(trial):
            found.status = BUT
    if not value_loud:
        found.findings.append("only the slope differs")
    for what, differs_ in (("value", value_loud), ("slope", slope_loud)):
        times = ratio(trial, what) if differs_ else None
        if times is not None:
            found.findings.append(
                f"the {what} is {short(times)} times torch's")
    fixed = shift(trial) if value_loud else None
    if fixed:
        found.findings.append(f"the value is torch's {fixed:+g}")


def _breaks(trial: Trial) -> bool:
    """Is something NaN or infinite that torch's is not?"""
    for what, formula in (("value", trial.value), ("slope", trial.slope)):
        for one in trial.seen:
            mine = getattr(one, what)
            if one.region in QUIET or mine is None:
                continue
            right = formula(one.given, {})
            if (np.isfinite(right) & ~np.isfinite(mine)).any():
                return True
    return False


def _from_output(found: Verdict, trial: Trial) -> None:
    """Is the slope asked with the output, where the input fits?"""
    slope = trial.call.slope
    if slope is None or "output" not in slope.order or trial.kind.loss:
        return
    if found.status == EQUAL:
        found.status = CONVENTION
        found.names = [(FROM_OUTPUT,)]
        return
    found.notes.append("the slope is computed from the output, not from "
                       "the input: slope-from-the-output")
