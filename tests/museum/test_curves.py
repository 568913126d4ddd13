"""The curves: a small training shows nearly every bug."""

import math
import sys

import pytest
import torch

from scratch.front_door.source import ROOT
from tests.museum import BUGS
from tests.museum.curve_table import TRAININGS, trainings
from tests.museum.curves import VISIBLE, curve, difference, upper_end
from tests.museum.fresh import planted_in

# Bugs that no training shows, and why.
ROUNDING = {"lerp-one-way", "tanh-without-expm1", "tanh-by-expm1-alone",
            "softplus-without-log1p", "sigmoid-by-tanh",
            # a share of 1 / 256
            "pixels-by-256",
            # a variance of 0, or of a rounding error below 0
            "centered-clamped"}
BAD_INPUT = {"rows-against-a-column", "change-in-place-unnoticed",
             "schedule-counts-before-it-fails"}
AFTERWARDS = {
    # the last update comes after the last loss
    "stop-after-the-update",
    # somebody else writes into the same memory
    "loaded-state-shared", "checkpoint-replaces-the-parameters"}


@pytest.mark.parametrize("name", BUGS)
def test_each_bug_has_a_curve_that_shows_it(name):
    """Without the bug training ends well; with it, visibly otherwise."""
    found = curve(name)
    if name in ROUNDING | BAD_INPUT | AFTERWARDS:
        assert found == {}
        return
    right, wrong = found["without"], found["with"]
    assert all(map(math.isfinite, right)) and len(right) > 2
    assert found["stopped"] or difference(wrong, right) > VISIBLE
    assert len(wrong) < 200 and found["of"] in ("loss", "error", "rate")


def test_a_place_has_trainings_from_near_to_far():
    """Those of a function come before those of its topic."""
    for place in TRAININGS:
        path = ROOT / f"scratch/{place.split('.')[0]}.py"
        assert path.exists() and all(
            part in path.read_text() for part in place.split(".")[1:])
    near = trainings("mlp.classify")
    assert near == TRAININGS["mlp.classify"] + TRAININGS["mlp"]
    assert all(trainings(bug.where) for bug in BUGS.values())


def test_topics_are_imported_anew_and_come_back():
    """A bug is in its own import only, whatever happens there."""
    from scratch import optim

    def interrupted():
        with planted_in(BUGS["sgd-ascent"]) as by:
            assert by.optim is not optim
            by.optim.SGD([p], lr=1.0).step()
            raise ZeroDivisionError

    p = torch.zeros(1, requires_grad=True)
    p.grad = torch.ones(1)
    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert p.item() == 1
    assert sys.modules["scratch.optim"] is optim
    optim.SGD([p], lr=1.0).step()
    assert p.item() == 0


def test_a_difference_is_a_share_of_the_drawing():
    """2 of 2.6; another length or NaN is more than any share."""
    assert upper_end([2.0, 1.0]) == 2.6
    assert difference([2.0, 3.0], [2.0, 1.0]) == pytest.approx(2 / 2.6)
    assert difference([2.0], [2.0, 1.0]) == math.inf
    assert difference([2.0, math.nan], [2.0, 1.0]) == math.inf


def test_a_bug_may_stop_a_training():
    """The losses before it are kept, and the exception."""
    found = curve("input-of-the-wrong-layer")
    assert found["stopped"].startswith("ValueError: gradients must have")
    assert found["with"] == []
