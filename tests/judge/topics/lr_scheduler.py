"""Schedules of the learning rate: one formula of t, with switches."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.judge import schedules
from tests.judge.functions import apart, short
from tests.judge.process import Process
from tests.judge.roles import Name
from tests.judge.schedules import Options
from tests.judge.source import Source
from tests.judge.switchboard import Settings, Switch, explain
from tests.judge.verdict import (BUG as A_BUG, CONVENTION as A_CONVENTION,
                                 DIFFERENT, EQUAL, RAISES, Verdict)

BUG, CONVENTION = "bug", "convention"


@dataclass(frozen=True)
class Schedule:
    """A kind: a formula, its options, and where people go astray."""

    name: str
    against: str
    # (t, options, s) -> the learning rate
    value: Callable[[int, Options, Any], float]
    # the options without which it is another schedule
    needs: tuple[str, ...]
    more: tuple[str, ...]
    switches: Sequence[Switch]
    judged_by: ClassVar[str] = __name__

    def told(self, thrown: Settings) -> str:
        """As in: lr0 0.1, t = 3: yours 0.05, torch 0.1"""
        options = {role: float(schedules.ORDINARY[0][role])
                   for role in (*self.needs, *self.more)}
        return next((_example(options, t, mine, right) for t in range(25)
                     if abs((mine := self.value(t, options, thrown.get))
                            - (right := self.value(t, options, {}.get)))
                     > 1e-9), "")


def counted(t: int, s: Any) -> int:
    """The step, as the code counts it."""
    return max(t + s("count", 0), 0)


def step_lr(t: int, o: Options, s: Any) -> float:
    """lr0 gamma^(t // step_size)"""
    t, size = counted(t, s), o["step_size"]
    k: float = {"continuous": t / size, "every step": t * size,
                "once": float(t >= size),
                "up": math.ceil(t / size), "compounded": sum(
                    i // size for i in range(1, t + 1))}.get(
                        s("drops"), t // size)
    if s("drop") == "times k":
        return o["lr0"] * (o["gamma"] * k if k else 1)
    return o["lr0"] * o["gamma"] ** k


def exponential_lr(t: int, o: Options, s: Any) -> float:
    """lr0 gamma^t"""
    t = counted(t, s)
    how = s("decay")
    if how == "inverse time":
        return o["lr0"] / (1 + o["gamma"] * t)
    if how == "e":
        return o["lr0"] * math.exp(-o["gamma"] * t)
    return o["lr0"] * ((1 - o["gamma"]) if how == "1 - gamma"
                       else o["gamma"]) ** t


def linear_lr(t: int, o: Options, s: Any) -> float:
    """lr0 (t + 1) / n, as LinearLR(1 / n, total_iters=n - 1)"""
    n, first = o["warm"], s("first", 1)
    # What is done, of what.
    done, last = ((t, max(n - 1, 1)) if first == "0 of n - 1"
                  else (t + first, n))
    share = {"whole": done // last, "whole after the first":
             (1 + (n - 1) * (t // max(n - 1, 1))) / n}.get(
                 s("division"), done / last)
    return o["lr0"] * (share if s("end") == "never" else min(share, 1))


def cosine_lr(t: int, o: Options, s: Any) -> float:
    """eta_min + (lr0 - eta_min) (1 + cos(pi t / T_max)) / 2"""
    at: float = counted(t, s)
    if s("after") == "stays":
        at = min(at, o["T_max"])
    angle = math.pi * at / (o["T_max"] - s("divisor", 0))
    cosine = math.cos(2 * angle if s("period") == "whole" else angle)
    share = {"not halved": 1 + cosine, "without 1": cosine,
             "clipped": max(cosine, 0.0)}.get(
                 s("share"), (1 + cosine) / 2)
    low, lr0 = o.get("eta_min", 0.0), o["lr0"]
    return {"ignored": lr0 * share, "floor": max(lr0 * share, low),
            "on top": low + lr0 * share}.get(
                s("minimum"), low + (lr0 - low) * share)


def one_cycle_lr(t: int, o: Options, s: Any) -> float:
    """half a cosine up from max_lr / div, half a cosine down"""
    top, n = o["lr0"], o["T_max"]
    low = top / o.get("div", 25.0)
    end = (top if s("floor") == "of the peak" else low) / o.get(
        "final_div", 1e4)
    p = o.get("pct", 0.3) * n - (0 if s("peak") == "late" else 1)
    q = n - (0 if s("last") == "late" else 1)
    a, b, share = ((low, top, t / p) if t <= p
                   else (top, end, (t - p) / (q - p)))
    if s("sides") == "straight":
        return a + (b - a) * share
    return b + (a - b) * (1 + math.cos(math.pi * share)) / 2


FROM_1 = "The first step is step 1."
EARLY, LATE = ([Switch(f"{name}", "count", by, nature, thought)
                for name, by, nature, thought in rows] for rows in (
    [("schedule-counts-from-1", 1, CONVENTION, FROM_1)],
    [("schedule-a-step-late", -1, BUG, "After the step, not at it.")]))
STEP = Schedule("steplr", "torch.optim.lr_scheduler.StepLR", step_lr, (
    "lr0", "gamma", "step_size"), (), [
    Switch("step-lr-continuous", "drops", "continuous", CONVENTION,
           "The exponent is t / step_size, not rounded.",
           "TensorFlow: ExponentialDecay(staircase=False)"),
    Switch("step-lr-drops-once", "drops", "once", BUG,
           "After step_size epochs the learning rate drops."),
    Switch("step-lr-rounded-up", "drops", "up", BUG,
           "The first drop is after step 0."),
    Switch("step-lr-every-step", "drops", "every step", BUG,
           "gamma, step_size times an epoch: the count is of batches."),
    Switch("step-lr-compounded-twice", "drops", "compounded", BUG,
           "The learning rate, times gamma for each drop so far."),
    Switch("step-lr-gamma-times-k", "drop", "times k", BUG,
           "Three drops are three times gamma."),
    *EARLY, *LATE])
EXPONENTIAL = Schedule(
    "exponentiallr", "torch.optim.lr_scheduler.ExponentialLR",
    exponential_lr, ("lr0", "gamma"), (), [
        Switch("exponential-is-inverse-time", "decay", "inverse time",
               CONVENTION, "lr0 / (1 + decay t).",
               "Keras: InverseTimeDecay"),
        Switch("exponential-to-base-e", "decay", "e", CONVENTION,
               "lr0 exp(-k t)."),
        Switch("exponential-loses-gamma", "decay", "1 - gamma", CONVENTION,
               "A decay of 0.1 leaves 0.9."),
        *EARLY, *LATE])
LINEAR = Schedule(
    "linearlr", "torch.optim.lr_scheduler.LinearLR(1 / n, "
    "total_iters=n - 1)", linear_lr, ("lr0", "warm"), (), [
        Switch("warm-up-starts-at-0", "first", 0, CONVENTION,
               "lr0 t / n: the first step changes nothing.",
               "Transformers: get_linear_schedule_with_warmup"),
        Switch("warm-up-starts-at-0", "first", "0 of n - 1", CONVENTION,
               "n numbers from 0 to lr0, both ends included."),
        Switch("warm-up-a-step-ahead", "first", 2, BUG,
               "The first step must not be lost."),
        Switch("warm-up-never-ends", "end", "never", BUG,
               "lr0 t / n, while the net is warming up."),
        *[Switch("warm-up-in-whole-numbers", "division", one, BUG,
                 "t // n is how much of it is done.")
          for one in ("whole after the first", "whole")]])
COSINE = Schedule(
    "cosineannealinglr", "torch.optim.lr_scheduler.CosineAnnealingLR",
    cosine_lr, ("lr0", "T_max"), ("eta_min",), [
        Switch("cosine-stays-down", "after", "stays", CONVENTION,
               "After T_max steps it is over.",
               "Keras: CosineDecay, optax: cosine_decay_schedule"),
        Switch("cosine-to-the-last-step", "divisor", 1, CONVENTION,
               "The last step, T_max - 1, has the minimum."),
        Switch("cosine-a-whole-period", "period", "whole", BUG,
               "T_max is the period."),
        Switch("cosine-not-halved", "share", "not halved", BUG,
               "1 + cos comes down to 0."),
        Switch("cosine-without-1", "share", "without 1", BUG,
               "The cosine comes down to 0 by itself."),
        Switch("cosine-without-1", "share", "clipped", BUG,
               "The cosine comes down to 0 by itself."),
        Switch("cosine-minimum-ignored", "minimum", "ignored", BUG,
               "eta_min is 0 in most examples."),
        Switch("cosine-minimum-is-a-floor", "minimum", "floor", CONVENTION,
               "It must not fall below eta_min."),
        Switch("cosine-minimum-on-top", "minimum", "on top", BUG,
               "The curve is moved up by eta_min."),
        *EARLY, *LATE])
ONE_CYCLE = Schedule(
    "onecyclelr", "torch.optim.lr_scheduler.OneCycleLR", one_cycle_lr,
    ("lr0", "T_max"), (), [
        Switch("one-cycle-peak-a-step-late", "peak", "late", CONVENTION,
               "The peak is at pct_start total_steps."),
        Switch("one-cycle-ends-a-step-late", "last", "late", CONVENTION,
               "The end is at total_steps."),
        Switch("one-cycle-floor-of-the-peak", "floor", "of the peak",
               CONVENTION, "Both factors divide max_lr.",
               "fastai: fit_one_cycle"),
        Switch("one-cycle-is-a-triangle", "sides", "straight", CONVENTION,
               "Up and down in straight lines.", "Smith (2018)")])


def recognise(name: Name) -> list[Schedule]:
    """step_decay, ExponentialLR, cosine_annealing, warmup, one_cycle."""
    if name.has("plot", "test", "restart", "similar", "distance",
                "optimizer", "train", "weightdecay", "poly"):
        return []
    if name.has("onecycle", "1cycle"):
        return [ONE_CYCLE]
    cosine, warm = name.has("cosine", "cosanneal"), name.has("warmup")
    if cosine and not warm and name.has("anneal", "decay", "lr", "sched",
                                        "learningrate"):
        return [COSINE]
    if warm and not cosine and not name.has("decay", "inverse", "noam"):
        return [LINEAR]
    if name.has("steplr", "stepdecay", "lrstep", "dropschedule",
                "stepschedule") and not name.has("multi"):
        return [STEP]
    if name.has("exponentiallr", "exponentialdecay", "expdecay",
                "exponentialschedule", "lrexponential", "explr"):
        return [EXPONENTIAL, STEP]
    return []


def drive(person: Any, name: str, *arguments: Any) -> Any:
    """In the child."""
    return schedules.drive(person, name, *arguments)


def judge(source: Source, name: str, kinds: list[Schedule],
          process: Process) -> Verdict:
    """Its learning rates at many t, with several options."""
    verdict = Verdict(f"{source.path.name}:{name}", kinds[0].against)
    form = schedules.read(source, name)
    # Exponential decay with a step size is a staircase without steps.
    fitting = [kind for kind in kinds[::-1]
               if {*kind.needs} <= {*form.options, "lr0"}] if form else []
    if not form or not fitting:
        verdict.findings = ["no way to call it was found"]
        return verdict
    kind = fitting[0]
    verdict.against, verdict.read_as = kind.against, form.read_as
    answers = process.ask(__name__, name, form, schedules.several(form))
    errors = [one for one in (answers if isinstance(answers, list)
                              else [answers]) if "error" in one]
    if errors:
        verdict.status = RAISES
        verdict.findings = [f"{errors[0]['error']}{errors[0]['at']}"]
        return verdict
    return _compared(verdict, kind, answers)


def _example(options: Options, t: int, mine: float, right: float) -> str:
    told = ", ".join(f"{key} {short(value)}"
                     for key, value in options.items())
    a, b = apart(mine, right)
    return f"{told}, t = {t}: yours {a}, torch {b}"


def _compared(verdict: Verdict, kind: Schedule,
              answers: list[dict[str, Any]]) -> Verdict:
    def first(settings: Settings) -> tuple[Options, int, float] | None:
        """Where it differs from the formula with these switches."""
        for one in answers:
            options = one["options"]
            for t, mine in enumerate(one["rates"]):
                right = kind.value(t, options, lambda place, right=None:
                                   settings.get(place, right))
                # A recursion adds a rounding error in each step.
                if not abs(mine - right) <= 1e-9 * options["lr0"]:
                    return options, t, mine
        return None

    where = first({})
    verdict.status = DIFFERENT if where else EQUAL
    if where:
        options, t, mine = where
        right = kind.value(t, options, lambda place, right=None: right)
        verdict.example = _example(options, t, mine, right)
        found = explain(kind.switches, lambda one: not first(one), 2)
        found.sort(key=lambda chosen: sum(
            switch.nature == BUG for switch in chosen))
        verdict.names = found
        natures = {switch.nature for switch in found[0]} if found else set()
        if natures:
            verdict.status = A_BUG if BUG in natures else A_CONVENTION
    return verdict
