"""An optimiser is judged: runs, and what explains the differences."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from tests.judge import anywhere
from tests.judge.switchboard import Settings, Switch

Array = np.ndarray
# Rounding: of the largest number in a run. Two formulas that are equal
# on paper differ by a few eps a step.
CLOSE = 1e-10
# Of the parameter: a difference that a person sees.
VISIBLE = 1e-2
# For code that computes in float32.
COARSE = 2e-5


@dataclass
class Run:
    """A start, options, and for each step gradients and lr."""

    start: list[Array]
    options: dict[str, Any]
    steps: list[tuple[list[Array | None], float]]

    def gradients(self) -> list[Array]:
        """All that are not missing."""
        return [g for grads, _ in self.steps for g in grads
                if g is not None]


@dataclass(frozen=True)
class Optimiser:
    """A kind that can be judged: the formula and its switches."""

    name: str
    # (p, g, state, options, switches) -> the new p
    formula: Callable[..., Array]
    switches: Sequence[Switch]
    # option -> torch's default
    defaults: dict[str, Any] = field(default_factory=dict)
    # what it is compared with
    against: str = ""
    judged_by: ClassVar[str] = "tests.judge.judge_optimiser"


def simulate(kind: Optimiser, run: Run,
             settings: Settings | None = None,
             bowl: bool = False) -> list[list[Array]]:
    """The parameters after each step, by the formula.

    bowl: the gradient is the parameter, that of half its square.
    """
    # NumPy's numbers divide by 0 without an exception.
    thrown = {place: np.float64(setting) if isinstance(setting, float)
              else setting for place, setting in (settings or {}).items()}

    def s(place: str, right: Any = None) -> Any:
        return thrown.get(place, right)

    options: dict[str, Any] = {
        name: value if isinstance(value, bool) else np.float64(value)
        for name, value in {**kind.defaults, **run.options}.items()}
    params = [p.copy() for p in run.start]
    states, counts = anywhere.states(params, s), [0] * len(params)
    after, options["calls"] = [], 0
    with np.errstate(all="ignore"):
        for step, (grads, lr) in enumerate(run.steps, start=1):
            options["step"] = step
            grads = [p.copy() for p in params] if bowl else grads
            for i, g in enumerate(anywhere.present(grads, params, s)):
                if g is not None:
                    options["calls"] += 1
                    counts[i] += 1
                    options["lr"] = anywhere.scheduled(lr, counts[i], s)
                    params[i] = kind.formula(
                        params[i], anywhere.clip(g, s), states[i],
                        options, s)
            after.append([p.copy() for p in params])
    return after


def departs(run: Run, theirs: list[list[Array]], right: list[list[Array]],
            tolerance: float) -> tuple[int, int] | None:
    """The first step and parameter that differ, counted from 1 and 0.

    The scale is the largest number so far: rounding errors grow with it.
    """
    scale = max([1e-30, *(abs(p).max() for p in run.start if p.size)])
    for step, (mine, ours) in enumerate(zip(theirs, right), start=1):
        for i, (a, b) in enumerate(zip(mine, ours)):
            finite = b[np.isfinite(b)]
            if finite.size:
                scale = max(scale, abs(finite).max())
            if a.shape != b.shape:
                return step, i
            with np.errstate(all="ignore"):
                equal = ((a == b) | (np.isnan(a) & np.isnan(b))
                         | (abs(a - b) <= tolerance * scale))
            if not equal.all():
                return step, i
    return None


def ladder(options: set[str], missing: bool,
           several: bool = True) -> list[Run]:
    """Runs from the simplest on, written for a person to read.

    options: those that the code has. The first of these runs that
    differs is the smallest counterexample.
    """
    def run(start: float, *steps: Any, **given: Any) -> Run:
        """steps: a gradient, or (gradient, lr)."""
        pairs = [step if isinstance(step, tuple) else (step, 0.1)
                 for step in steps]
        return Run([np.array([float(start)])], {"lr": pairs[0][1], **given}, [
            ([np.array([float(g)])], lr) for g, lr in pairs])

    found = [run(0, 1), run(0, -1), run(0, 2), run(1, 1), run(0, 0),
             run(0, 1, 1), run(0, 1, -1), run(0, 1, 2), run(0, 2, 1),
             run(0, 0, 1), run(0, 1, 0), run(0, 1, 1, 1),
             run(0, 1, 2, 3), run(0, 3, 2, 1, -1), run(0, 1e-3),
             run(0, 1e-3, 1e-3), run(0, 1e-8), run(0, 1e-8, 1e-8),
             run(0, 100), run(0, 100, 1), run(0, 1000, -1000, 1)]
    if "momentum" in options:
        found += [replace(one, options={**one.options, "momentum": mu})
                  for mu in (0.9, 0.5) for one in found]
    if "lr" in options:
        with_lr = [run(0, (1, 0.1), (1, 1.0)),
                   run(0, (1, 0.1), (1, 1.0), (1, 0.01))]
        if "momentum" in options:
            for one in with_lr:
                one.options["momentum"] = 0.9
        found += with_lr
    values: dict[str, list[Any]] = {
        "beta1": [0.5, 0.0], "beta2": [0.9], "eps": [1e-3, 1.0],
        "alpha": [0.9, 0.5], "weight_decay": [0.5, 0.01],
        "lr_decay": [0.1], "dampening": [0.5],
        "nesterov": [True], "amsgrad": [True], "centered": [True],
        "momentum": [0.9]}
    for option in values:
        if option in options:
            for value in values[option]:
                more: dict[str, Any] = {option: value}
                if option in ("dampening", "nesterov"):
                    more["momentum"] = 0.9
                found += [run(1, 1, **more), run(1, 1, 1, **more),
                          run(1, 2, 1, **more), run(1, 3, 2, 1, **more),
                          run(0, 1e-3, **more), run(1, -0.1, **more)]
    if {"amsgrad", "beta2"} <= options:
        # v falls: its largest value is remembered.
        found += [run(0, 3, 0, 1, amsgrad=True, beta2=0.5),
                  run(0, 3, 0, 4, amsgrad=True, beta2=0.5)]
    if several:
        ones = [np.array([1.0]), np.array([1.0])]
        given = {"momentum": 0.9} if "momentum" in options else {}
        pair = Run([np.array([0.0]), np.array([0.0])],
                   {"lr": 0.1, **given}, 2 * [(list(ones), 0.1)])
        found += [pair, Run(pair.start, pair.options, [
            ([np.array([1.0]), np.array([2.0])], 0.1)] * 2)]
        if missing:
            found.append(Run(pair.start, pair.options, [
                ([ones[0], None], 0.1), (list(ones), 0.1),
                ([None, ones[0]], 0.1), (list(ones), 0.1)]))
    return found


@functools.lru_cache
def drawn_runs(kind: str, count: int, seed: int) -> list[Any]:
    """From the project's own strategies: start, options, steps.

    A step has gradients, lr and which gradient may be missing, or -1.
    """
    from hypothesis import Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    from tests.compare.draw import OPTIMISERS, ORDINARY, tensors
    import torch
    found: list[Any] = []

    @st.composite
    def strategy(draw: Any) -> Any:
        options = draw(OPTIMISERS[kind])
        shapes = draw(st.sampled_from([
            [(3,)], [(2, 2)], [(3,), (3,)], [(3,), (2, 2)]]))
        lr = draw(st.sampled_from([0.1, 1.0, 1e-3]))
        zero = draw(st.booleans())
        start = [(0 if zero else 1) * draw(tensors(
            shape, torch.float64)).numpy(force=True) for shape in shapes]
        steps = []
        for _ in range(draw(st.integers(1, 6))):
            if draw(st.integers(0, 9)) == 0:
                lr = draw(st.sampled_from([0.01, 1.0, 0.5]))
            grads = [draw(tensors(shape, torch.float64, ORDINARY)).numpy(
                force=True) for shape in shapes]
            absent = (draw(st.integers(0, len(grads) - 1))
                      if len(grads) > 1 and draw(st.integers(0, 4)) == 0
                      else -1)
            steps.append((grads, lr, absent))
        return start, options, steps

    @seeded(seed)
    @settings(max_examples=count, database=None, deadline=None,
              phases=[Phase.generate])
    @given(strategy())
    def collect(one: Any) -> None:
        found.append(one)

    collect()
    return found[:count]


def random_runs(kind: str, options: set[str], fixed: dict[str, Any],
                missing: bool, count: int, seed: int = 0) -> list[Run]:
    """Random runs of up to 6 steps.

    An option that the code lacks keeps the value that it has there.
    """
    runs = []
    for start, drawn, steps in drawn_runs(kind, count, seed):
        drawn = {**drawn}
        if "betas" in drawn:
            drawn["beta1"], drawn["beta2"] = drawn.pop("betas")
        if not drawn.get("eps", 1):
            # 0 / 0, which code of other people need not allow
            drawn["eps"] = 1e-8
        drawn = {name: value for name, value in drawn.items()
                 if name in options}
        if drawn.get("nesterov") and not drawn.get("momentum"):
            drawn["nesterov"] = False
        lr = steps[0][1]
        runs.append(Run(start, {**fixed, **drawn, "lr": lr}, [
            ([None if missing and i == absent else g
              for i, g in enumerate(grads)],
             now if "lr" in options else lr)
            for grads, now, absent in steps]))
    return runs
