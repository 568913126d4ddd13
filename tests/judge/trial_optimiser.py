"""One reading of an optimiser: run, compared and explained."""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge import smoke
from tests.judge.optimisers import (CLOSE, COARSE, VISIBLE, Optimiser, Run,
                                    departs, ladder, random_runs, simulate)
from tests.judge.process import Process
from tests.judge.reading import Reading
from tests.judge.switchboard import Switch, combinations, settings
from tests.judge.tell_optimiser import features, hints, tell
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 RAISES, Verdict)

DRIVER = "tests.judge.drive_optimiser"
RANDOM_RUNS = 60
# Steps of the picture.
BOWL = 60
SETTABLE = {"SGD": ["momentum", "dampening", "nesterov", "weight_decay"],
            "RMSprop": ["alpha", "eps", "momentum", "centered",
                        "weight_decay"],
            "Adagrad": ["eps", "lr_decay", "weight_decay"],
            "Adam": ["beta1", "beta2", "eps", "weight_decay", "amsgrad"],
            "AdamW": ["beta1", "beta2", "eps", "weight_decay", "amsgrad"]}
SHARED = Switch(
    "state-shared-by-objects", "state", "shared", "bug",
    "The state is made once: as a default argument, as an attribute of "
    "the class or as a global.",
    effect="the second training starts with the state of the first")

Names = list[tuple[Switch, ...]]


