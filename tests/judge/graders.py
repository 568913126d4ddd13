"""The trial of the graders: what public recipes for an Adam let pass.

Each recipe is rebuilt from its description, and told what Adam gives.
`step(p, g, t)` is one step of the implementation with lr; `right` of
torch's formula. A recipe returns whether it is content.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from tests.judge.impostors import impostors
from tests.judge.optimisers import (CLOSE, Optimiser, Run, departs, ladder,
                                    random_runs, simulate)
from tests.judge.switchboard import Settings, Switch

Recipe = Callable[[Optimiser, Settings], bool]


def _both(kind: Optimiser, thrown: Settings, run: Run) -> tuple[Any, Any]:
    """The parameters after each step: judged, right."""
    return simulate(kind, run, thrown), simulate(kind, run)


def _run(start: Any, gradients: Any, lr: float, **options: Any) -> Run:
    """One parameter."""
    return Run([np.array(start, float)], {"lr": lr, **options},
               [([np.array(g, float)], lr) for g in gradients])


def _options(kind: Optimiser, lr: float) -> dict[str, Any]:
    """NumPy's numbers, which divide by 0 without an exception."""
    return {name: value if isinstance(value, bool) else np.float64(value)
            for name, value in {**kind.defaults, "lr": lr}.items()}


def _close(run: Run, kind: Optimiser, thrown: Settings, relative: float,
           absolute: float) -> bool:
    mine, right = _both(kind, thrown, run)
    return all(np.allclose(a, b, relative, absolute, equal_nan=True)
               for a, b in zip(mine[-1], right[-1]))


def one_step_and_moved(kind: Optimiser, thrown: Settings) -> bool:
    """One step at rtol 1e-6, and the parameter has moved (TinyTorch)."""
    run = _run([1, 2, 3], [[0.1, 0.2, 0.3]], 0.01)
    mine, _ = _both(kind, thrown, run)
    moved = bool((mine[-1][0] != run.start[0]).all())
    return moved and _close(run, kind, thrown, 1e-6, 0)


def one_step(kind: Optimiser, thrown: Settings) -> bool:
    """One step at lr 1e-3, atol 1e-4 (tinygrad's first test)."""
    draw = np.random.default_rng(0)
    return _close(_run(draw.normal(size=(4, 3)), [draw.normal(size=(4, 3))],
                       1e-3), kind, thrown, 0, 1e-4)


def five_digits(kind: Optimiser, thrown: Settings) -> bool:
    """Two cases at t = 1, printed to 5 digits (deep-ml 87)."""
    return all(_close(_run(start, [g], lr), kind, thrown, 0, 5e-6)
               for start, g, lr in (([1.0], [0.1], 0.001),
                                    ([1.0, 2.0], [0.1, 0.2], 0.01)))


def fifth_step(kind: Optimiser, thrown: Settings) -> bool:
    """One vector at t = 5, relative error 1e-7 (CS231n)."""
    def s(place: str, right: Any = None) -> Any:
        return thrown.get(place, right)

    p, g, m, v = (np.linspace(low, high, 20) for low, high in (
        (-0.4, 0.6), (-0.6, 0.4), (0.6, 0.9), (0.7, 0.5)))
    after = []
    with np.errstate(all="ignore"):
        for setting in s, lambda place, right=None: right:
            options = {**_options(kind, 1e-2), "calls": 5, "step": 5}
            after.append(kind.formula(
                p.copy(), g.copy(), {"m": m, "v": v, "t": 4}, options,
                setting))
    a, b = after
    with np.errstate(all="ignore"):
        error = abs(a - b) / np.maximum(1e-8, abs(a) + abs(b))
    return bool((error < 1e-7).all())


def ten_steps(kind: Optimiser, thrown: Settings) -> bool:
    """Ten steps at lr 1e-3, rtol and atol 5e-4 (Keras)."""
    ramp = np.arange(0.1, 1.1, 0.1)
    return all(_close(_run(np.ones(10), gradients, 1e-3), kind, thrown,
                      5e-4, 5e-4)
               for gradients in (10 * [ramp], 10 * [np.ones(10)]))


def a_thousand_steps(kind: Optimiser, thrown: Settings) -> bool:
    """1,000 steps of a linear layer, atol 1e-4 (CS336)."""
    options = tuple(_options(kind, 1e-3).items())
    right = _fitted(kind.formula, options)
    mine = _fitted(kind.formula, options, tuple(thrown.items()))
    return bool(np.allclose(mine, right, rtol=0, atol=1e-4))


# All implementations are compared with the same right one.
@cache
def _fitted(formula: Callable[..., Any], options: tuple[Any, ...],
            thrown: tuple[Any, ...] = ()) -> Any:
    """A linear layer after 1,000 steps."""
    draw = np.random.default_rng(0)
    x, target = draw.normal(size=(8, 3)), draw.normal(size=(8, 2))
    settings = dict(thrown)

    def s(place: str, right: Any = None) -> Any:
        return settings.get(place, right)

    state: dict[str, Any] = {}
    w = np.zeros((3, 2))
    with np.errstate(all="ignore"):
        for step in range(1, 1001):
            g = 2 * x.T @ (x @ w - target) / target.size
            w = formula(w, g, state, dict(options) | {
                "calls": step, "step": step}, s)
    return w


def two_parameters(kind: Optimiser, thrown: Settings) -> bool:
    """Ten steps, two parameters, assert_close's defaults (optim_db)."""
    draw = np.random.default_rng(0)
    shapes = (2, 3), (4,)
    run = Run([draw.normal(size=shape) for shape in shapes],
              {"lr": 1e-3}, [([draw.normal(size=shape)
                               for shape in shapes], 1e-3)
                             for _ in range(10)])
    return _close(run, kind, thrown, 1.3e-6, 1e-5)


def this_project(kind: Optimiser, thrown: Settings) -> bool:
    """Simple runs and random ones, to rounding (this project)."""
    runs = [*ladder({"lr"}, True),
            *random_runs("Adam", {"lr"}, {}, True, 20)]
    return all(departs(run, *_both(kind, thrown, run), CLOSE) is None
               for run in runs)


RECIPES: tuple[Recipe, ...] = (
    one_step_and_moved, one_step, five_digits, fifth_step, ten_steps,
    a_thousand_steps, two_parameters, this_project)


def plain(kind: Optimiser) -> list[Switch]:
    """The switches of the plain formula: no weight decay, no AMSGrad.

    Nor another default: a test of a formula gives every number.
    """
    return [switch for switch in impostors(kind)
            if switch.place not in ("decay", "amsgrad")
            and not switch.place.endswith("value")]


def trial(kind: Optimiser) -> Iterator[tuple[str, int, int, list[str]]]:
    """For each recipe: what it is, caught, of how many, let pass."""
    switches = plain(kind)
    for recipe in RECIPES:
        assert recipe(kind, {}), f"{recipe.__name__} rejects the right one"
        passed = [switch.name for switch in switches
                  if recipe(kind, {switch.place: switch.setting})]
        yield ((recipe.__doc__ or "").rstrip("."),
               len(switches) - len(passed), len(switches), passed)
