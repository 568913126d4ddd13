"""Engines of other people: which bug is it, and is a right one right?"""

from pathlib import Path

import numpy as np
import pytest
import torch

from scratch.front_door.source import ROOT
from tests.judge import implementation
from tests.judge.engine_bugs import SWITCHES
from tests.judge.engines import OPERATIONS, Expression, computed, told
from tests.judge.expressions import (ADDED, BROADCAST, SHARED, alone,
                                     randomly)
from tests.judge.functions import differs
from tests.judge.switchboard import settings

CASES = Path(__file__).parent / "cases"
# file, class: status, names
TABLE = {
    "values": {
        "Value": ("EQUAL", ""), "Number": ("EQUAL", ""),
        "Tape": ("ANOTHER CONVENTION", "backward-sets-the-gradient")},
    "tensors": {
        "Tensor": ("EQUAL", ""),
        "Variable": ("A BUG OF THE MUSEUM",
                     "broadcast-not-summed + max-passes-to-all-ties"),
        "Shares": ("A BUG OF THE MUSEUM",
                   "gradients-share-memory + broadcast-not-summed")},
    "styles": {
        "Variable": ("EQUAL", ""),
        "Tensor": ("ANOTHER CONVENTION", "relu-passes-at-0"),
        "Scalar": ("A BUG OF THE MUSEUM",
                   "minus-from-the-right + upstream-forgotten + "
                   "gradient-overwritten")},
    "bugs": {
        "Overwrites": ("A BUG OF THE MUSEUM", "gradient-overwritten"),
        "Node": ("EQUAL", ""),
        "Recursive": ("A BUG OF THE MUSEUM", "value-visited-twice"),
        "Queue": ("A BUG OF THE MUSEUM", "order-of-a-search"),
        "Forwards": ("A BUG OF THE MUSEUM", "order-not-reversed"),
        "Slopes": ("A BUG OF THE MUSEUM",
                   "quotient-without-minus + exp-slope-of-the-input"),
        "Power": ("A BUG OF THE MUSEUM",
                  "power-keeps-its-exponent + minus-from-the-right"),
        "Breaks": ("RAISES", ""), "Strange": ("DIFFERENT", "")},
}


def judged(path, name=""):
    """The verdicts on all engines in a file."""
    with implementation.opened(path, 10.0) as one:
        return {name: one.judge(name, kinds, "")
                for name, kinds in one.names(name, "").items()
                if kinds[0].name == "engine"}


@pytest.mark.parametrize("file", TABLE)
def test_the_verdict_is_right(file):
    """The status and the names; no right engine has a bug."""
    found = judged(CASES / f"engine_{file}.py")
    assert {name: (one.status, " + ".join(
        switch.title for switch in (one.names or [()])[0]))
        for name, one in found.items()} == TABLE[file]
    if file == "bugs":
        assert found["Recursive"].example == (
            "a = 2, b = 3, c = a + b, L = c * c: dL/da yours 20, torch 10")
        assert "line" in found["Breaks"].example
    if file == "styles":
        assert "large: a = 800, L = a.tanh(): OverflowError" in (
            found["Scalar"].notes[0])
    if file == "values":
        notes = " ".join(found["Value"].notes)
        assert "RecursionError" in notes and "retain_graph" in notes
        assert "2 - a" in found["Number"].not_judged


def test_our_own_engine():
    """It is EQUAL, with arrays, and no chain is too long for it."""
    verdict = judged(ROOT / "scratch/autograd.py", "Value")["Value"]
    assert verdict.status == "EQUAL" and not (
        verdict.notes or verdict.not_judged), verdict


EXPRESSIONS = [
    *[one for name in OPERATIONS for one in alone(name)], *SHARED, *ADDED,
    *[Expression(pair, (("mul", 0, 1), ("sum", 2))) for pair in BROADCAST],
    *randomly([*OPERATIONS][:20], True, {})]


def test_the_reference_is_torchs():
    """With no switch thrown: every value and every gradient."""
    for one in EXPRESSIONS:
        leaves = [torch.tensor(leaf, dtype=torch.float64,
                               requires_grad=True) for leaf in one.leaves]
        values = list(leaves)
        for name, *inputs in one.steps:
            values.append(OPERATIONS[name].call(
                *(values[i] for i in inputs)))
        values[-1].backward()
        value, slopes = computed(one, {})
        assert differs(values[-1].numpy(force=True), value) is None
        for leaf, slope in zip(leaves, slopes):
            right = (np.zeros(slope.shape) if leaf.grad is None
                     else leaf.grad.numpy(force=True))
            assert differs(right, slope, 1e-9, 1e-12) is None, told(one)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda one: one.name
                         + one.place)
def test_each_switch_is_seen(switch):
    """The expressions of its operation tell it from the right one."""
    assert any(
        differs(np.concatenate([a.ravel() for a in wrong[1]]),
                np.concatenate([a.ravel() for a in right[1]])) is not None
        for wrong, right in (
            (computed(one, settings([switch])), computed(one, {}))
            for one in alone(switch.place)))
