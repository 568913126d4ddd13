"""An optimiser is judged: runs, and what explains the differences."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from tests.judge.switchboard import Settings, Switch

Array = np.ndarray
# Rounding: of the largest number in a run. Two formulas that are equal
# on paper differ by a few eps a step.
CLOSE = 1e-10
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

    def features(self) -> set[str]:
        """The events in it that may make a difference."""
        found = set()
        if len({lr for _, lr in self.steps}) > 1:
            found.add("lr changes")
        if any(g is None for grads, _ in self.steps for g in grads):
            found.add("a gradient is missing")
        if len(self.start) > 1:
            found.add("there are several parameters")
        if len(self.steps) > 1:
            found.add("there is a second step")
        if any((g == 0).any() for g in self.gradients()):
            found.add("a gradient is 0")
        for option in "weight_decay", "dampening", "lr_decay":
            if self.options.get(option):
                found.add(f"{option} is not 0")
        for option in "nesterov", "amsgrad", "centered":
            if self.options.get(option):
                found.add(f"{option} is on")
        return found


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


def clip(g: Array, s: Any) -> Array:
    """The gradient, cut off or shortened if a switch says so."""
    most, longest = s("clip"), s("clip norm")
    if most:
        return np.clip(g, -most, most)
    if longest:
        norm = np.sqrt((g * g).sum())
        return g * (longest / norm) if norm > longest else g
    return g


def simulate(kind: Optimiser, run: Run,
             settings: Settings | None = None) -> list[list[Array]]:
    """The parameters after each step, by the formula."""
    thrown = settings or {}

    def s(place: str, right: Any = None) -> Any:
        return thrown.get(place, right)

    # NumPy's numbers divide by 0 without an exception.
    options: dict[str, Any] = {
        name: value if isinstance(value, bool) else np.float64(value)
        for name, value in {**kind.defaults, **run.options}.items()}
    params = [p.copy() for p in run.start]
    states: list[dict[str, Any]] = [{} for _ in params]
    after, options["calls"] = [], 0
    with np.errstate(all="ignore"):
        for step, (grads, lr) in enumerate(run.steps, start=1):
            options["lr"], options["step"] = lr, step
            for i, g in enumerate(grads):
                if g is not None:
                    options["calls"] += 1
                    params[i] = kind.formula(params[i], g, states[i],
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
                          run(0, 1e-3, **more)]
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


def random_runs(kind: str, options: set[str], fixed: dict[str, Any],
                missing: bool, count: int,
                seed: int = 0) -> list[Run]:
    """Random runs of up to 6 steps, from the project's own strategies.

    An option that the code lacks keeps the value that it has there.
    """
    from hypothesis import Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    from tests.compare.draw import OPTIMISERS, ORDINARY, tensors
    import torch
    runs: list[Run] = []

    @st.composite
    def strategy(draw: Any) -> Run:
        drawn = draw(OPTIMISERS[kind])
        if "betas" in drawn:
            drawn["beta1"], drawn["beta2"] = drawn.pop("betas")
        if not drawn.get("eps", 1):
            # 0 / 0, which code of other people need not allow
            drawn["eps"] = 1e-8
        drawn = {name: value for name, value in drawn.items()
                 if name in options}
        if drawn.get("nesterov") and not drawn.get("momentum"):
            drawn["nesterov"] = False
        shapes = draw(st.sampled_from([
            [(3,)], [(2, 2)], [(3,), (3,)], [(3,), (2, 2)]]))
        lr = draw(st.sampled_from([0.1, 1.0, 1e-3]))
        zero = draw(st.booleans())
        start = [(0 if zero else 1) * draw(tensors(
            shape, torch.float64)).numpy(force=True) for shape in shapes]
        steps = []
        for step in range(draw(st.integers(1, 6))):
            if "lr" in options and draw(st.integers(0, 9)) == 0:
                lr = draw(st.sampled_from([0.01, 1.0, 0.5]))
            grads: list[Any] = [draw(tensors(
                shape, torch.float64, ORDINARY)).numpy(force=True)
                for shape in shapes]
            if missing and len(grads) > 1 and draw(
                    st.integers(0, 4)) == 0:
                grads[draw(st.integers(0, len(grads) - 1))] = None
            steps.append((grads, lr))
        return Run(start, {**fixed, **drawn, "lr": steps[0][1]}, steps)

    @seeded(seed)
    @settings(max_examples=count, database=None, deadline=None,
              phases=[Phase.generate])
    @given(strategy())
    def collect(run: Run) -> None:
        runs.append(run)

    collect()
    return runs[:count]


def tell(run: Run, theirs: list[list[Array]], right: list[list[Array]],
         where: tuple[int, int], defaults: dict[str, Any]) -> str:
    """A run in which the two differ, for a person.

    As in: start 0, lr 0.1, gradients 1 then 1 · step 2: yours -0.234,
    torch -0.2
    """
    step, i = where
    with np.errstate(all="ignore"):
        gaps = abs(theirs[step - 1][i] - right[step - 1][i])
    entry = int(np.nan_to_num(gaps, nan=math.inf).argmax()) \
        if theirs[step - 1][i].shape == right[step - 1][i].shape else 0
    said = [f"start {short(run.start[i].flat[entry])}"]
    lrs = [lr for _, lr in run.steps[:step]]
    said.append("lr " + (short(lrs[0]) if len(set(lrs)) == 1
                         else " then ".join(map(short, lrs))))
    gradients = ["none" if grads[i] is None
                 else short(grads[i].flat[entry])
                 for grads, _ in run.steps[:step]]
    said.append(f"gradient{'s' * (len(gradients) > 1)} "
                + " then ".join(gradients))
    said += [f"{name} {value if isinstance(value, bool) else short(value)}"
             for name, value in run.options.items()
             if name != "lr" and value != defaults.get(name)]
    if len(run.start) > 1:
        said.append(f"parameter {i + 1} of {len(run.start)}")
    mine, ours = theirs[step - 1][i], right[step - 1][i]
    if mine.shape != ours.shape:
        return (f"{', '.join(said)} · step {step}: yours has shape "
                f"{mine.shape}, torch {ours.shape}")
    a, b = apart(mine.flat[entry], ours.flat[entry])
    return f"{', '.join(said)} · step {step}: yours {a}, torch {b}"


def short(number: Any) -> str:
    """1.0 is 1, and no more than 5 digits."""
    return f"{float(number):.5g}"


def apart(a: float, b: float) -> tuple[str, str]:
    """Two numbers, with as many digits as tell them apart."""
    for digits in range(5, 18):
        texts = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts
