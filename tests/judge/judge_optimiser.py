"""The verdict on an optimiser."""

import ast

from tests.judge import roles
from tests.judge.guess import guesses
from tests.judge.optimisers import Optimiser
from tests.judge.process import Process, Stopped
from tests.judge.reading import Reading, called
from tests.judge.source import Source
from tests.judge.trial_optimiser import Trial
from tests.judge.verdict import ORDER, RAISES, Verdict


def judge(source: Source, name: str, kinds: list[Optimiser],
          process: Process, expression: str = "") -> Verdict:
    """Read it, run it, compare it, and name what differs."""
    place, kind = f"{source.path.name}:{name}", kinds[0]
    verdict = Verdict(place, kind.against)
    readings = (called(source, name, kind.name, expression) if expression
                else guesses(source, name, kind.name))
    fixed = constants(source, name, kind.name)
    tried: list[Trial] = []
    errors: list[str] = []
    for reading in readings:
        trial = Trial(kind, reading, name, fixed, process)
        try:
            error = trial.smoke()
        except Stopped as stopped:
            error = str(stopped)
            errors.append(f"{reading}: {error}")
            break
        if error:
            errors.append(f"{reading}: {error}")
        elif not any(trial.first == other.first for other in tried):
            tried.append(trial)
        if len(tried) == 3:
            break
    if not tried:
        return _unread(verdict, readings, errors, kind)
    found = []
    for trial in tried:
        found.append(trial.verdict(place))
        if found[-1].right:
            return found[-1]
    found.sort(key=lambda one: ORDER.index(one.status))
    return found[0]


def _unread(verdict: Verdict, readings: list[Reading],
            errors: list[str], kind: Optimiser) -> Verdict:
    """Nothing could be called: say what was tried, and what to write."""
    if errors:
        verdict.status = RAISES
        verdict.findings = errors[:1]
        verdict.read_as = str(readings[0])
        return verdict
    short_name = kind.name.lower()
    verdict.findings = [
        "no way to call it was found; write these lines into the file:",
        f"def judge_{short_name}(params, grads, lr, t, state):",
        "    # params, grads: lists of arrays; t: 1, 2, ...; state: a",
        "    # dict that lasts; return the new params",
        "    ..."]
    return verdict


def constants(source: Source, name: str, kind: str) -> dict[str, float]:
    """option -> number, for options that the code fixes."""
    nodes = ([source.classes[name].node] if name in source.classes
             else [source.functions[name].node])
    found: dict[str, float] = {}
    for node in nodes:
        for one in ast.walk(node):
            if not isinstance(one, ast.Assign):
                continue
            target = one.targets[0]
            label = (target.attr if isinstance(target, ast.Attribute)
                     else target.id if isinstance(target, ast.Name)
                     else "")
            try:
                number = float(ast.unparse(one.value))
            except ValueError:
                continue
            role = roles.option(label, kind) if label else ""
            if role in ("beta1", "beta2", "momentum", "alpha"):
                found.setdefault(role, number)
    return found
