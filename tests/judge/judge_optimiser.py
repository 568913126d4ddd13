"""The verdict on an optimiser."""

import ast
import re
import time
from dataclasses import replace
from typing import Any

from tests.judge import roles
from tests.judge.guess import guesses
from tests.judge.numbers import number, numbers
from tests.judge.optimisers import CLOSE, COARSE, Optimiser
from tests.judge.process import Process, Stopped
from tests.judge.reading import Reading, called
from tests.judge.source import Source
from tests.judge.switchboard import Switch
from tests.judge.trial_optimiser import Names, Trial, bugs
from tests.judge.verdict import RAISES, Verdict

# Seconds of CPU for naming what differs.
PATIENCE = 8.0
# The numbers of a family: those in the person's code within a range.
RANGES = {"eps value": (0, 0.5), "clip": (1e-6, 1e6),
          "clip norm": (1e-6, 1e6), "lr value": (0, 10), "start": (0, 10)}
# Complaints about what we handed over: the reading is wrong.
OURS = re.compile(r"'(numpy\.\w+|Box|Layer|Model|Named|Called|list|dict|"
                  r"float|int|tuple|Tensor|NoneType|Gradient|str)' object|"
                  r"KeyError|unpack|subscript|argument|operand|not in list|"
                  r"no parameter moves|come back|the new parameter has|shape|"
                  r"unsupported|ambiguous|indices|dimension|sequence|"
                  r"NotImplemented|type object")


def judge(source: Source, name: str, kinds: list[Optimiser],
          process: Process, expression: str = "") -> Verdict:
    """Read it, run it, compare it, and name what differs."""
    place = f"{source.path.name}:{name}"
    tried: list[Trial] = []
    for kind in kinds:
        readings = guesses(source, name, kind.name)
        if expression:
            # A "Read as" line, pasted, or a call of one's own.
            readings = [one for one in readings
                        if expression[-1] == ")"
                        and str(one).startswith(expression)] or called(
                            source, name, kind.name, expression)
        if kind is not kinds[0]:
            # A relative, which differs in its weight decay only.
            readings = [one for one in readings
                        if "weight_decay" in one.options()]
        trials, errors = _readable(source, name, kind, readings, process)
        if not trials and kind is kinds[0]:
            return _unread(Verdict(place, kind.against), readings, errors,
                           kind, any(name in one.bases for one in
                                     source.classes.values()))
        for trial in sorted(trials, key=lambda trial: trial.one_shape):
            if not trial.compare() and not trial.failed:
                return trial.verdict(place, [])
        tried += trials
    able = [trial for trial in tried if not trial.raises]
    if not able:
        return tried[0].verdict(place, [])
    for trial in sorted(able, key=lambda trial: trial.failed):
        if not trial.wrong:
            return trial.verdict(place, [])
    (trial, names), *others = _explained(able)
    verdict = trial.verdict(place, names)
    verdict.notes += [
        f"read as {other.reading}, it would be "
        + " + ".join(switch.title for switch in sets[0])
        for other, sets in others if sets[0] != names[0]
        and str(other.reading) != str(trial.reading)]
    return verdict


def _readable(source: Source, name: str, kind: Optimiser,
              readings: list[Reading],
              process: Process) -> tuple[list[Trial], list[str]]:
    """The readings that run, three that differ at most; the errors."""
    # lr is forgotten if it is 1
    known = {1.0, *numbers(source, name)}
    if "finfo" in source.text:
        known |= {2.0 ** -52, 2.0 ** -23}
    switches = families(kind.switches, sorted(known))
    fixed = constants(source, name, kind.name)
    mode = "fresh" if outlives(source, name) else ""
    found: list[Trial] = []
    errors: list[str] = []
    for reading in readings:
        trial = Trial(kind, reading, name.split(".")[0], fixed, process,
                      mode, switches)
        try:
            error = trial.smoke()
        except Stopped as stopped:
            errors.append(f"{reading}: {stopped}")
            break
        if error:
            errors.append(f"{reading}: {error}")
        elif not any(trial.first == other.first for other in found):
            found.append(trial)
        if len(found) == 3:
            break
    return found, errors


