"""The verdict on an activation or a loss."""

from dataclasses import replace

from tests.judge import calls
from tests.judge.calls import Call
from tests.judge.functions import Function
from tests.judge.process import Process, Stopped
from tests.judge.source import Source
from tests.judge.trial_function import Trial
from tests.judge.verdict import ORDER, RAISES, Verdict


def judge(source: Source, name: str, kinds: list[Function],
          process: Process) -> Verdict:
    """Try every call and every kind; the best verdict counts."""
    place = f"{source.path.name}:{name}"
    found, errors = [], []
    for kind in kinds:
        for call in calls.guesses(source, name, kind.name, kind.loss):
            for trial in trials(kind, call, process, name):
                try:
                    error = trial.run()
                except Stopped as stopped:
                    errors.append(f"{call}: {stopped}")
                    break
                if error:
                    errors.append(error)
                    continue
                found.append(trial)
        if any(trial.has_slope and trial.score() == 0
               for trial in found):
            break
    if not found:
        verdict = Verdict(place, kinds[0].against)
        if errors:
            verdict.status, verdict.findings = RAISES, errors[:1]
        else:
            verdict.findings = ["no way to call it was found"]
        return verdict
    # A slope that can be called is judged.
    found = [trial for trial in found if trial.has_slope] or found
    found.sort(key=lambda trial: trial.score())
    best = [trial for kind in kinds for trial in [
        trial for trial in found if trial.kind is kind][:2]]
    verdicts = []
    for trial in best:
        verdicts.append(trial.verdict(place))
        if verdicts[-1].right:
            return verdicts[-1]
    verdicts.sort(key=lambda one: (ORDER.index(one.status),
                                   len(one.names[0]) if one.names else 9))
    return verdicts[0]


def trials(kind: Function, call: Call, process: Process,
           name: str) -> list[Trial]:
    """A loss may want one-hot targets or labels, columns or vectors."""
    ways = [call]
    if kind.loss and kind.name.startswith("ce"):
        ways.append(_with(call, "labels"))
    if kind.name.startswith("bce"):
        ways.append(_with(call, "flat"))
    return [Trial(kind, way, process, name) for way in ways]


def _with(call: Call, how: str) -> Call:
    """Labels instead of one-hot rows; vectors instead of columns."""
    if how == "flat":
        return replace(call, made=call.made, order=tuple(
            f"flat {role}" for role in call.order), slope=call.slope
            and replace(call.slope, order=tuple(
                f"flat {role}" if role in ("input", "target") else role
                for role in call.slope.order)))
    return replace(call, order=tuple(
        "labels" if role == "target" else role for role in call.order),
        slope=call.slope and replace(call.slope, order=tuple(
            "labels" if role == "target" else role
            for role in call.slope.order)))