class Trial:
    """One reading of one implementation, run and compared."""

    def __init__(self, kind: Optimiser, reading: Reading, name: str,
                 fixed: dict[str, float], process: Process, mode: str,
                 switches: list[Switch]):
        self.kind, self.reading, self.name = kind, reading, name
        self.process, self.mode = process, mode
        self.options = reading.options()
        if "lr" in reading.moves and "direction" in reading.returns:
            self.options.add("lr")
        self.fixed = {option: value for option, value in fixed.items()
                      if option not in self.options
                      and option in kind.defaults}
        self.switches = [self._fitting(one) for one in switches
                         if self._fits(one)]
        self.missing = reading.missing_gradients()
        # can lr be changed between the steps?
        self.changes = "lr" in self.options
        self.first: Any = None
        self.notes: list[str] = []
        self.failed = 0
        # does it raise with parameters of different shapes?
        self.one_shape = False
        self.tolerance = CLOSE

    def _fits(self, switch: Switch) -> bool:
        """Can the code go astray there? A direction has no sign."""
        if "direction" in self.reading.returns:
            return switch.place not in ("sign", "lr twice", "lr value")
        return True

    def _fitting(self, switch: Switch) -> Switch:
        """A fixed number is a bug where the code has an option for it."""
        option = switch.place.removesuffix(" value")
        if option == switch.place or option not in self.options:
            return switch
        return replace(
            switch, name=switch.name.replace("-value", "-ignored"),
            nature="bug", owner="", thought="The option is there; the "
            "number is in the formula.")

    def ask(self, runs: list[Run], mode: str = "") -> Any:
        """What the person's code gives for each run."""
        for run in runs:
            given = {option: value for option, value
                     in self.kind.defaults.items()
                     if option in self.options}
            run.options = {**given, **self.fixed, **run.options}
        return self.process.ask(DRIVER, self.name, self.reading, runs,
                                f"{self.mode} {mode}")

    def smoke(self) -> str:
        """Can it be called so? An error, or ""."""
        runs = smoke.steps(self.options)
        answers = self.ask(runs)
        if isinstance(answers, dict):
            return f"{answers['error']}{answers['at']}"
        self.one_shape = "error" in answers[-1]
        if self.one_shape:
            answers.pop()
        error = smoke.wrong(runs, answers, self.reading,
                            "lr" in self.options)
        if not error:
            self.first = [[[p.tolist() for p in params]
                           for params in answer["params"]]
                          for answer in answers]
            self.changes = self.changes and smoke.follows_lr(answers)
        return error

    def compare(self) -> list[int]:
        """Run it; the runs that differ from the formula."""
        options = self.options - (set() if self.changes else {"lr"})
        runs = ladder(options, self.missing)
        runs += random_runs(self.kind.name, options, self.fixed,
                            self.missing, RANDOM_RUNS)
        if self.one_shape:
            self.notes.append("parameters of different shapes raise an "
                              "exception")
            runs = [run for run in runs
                    if len({p.shape for p in run.start}) == 1]
        answers = self.ask(runs)
        ended = ["loops.Stops" in answer.get("error", "")
                 for answer in answers]
        if any(ended):
            self.notes.append(f"in {sum(ended)} of {len(runs)} runs it "
                              "stops before the last step")
            runs, answers = ([one for one, end in zip(all_, ended)
                              if not end] for all_ in (runs, answers))
        pairs = [(run, answer) for run, answer in zip(runs, answers)
                 if "error" not in answer]
        failed = [(run, answer) for run, answer in zip(runs, answers)
                  if "error" in answer]
        self.failed, self.total = len(failed), len(runs)
        if failed:
            answer = failed[0][1]
            self.error = f"{answer['error']}{answer['at']}"
            self.notes.append(f"raises in {len(failed)} of {len(runs)} "
                              f"runs{self._when(failed, pairs)}: "
                              f"{self.error}")
        self.runs = [run for run, _ in pairs]
        self.theirs = [answer["params"] for _, answer in pairs]
        self.wrote = any(answer["wrote"] for _, answer in pairs)
        self.float32 = bool(self.theirs) and all(
            p.dtype == np.float32 for after in self.theirs
            for params in after for p in params)
        self.wrong = self._wrong(CLOSE)
        if self.wrong and not self._wrong(COARSE):
            # float32 inside
            self.wrong, self.tolerance = [], COARSE
            self.notes.append("it computes in float32")
        return self.wrong

    def _when(self, failed: list[Any], pairs: list[Any]) -> str:
        """When does it raise?"""
        def missing(run: Run) -> bool:
            return any(g is None for grads, _ in run.steps for g in grads)
        if (all(missing(run) for run, _ in failed)
                and not any(missing(run) for run, _ in pairs)):
            self.missing = False
            return ", whenever a gradient is missing"
        return ""

    @property
    def raises(self) -> bool:
        """Does it fail in most runs?"""
        return self.failed > self.total // 2

    def _wrong(self, tolerance: float) -> list[int]:
        return [i for i, (run, after) in enumerate(
                    zip(self.runs, self.theirs))
                if departs(run, after, simulate(self.kind, run),
                           tolerance)]

    def explain(self, size: int, tolerance: float, end: float) -> Names:
        """The sets of `size` switches that explain every run."""
        # Where it differs first: most guesses fail in the first run.
        order = self.wrong + [i for i in range(len(self.runs))
                              if i not in self.wrong]
        table = self.switches
        if tolerance > CLOSE:
            table = [one for one in table if "value" not in one.place]
        found = []
        for i, chosen in enumerate(combinations(table, size)):
            # To ask for the time may take as long as a guess.
            if i % 64 == 0 and time.thread_time() > end:
                break
            if all(departs(self.runs[i], self.theirs[i],
                           simulate(self.kind, self.runs[i],
                                    settings(chosen)),
                           tolerance) is None for i in order):
                found.append(chosen)
        return sorted(found, key=bugs)

    def verdict(self, place: str, names: Names) -> Verdict:
        """What is said, given the names that explain it."""
        found = Verdict(place, self.kind.against, names=names,
                        read_as=str(self.reading), notes=self.notes)
        found.not_judged = [option for option in SETTABLE[self.kind.name]
                            if option not in self.options
                            and self.kind.defaults[option] is not True]
        if not self.missing:
            found.not_judged.append("missing gradients")
        if not self.changes:
            found.not_judged.append("a change of lr")
        if self.raises:
            found.status, found.notes = RAISES, []
            found.findings = [self.error]
            return found
        if not self.wrong:
            found.status = EQUAL
            digits = " of float32" if self.tolerance == COARSE else ""
            found.findings.append(
                f"in {len(self.runs)} of {len(self.runs)} runs, to "
                f"rounding{digits}")
        else:
            self._different(found)
        found.notes += self._defaults()
        if self.wrote:
            found.notes.append("it writes into the gradient that it is "
                               "handed")
        if self._other("poison"):
            found.notes.append("it keeps the gradient that it is handed "
                               "as its own buffer")
        if found.notes and found.status == EQUAL and (
                self.wrote or "buffer" in found.notes[-1]):
            found.status = BUT
        if self.wrong:
            found.ways = self.trajectory()
        if self._other("twin"):
            found.names = [(*chosen, SHARED) for chosen
                           in found.names or [()]]
            found.status = (DIFFERENT if found.status == DIFFERENT
                            else BUG)
            if not self.wrong:
                found.findings = ["equal while there is only one object"]
        return found

    def _defaults(self) -> list[str]:
        """Where a default is not torch's; lr is everybody's own."""
        right = self.kind.defaults
        return [f"its default {option} is {value:g}, torch's "
                f"{right[option]:g}" for option, value
                in self.reading.defaults if option in (
                    "beta1", "beta2", "eps", "alpha")
                and option in right and value != right[option]]

    def _different(self, found: Verdict) -> None:
        right = [simulate(self.kind, run) for run in self.runs]
        # One that is seen in the first digits, if there is one.
        first, where = next(
            (i, at) for closeness in (VISIBLE, self.tolerance)
            for i in self.wrong if (at := departs(
                self.runs[i], self.theirs[i], right[i], closeness)))
        found.example = tell(self.runs[first], self.theirs[first],
                             right[first], where, self.kind.defaults)
        steps = [departs(self.runs[i], self.theirs[i], right[i], CLOSE)
                 for i in self.wrong]
        found.findings += features(self.runs, self.wrong, min(
            where[0] for where in steps if where))
        if not found.names:
            found.status = DIFFERENT
            found.findings += hints(self.runs, self.theirs, right,
                                    self.wrong, not found.findings)
            return
        chosen = found.names[0]
        if all(switch.nature == "feature" or switch.nature == "convention"
               and switch.place.endswith(" value") for switch in chosen):
            found.status = BUT
        else:
            found.status = BUG if bugs(chosen) else CONVENTION

    def trajectory(self) -> tuple[list[float], list[float]] | None:
        """The code's and torch's way down a bowl, from 1."""
        run = Run([np.ones(1)], {"lr": 0.1}, BOWL * [([np.ones(1)], 0.1)])
        if "momentum" in self.options:
            run.options["momentum"] = 0.9
        answer, = self.ask([run], "bowl")
        if "error" in answer:
            return None
        right = simulate(self.kind, run, bowl=True)
        return ([float(params[0].flat[0]) for params in answer["params"]],
                [float(params[0].flat[0]) for params in right])

    def _other(self, mode: str) -> bool:
        """Does it give something else in this mode?"""
        index = [i for i, run in enumerate(self.runs)
                 if len(run.steps) > 1][::-1][::3]
        answers = self.ask([self.runs[i] for i in index], mode)
        return any("error" in answer or departs(
            self.runs[i], answer["params"], self.theirs[i], CLOSE)
            for answer, i in zip(answers, index))


def bugs(chosen: tuple[Switch, ...]) -> int:
    """How many of them are bugs?"""
    return [switch.nature for switch in chosen].count("bug")
