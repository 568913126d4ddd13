"""One reading of an optimiser: run, compared and explained."""

import itertools
import time
from typing import Any

from tests.judge.optimisers import (CLOSE, COARSE, Optimiser, Run, departs,
                                    ladder, random_runs, short, simulate,
                                    tell)
from tests.judge.process import Process
from tests.judge.reading import Reading
from tests.judge.switchboard import Settings, explain
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 RAISES, Verdict)

DRIVER = "tests.judge.sessions"
RANDOM_RUNS = 60
# Seconds for naming what differs.
PATIENCE = 8.0
SETTABLE = {"SGD": ["momentum", "dampening", "nesterov", "weight_decay"],
            "RMSprop": ["alpha", "eps", "momentum", "centered",
                        "weight_decay"],
            "Adagrad": ["eps", "lr_decay", "weight_decay"],
            "Adam": ["beta1", "beta2", "eps", "weight_decay", "amsgrad"],
            "AdamW": ["beta1", "beta2", "eps", "weight_decay", "amsgrad"]}

Results = list[list[list[Any]]]


class Trial:
    """One reading of one implementation, run and compared."""

    def __init__(self, kind: Optimiser, reading: Reading, name: str,
                 fixed: dict[str, float], process: Process):
        self.kind, self.reading, self.name = kind, reading, name
        self.process = process
        self.options = reading.options() | (
            {"lr"} if self._lr_is_ours() else set())
        self.fixed = {option: value for option, value in fixed.items()
                      if option not in self.options
                      and option in kind.defaults}
        self.missing = reading.missing_gradients()
        self.first: Any = None

    def _lr_is_ours(self) -> bool:
        return "direction" in self.reading.returns

    def ask(self, runs: list[Run], mode: str = "") -> Any:
        """What the person's code gives for each run."""
        for run in runs:
            given = {option: value for option, value
                     in self.kind.defaults.items()
                     if option in self.options}
            run.options = {**given, **self.fixed, **run.options}
        return self.process.ask(DRIVER, self.name, self.reading, runs,
                                mode)

    def smoke(self) -> str:
        """Can it be called so? An error, or ""."""
        runs = ladder(self.options & {"lr"}, False)
        runs = [runs[0], runs[7], runs[-2]]
        answers = self.ask(runs)
        if isinstance(answers, dict):
            return f"{answers['error']} ({answers['at']})"
        moved = False
        for run, answer in zip(runs, answers):
            if "error" in answer:
                return f"{answer['error']} ({answer['at']})"
            for params in answer["params"]:
                for p, start in zip(params, run.start):
                    if p.shape != start.shape or p.dtype == object:
                        return (f"the new parameter has shape {p.shape}, "
                                f"the old one {start.shape}")
                    moved = moved or bool((p != start).any())
        self.first = [[[p.tolist() for p in params]
                       for params in answer["params"]]
                      for answer in answers]
        return "" if moved else "no parameter moves"

    def verdict(self, place: str) -> Verdict:
        """Compare with the formula; name what differs."""
        found = Verdict(place, self.kind.against,
                        read_as=str(self.reading))
        settable = SETTABLE[self.kind.name]
        found.not_judged = [option for option in settable
                            if option not in self.options]
        if not self.missing:
            found.not_judged.append("missing gradients")
        if "lr" not in self.options:
            found.not_judged.append("a change of lr")
        runs = ladder(self.options, self.missing)
        runs += random_runs(self.kind.name, self.options, self.fixed,
                            self.missing, RANDOM_RUNS)
        answers = self.ask(runs)
        pairs = [(run, answer) for run, answer in zip(runs, answers)
                 if "error" not in answer]
        failed = [(run, answer) for run, answer in zip(runs, answers)
                  if "error" in answer]
        if failed and len(failed) > len(runs) // 2:
            found.status = RAISES
            run, answer = failed[0]
            found.findings = [f"{answer['error']} ({answer['at']})"]
            return found
        if failed:
            found.notes.append(
                f"raises in {len(failed)} of {len(runs)} runs: "
                f"{failed[0][1]['error']} ({failed[0][1]['at']})")
        runs = [run for run, _ in pairs]
        theirs = [answer["params"] for _, answer in pairs]
        tolerance = CLOSE
        wrong = self._wrong(runs, theirs, tolerance)
        if wrong and not self._wrong(runs, theirs, COARSE):
            # float32 inside
            wrong, tolerance = [], COARSE
            found.notes.append("it computes in float32")
        if not wrong:
            found.status = EQUAL
            digits = " of float32" if tolerance == COARSE else ""
            found.findings.append(f"in {len(runs)} of {len(runs)} runs, "
                                  f"to rounding{digits}")
        else:
            self._explain(found, runs, theirs, wrong)
        if any(answer["wrote"] for _, answer in pairs):
            found.notes.append("it writes into the gradient that it is "
                               "handed")
            if found.status == EQUAL:
                found.status = BUT
        self._behaviour(found, runs, theirs)
        return found

    def _wrong(self, runs: list[Run], theirs: Results,
               tolerance: float,
               settings: Settings | None = None) -> list[int]:
        return [i for i, (run, after) in enumerate(zip(runs, theirs))
                if departs(run, after, simulate(self.kind, run, settings),
                           tolerance)]

    def _explain(self, found: Verdict, runs: list[Run], theirs: Results,
                 wrong: list[int]) -> None:
        right = [simulate(self.kind, run) for run in runs]
        first = wrong[0]
        where = departs(runs[first], theirs[first], right[first], CLOSE)
        assert where is not None
        found.example = tell(runs[first], theirs[first], right[first],
                             where, self.kind.defaults)
        # Where it differs first: most guesses fail in the first run.
        order = wrong + [i for i in range(len(runs)) if i not in wrong]
        end = time.monotonic() + PATIENCE

        def agrees(settings: Settings) -> bool:
            """Does every run agree with these switches thrown?"""
            if time.monotonic() > end:
                return False
            return all(departs(
                runs[i], theirs[i],
                simulate(self.kind, runs[i], settings),
                CLOSE) is None for i in order)

        found.names = explain(self.kind.switches, agrees)
        found.names.sort(key=lambda chosen: [
            switch.nature == "bug" for switch in chosen].count(True))
        found.findings += self._features(runs, wrong)
        if not found.names:
            found.status = DIFFERENT
            found.findings += self._hints(runs, theirs, right)
            return
        natures = {switch.nature for switch in found.names[0]}
        places = {switch.place for switch in found.names[0]}
        if natures == {"feature"} or places == {"eps value"}:
            found.status = BUT
        else:
            found.status = BUG if "bug" in natures else CONVENTION

    def _features(self, runs: list[Run], wrong: list[int]) -> list[str]:
        """What is always there when it differs."""
        said = []
        names = sorted(set().union(*(run.features() for run in runs)))
        for name in names:
            without = [i for i, run in enumerate(runs)
                       if name not in run.features()]
            if len(without) >= 5 and not set(without) & set(wrong):
                said.append(f"equal unless {name} ({len(without)} of "
                            f"{len(without)} runs)")
        return said

    def _hints(self, runs: list[Run], theirs: Results,
               right: Results) -> list[str]:
        """A limit of the gradients, a ratio of the steps."""
        sizes = [max((float(abs(g).max()) for g in run.gradients()),
                     default=0.0) for run in runs]
        order = sorted(range(len(runs)), key=lambda i: sizes[i])
        bad = [departs(runs[i], theirs[i], right[i], CLOSE) is not None
               for i in order]
        good = next((k for k, one in enumerate(bad) if one), 0)
        hints = []
        if good >= 8 and sum(bad[good:]) > (len(bad) - good) / 2:
            hints.append(f"equal if all |g| <= {short(sizes[order[good-1]])}"
                         f" ({good} of {good} runs): does it clip?")
        ratios = set()
        for run, mine, ours in itertools.islice(
                zip(runs, theirs, right), 20):
            with_zero = all(not p.any() for p in run.start)
            a, b = mine[0][0], ours[0][0]
            if with_zero and b.all():
                ratios |= {round(float(r), 8) for r in (a / b).flat}
        if len(ratios) == 1:
            hints.append(f"the first step is {short(ratios.pop())} times "
                         "torch's")
        return hints

    def _behaviour(self, found: Verdict, runs: list[Run],
                   theirs: Results) -> None:
        """What only shows if one looks at what is handed over."""
        some = [run for run in runs if len(run.steps) > 1][:12]
        index = [i for i, run in enumerate(runs)
                 if len(run.steps) > 1][:12]
        checks: list[tuple[str, str]] = [
            ("poison", "it keeps the gradient that it is handed as its "
                       "own buffer"),
            ("twin", "two objects share their state")]
        for mode, says in checks:
            answers = self.ask(some, mode)
            if any("error" not in answer and departs(
                    run, answer["params"], theirs[i], CLOSE)
                    for run, answer, i in zip(some, answers, index)):
                found.notes.append(says)
                if found.status == EQUAL:
                    found.status = BUT
