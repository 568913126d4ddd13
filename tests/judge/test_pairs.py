"""Two bugs at once, drawn at random from the switches, are both named."""

import functools
import math
import random

import pytest

from tests.judge import trial_optimiser
from tests.judge.implementation import kinds
from tests.judge.optimisers import CLOSE, ladder, random_runs, simulate
from tests.judge.switchboard import settings
from tests.judge.trial_optimiser import Trial

KINDS = kinds()


@functools.cache
def runs(name):
    """The runs that each formula is tried with."""
    options = {*KINDS[name].defaults} - {"decoupled"} | {"lr"}
    return ladder(options, True) + random_runs(
        KINDS[name].name, options, {}, True, 40)


@pytest.fixture(autouse=True)
def remembered(monkeypatch):
    """Each formula does each run once: the guesses repeat them."""
    known = {}

    def simulated(kind, run, thrown=None):
        """What `simulate` returns."""
        key = kind.name, id(run), frozenset((thrown or {}).items())
        if key not in known:
            known[key] = simulate(kind, run, thrown)
        return known[key]

    monkeypatch.setattr(trial_optimiser, "simulate", simulated)


def explained(kind, chosen):
    """The names of a formula with these switches, as of a person's code.
    """
    trial = Trial.__new__(Trial)
    trial.kind, trial.switches = kind, list(kind.switches)
    trial.runs = runs(kind.name.lower())
    trial.theirs = [trial_optimiser.simulate(kind, run, settings(chosen))
                    for run in trial.runs]
    trial.wrong = trial._wrong(CLOSE)
    for size in 0, 1, 2:
        found = ([()] if not trial.wrong else []) if size == 0 else (
            trial.explain(size, CLOSE, math.inf))
        if found:
            return found
    return []


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adagrad", "adam"])
def test_two_at_once(name):
    """Both names, in nine of ten pairs that can be told apart.

    A pair that one name or none explains cannot be told apart.
    """
    kind = KINDS[name]
    switches = [one for one in kind.switches
                if one.nature in ("bug", "convention")]
    draw = random.Random(name)
    named = told = 0
    while told < 30:
        chosen = tuple(draw.sample(switches, 2))
        if chosen[0].place == chosen[1].place:
            continue
        found = explained(kind, chosen)
        if found and len(found[0]) < 2:
            continue
        told += 1
        named += set(chosen) in map(set, found)
    assert named >= 27


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adagrad", "adam",
                                  "adamw"])
def test_one_at_a_time(name):
    """Every switch is named as itself, alone or with what equals it."""
    kind = KINDS[name]
    for switch in kind.switches:
        found = explained(kind, (switch,))
        assert (switch,) in found, (switch, found)