def _explained(trials: list[Trial]) -> list[tuple[Trial, Names]]:
    """Readings with an explanation, all of one size, the simplest first.

    If there is none: the likeliest reading, without a name.
    """
    passes = [(CLOSE, (1, 2, 3), PATIENCE), (COARSE, (1, 2), PATIENCE / 2)]
    for tolerance, sizes, seconds in passes[
            all(one.float32 for one in trials):]:
        end = time.thread_time() + seconds
        for size in sizes:
            found = [(trial, trial.explain(size, tolerance, end))
                     for trial in trials]
            found = [(trial, names) for trial, names in found if names]
            if found:
                for trial, _ in found:
                    trial.tolerance = tolerance
                return sorted(found, key=lambda one: bugs(one[1][0]))
    return [(trials[0], [])]


def _unread(verdict: Verdict, readings: list[Reading],
            errors: list[str], kind: Optimiser,
            abstract: bool) -> Verdict:
    """Nothing could be called: say what was tried, and what to write.

    abstract: it may be a base class, whose step is in the others.
    """
    theirs = [error for error in errors if not OURS.search(
        error.split(": ", 1)[-1])]
    if theirs and not abstract:
        verdict.status = RAISES
        verdict.findings = theirs[:1]
        verdict.read_as = str(readings[0])
        return verdict
    short_name = kind.name.lower()
    verdict.findings = [
        f"tried {error}" for error in dict.fromkeys(errors[:2])] + [
        "no way to call it was found; write these lines into the file:",
        f"def judge_{short_name}(params, grads, lr, t, state):",
        "    # params, grads: lists of arrays; t: 1, 2, ...; state: a",
        "    # dict that lasts; return the new params",
        "    ..."]
    return verdict


def constants(source: Source, name: str, kind: str) -> dict[str, float]:
    """option -> number, for options that the code fixes."""
    found: dict[str, float] = {}
    for one in (one for node in source.nodes(name)
                for one in ast.walk(node)):
        if not isinstance(one, ast.Assign):
            continue
        target = one.targets[0]
        label = (target.attr if isinstance(target, ast.Attribute)
                 else target.id if isinstance(target, ast.Name) else "")
        value = number(one.value)
        role = roles.option(label, kind) if label else ""
        if value and role in ("beta1", "beta2", "momentum", "alpha"):
            found.setdefault(role, value)
    return found


def families(switches: Any, known: list[float]) -> list[Switch]:
    """With the numbers in the code in place of those of a family."""
    found: dict[Switch, None] = {}
    for switch in switches:
        if not isinstance(switch.setting, float):
            found[switch] = None
            continue
        low, high = RANGES.get(switch.place, (0, 1))
        found |= {replace(switch, setting=one): None
                  for one in known if low < one < high}
    return list(found)


def outlives(source: Source, name: str) -> bool:
    """May its state outlive an object: as a default, or as a global?"""
    for node in source.nodes(name):
        for one in ast.walk(node):
            defaults = ([*one.args.defaults, *one.args.kw_defaults]
                        if isinstance(one, ast.FunctionDef) else [])
            if isinstance(one, ast.Global) or any(
                    isinstance(default, ast.List | ast.Dict | ast.Call)
                    for default in defaults):
                return True
        if isinstance(node, ast.ClassDef) and any(
                isinstance(one, ast.Assign | ast.AnnAssign)
                for one in node.body):
            return True
    used = {one.id for node in source.nodes(name)
            for one in ast.walk(node) if isinstance(one, ast.Name)}
    return any(isinstance(node, ast.Assign)
               and isinstance(node.value, ast.Dict | ast.List | ast.Call)
               and {one.id for one in node.targets
                    if isinstance(one, ast.Name)} & used
               for node in ast.parse(source.text).body)
