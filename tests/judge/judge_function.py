"""The verdict on an activation or a loss."""

import itertools
import time
from dataclasses import replace

import numpy as np

from tests.judge import calls
from tests.judge.calls import Call
from tests.judge.explain_function import PATIENCE, of_slope, of_value
from tests.judge.functions import Function
from tests.judge.numbers import with_numbers
from tests.judge.process import Process, Stopped
from tests.judge.source import Source
from tests.judge.tell_function import told
from tests.judge.trial_function import PLAIN, QUIET, Trial
from tests.judge.verdict import DIFFERENT, RAISES, Verdict

# Trials whose value is searched for a name.
SEARCHED = 20


def judge(source: Source, name: str, kinds: list[Function],
          process: Process) -> Verdict:
    """The value first, called in every way; then the slope of that."""
    place = f"{source.path.name}:{name}"
    kinds = [with_numbers(kind, source, name) for kind in kinds]
    if not _chooses(source, name):
        kinds = [_of_a_name(kind) for kind in kinds]
    found = _found(source, name, place, kinds, process)
    switches = [switch for chosen in found.names[:1] for switch in chosen]
    if kinds[0].unsure and (
            found.status in (DIFFERENT, RAISES) or len(switches) > 2
            # Only a name could say that it should be the square.
            or any(switch.name == "mse-of-sizes" for switch in switches)):
        # It is a loss that the judge does not know.
        return Verdict(place, findings=[
            "its name does not say which loss it is, and it is none of "
            "those that are known (FILE:NAME --as KIND)"])
    return found


def _chooses(source: Source, name: str) -> bool:
    """Has it an option that says mean or sum?"""
    owner = source.classes.get(name.partition(".")[0])
    some = [*owner.methods.values()] if owner else [source.functions[name]]
    return any("reduc" in one.name or "average" in one.name
               for found in some for one in found.arguments)


def _of_a_name(kind: Function) -> Function:
    """A sum that only its name calls a mean is no bug."""
    return replace(kind, switches=[
        replace(switch, nature="convention", thought="The sum, though "
                "its name says mean.") if switch.name == "sum-for-mean"
        else switch for switch in kind.switches])


def _found(source: Source, name: str, place: str, kinds: list[Function],
           process: Process) -> Verdict:
    errors: list[str] = []
    tried: list[Trial] = []
    for spare in (False, True):
        if process.child is None and errors:
            break
        tried += _values(source, name, kinds, process, spare, errors,
                         bool(tried))
        if any(_equal(trial) for trial in tried):
            break
    if not tried:
        verdict = Verdict(place, kinds[0].against)
        if errors:
            verdict.findings = errors[:1]
            owner = source.classes.get(name.partition(".")[0])
            if not (owner and owner.constructor
                    and owner.constructor.arguments):
                # It may need what only its constructor can give.
                verdict.status = RAISES
        else:
            verdict.findings = ["no way to call it was found"]
        return verdict
    equal = [trial for trial in tried if _equal(trial)]
    end = time.monotonic() + PATIENCE
    names: list[tuple] = []
    if equal:
        # The mean is the likeliest, then the likeliest call.
        best = min(equal, key=lambda trial: (
            _spare(trial), not trial.call.sure,
            trial.base.get("reduction") == "sum"))
    else:
        likely = sorted(tried, key=lambda trial: (
            _broken(trial), _spare(trial), not trial.call.sure,
            kinds.index(trial.kind), trial.base.get("reduction") == "sum"))
        found, names = of_value(_unlike(likely)[:SEARCHED], end)
        best = found or min(likely, key=lambda trial: len(
            trial.wrong({})) / len(trial.seen))
    layout = best.layout
    best, slope_error = _slope(source, name, best, names)
    if best.layout != layout:
        # Its slope is that of one sample, so its value is.
        names = [] if _equal(best) else of_value(
            [best], time.monotonic() + 1)[1]
    verdict = told(place, best, names, slope_error)
    verdict.options = calls.left_alone(source, best.call)
    return verdict


def _unlike(trials: list[Trial]) -> list[Trial]:
    """Without those that give the same values: rows or columns."""
    found: dict[object, Trial] = {}
    for trial in trials:
        found.setdefault((trial.kind.name, tuple(
            one.value.tobytes() for one in trial.seen)), trial)
    return list(found.values())


def _spare(trial: Trial) -> bool:
    return trial.layout in trial.kind.spare


def _broken(trial: Trial) -> bool:
    """Ordinary numbers make no sense: the call is another one."""
    return not all(np.isfinite(one.value).all() for one in trial.seen
                   if one.region in PLAIN)


def _equal(trial: Trial) -> bool:
    wrong = trial.wrong({})
    return {trial.seen[i].region for i in wrong} <= set(QUIET)


def _values(source: Source, name: str, kinds: list[Function],
            process: Process, spare: bool, errors: list[str],
            ran: bool) -> list[Trial]:
    """Every call with every layout; `spare`: those for need only."""
    found: list[Trial] = []
    for kind in kinds:
        if process.child is None and errors:
            break
        if spare and ran and not kind.loss:
            # A batch that is summed as a whole is a finding.
            continue
        for call in calls.values(source, name, kind.loss,
                                 "smooth" in kind.name):
            for trial in _trials(kind, call, process, name, spare):
                if ran and trial.layout == "number":
                    # What takes tables is not asked for one number.
                    continue
                try:
                    error = trial.run()
                except Stopped as stopped:
                    # Another call would hang as long.
                    errors.insert(0, f"{call}: {stopped}")
                    return found
                if error:
                    errors.append(error)
                    continue
                found.append(trial)
                if (_equal(trial) and call.sure
                        and trial.base.get("reduction") != "sum"):
                    return found
    return found


def _trials(kind: Function, call: Call, process: Process, name: str,
            spare: bool) -> list[Trial]:
    """A loss may want labels, not one-hot rows; rows or columns."""
    if kind.slope is None:
        call = replace(call, autograd=False)
    ways = [call]
    if kind.labels:
        ways.append(replace(call, order=tuple(
            "labels" if role == kind.labels else role
            for role in call.order)))
    return [Trial(kind, way, layout, process, name)
            for layout in (kind.spare if spare else kind.layouts)
            for way in ways
            if layout != "labels in a column" or "labels" in way.order]


def _slope(source: Source, name: str, best: Trial,
           names: list[tuple]) -> tuple[Trial, str]:
    """The trial with the slope that fits best; or why there is none."""
    if best.kind.slope is None or best.call.made == "engine" or (
            best.call.method == "apply"):
        return best, ""
    ways = calls.slopes(source, name, best.call, best.kind.loss)
    if "labels" in best.call.order:
        ways = [replace(one, slope=replace(one.slope, order=tuple(
            "labels" if role == "target" else role
            for role in one.slope.order))) for one in ways]
    if best.has_slope:
        # By autograd, if it has none of its own.
        ways = [one for one in ways if one.slope.sure or
                "upstream" in one.slope.order]
    else:
        ways.append(replace(best.call, second=True, autograd=False))
    error = ""
    found: list[tuple] = []
    # A Jacobian is often written for one sample.
    rows = ["row"] if best.kind.name.endswith("softmax") else []
    for call, layout in itertools.product(ways, [best.layout, *rows]):
        trial = replace(best, call=call, layout=layout, seen=[], raised={},
                        base={})
        try:
            problem = trial.run()
        except Stopped as stopped:
            return best, str(stopped)
        if problem or not trial.has_slope:
            if call.slope is not None and call.slope.sure:
                error = error or f"{call.slope}: {problem}"
            continue
        slope = of_slope(trial, names, time.monotonic() + 1.0)
        if slope.explained and len(slope.names[0] if slope.names
                                   else ()) == len(
                names[0] if names else ()):
            return trial, ""
        if call.second and not slope.explained:
            # It is something else.
            continue
        # Where almost all is wrong, the likeliest call.
        found.append((not slope.explained, min(
            len(trial.wrong({}, "slope")), len(trial.seen) // 2)
            if not slope.explained else len(slope.names[0]),
            len(found), trial))
    if found:
        return min(found, key=lambda one: one[:3])[-1], ""
    return best, "" if best.has_slope else error
