"""Rules 10 and 11: what schedules reject, on both sides, and warn of."""

import copy
import math
import warnings

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

import scratch
from tests.compare.schedules import (NAMES, ORDINARY, WINGS, advance,
                                     an_optimizer, known, made)

both_sides = pytest.mark.parametrize("wing", WINGS)
every_schedule = pytest.mark.parametrize("name", NAMES)


def raised(call):
    """The exception and its message, or None."""
    try:
        call()
    except Exception as error:
        return type(error), str(error)
    return None


BAD = [
    *[("StepLR", {"step_size": bad}) for bad in (0, -1, 2.0, True, "2")],
    *[("MultiStepLR", {"milestones": bad}) for bad in (
        [-1], [2.5], [True], ["2"], 3, None)],
    *[(name, {**ORDINARY[name], "gamma": bad})
      for name in ("StepLR", "MultiStepLR", "ExponentialLR")
      for bad in (-0.1, 1.1, math.nan, math.inf, "1", None, True,
                  torch.tensor(0.5))],
    *[("LinearLR", {"start_factor": bad}) for bad in (
        0, -1, 1.5, math.nan, "1", True)],
    *[("LinearLR", {"end_factor": bad}) for bad in (-0.5, 1.5, math.nan)],
    *[("LinearLR", {"total_iters": bad}) for bad in (0, -1, 2.5, True)],
    *[("CosineAnnealingLR", {"T_max": bad}) for bad in (0, -1, 2.5, True)],
    *[("CosineAnnealingLR", {"T_max": 3, "eta_min": bad})
      for bad in (-0.1, math.nan, math.inf, "0")],
    *[("OneCycleLR", {"max_lr": bad, "total_steps": 8})
      for bad in (-0.1, math.nan, math.inf, "1", [1.0])],
    *[("OneCycleLR", {"max_lr": 1.0, "total_steps": bad})
      for bad in (0, -1, 3, 8.0, True, None)],
    *[("OneCycleLR", {"max_lr": 1.0, "total_steps": 8, "pct_start": bad})
      for bad in (0, 0.125, 1, 1.5, -0.5, math.nan, "1")],
    *[("OneCycleLR", {"max_lr": 1.0, "total_steps": 8, name: bad})
      for name in ("div_factor", "final_div_factor")
      for bad in (0, 0.5, -2, math.nan, math.inf, None)]]


@pytest.mark.parametrize("name, options", BAD)
def test_rejected_options(name, options):
    """Both sides raise the same, with one message, and change nothing."""
    found = []
    for wing in WINGS:
        optimizer = an_optimizer(wing)
        before = copy.deepcopy(optimizer.state_dict())
        found.append(raised(lambda: getattr(wing.lr_scheduler, name)(
            optimizer, **options)))
        assert optimizer.state_dict() == before
    assert found[0] == found[1] is not None
    assert found[0][0] in (TypeError, ValueError)


@every_schedule
def test_rejected_optimizers(name):
    """No optimiser, one of the other side, or an lr that is none."""
    for make in (lambda wing: None, lambda wing: 0.1,
                 lambda wing: an_optimizer(WINGS[wing is scratch]),
                 lambda wing: an_optimizer(wing, math.inf)):
        kinds = [raised(lambda: made(wing, name, make(wing)))
                 for wing in WINGS]
        assert kinds[0] == kinds[1] is not None


def sequence(parts, milestones):
    """What SequentialLR says of these."""
    found = []
    for wing in WINGS:
        optimizer = an_optimizer(wing)
        found.append(raised(lambda: wing.lr_scheduler.SequentialLR(
            optimizer, parts(wing, optimizer), milestones)))
    assert found[0] == found[1]
    return found[0]


def two(wing, optimizer):
    """Two schedules that fit."""
    return [made(wing, name, optimizer)
            for name in ("LinearLR", "ExponentialLR")]


@pytest.mark.parametrize("milestones", [
    [], [0], [-1], [2, 4], [2.0], [True], ["2"], None, 3])
def test_rejected_milestones(milestones):
    """One fewer than schedules, integers, at least 1."""
    assert sequence(two, [2]) is None
    assert sequence(two, milestones)[0] in (TypeError, ValueError)


def stepped(wing, optimizer):
    """One of the two has gone on."""
    optimizer.step()
    parts = two(wing, optimizer)
    parts[1]._last_lr = [optimizer.param_groups[0]["lr"]]
    optimizer.step()
    parts[1].step()
    return parts


@pytest.mark.parametrize("parts", [
    lambda wing, one: [], lambda wing, one: None,
    lambda wing, one: [two(wing, one)[0], None],
    lambda wing, one: [two(wing, one)[0], one],
    lambda wing, one: 2 * two(wing, one)[:1],
    lambda wing, one: [two(wing, one)[0], made(wing, "SequentialLR", one)],
    lambda wing, one: [two(wing, one)[0], two(wing, an_optimizer(wing))[1]],
    lambda wing, one: [two(wing, one)[0], made(wing, "OneCycleLR", one)],
    stepped])
def test_rejected_schedulers(parts):
    """Nested, twice the same, of two optimisers, used, of another lr0."""
    assert sequence(parts, [2])[0] in (TypeError, ValueError)


def test_milestones_that_do_not_increase():
    """Three schedules, and two milestones."""
    for milestones in [3, 3], [5, 2]:
        assert sequence(lambda wing, one: [
            *two(wing, one), made(wing, "StepLR", one)],
            milestones)[0] is ValueError


@both_sides
def test_after_the_last_step(wing):
    """One cycle ends: ValueError, as in torch, and nothing changes.

    As in torch it is the step after total_steps that raises, alone or
    in a sequence.
    """
    for build in (
            lambda one: made(wing, "OneCycleLR", one),
            lambda one: wing.lr_scheduler.SequentialLR(
                one, [made(wing, "OneCycleLR", one)], [])):
        optimizer = an_optimizer(wing)
        scheduler = build(optimizer)
        advance(optimizer, scheduler, 8)
        before = known(optimizer, scheduler)
        for _ in range(2):
            with pytest.raises(ValueError, match="total.steps"):
                scheduler.step()
            assert known(optimizer, scheduler) == before


@both_sides
@every_schedule
def test_a_learning_rate_that_something_else_changed(wing, name):
    """The next step raises: torch would go on from it, a formula not."""
    optimizer = an_optimizer(wing)
    scheduler = made(wing, name, optimizer)
    advance(optimizer, scheduler, 3)
    before = known(optimizer, scheduler)
    optimizer.param_groups[0]["lr"] = 0.03
    with pytest.raises(ValueError, match="^lr must be that of the schedule"):
        scheduler.step()
    optimizer.param_groups[0]["lr"] = before[0]
    assert known(optimizer, scheduler) == before
    advance(optimizer, scheduler, 1)
    # A second schedule, but for a sequence, is something else.
    other = made(wing, "ExponentialLR", optimizer)
    advance(optimizer, other, 1)
    if optimizer.param_groups[0]["lr"] != scheduler.get_last_lr()[0]:
        with pytest.raises(ValueError):
            scheduler.step()


@settings(max_examples=50)
@given(st.sampled_from(NAMES),
       st.text("os", max_size=6), st.integers(0, 2))
@example("SequentialLR", "sssss", 0)
@example("SequentialLR", "ssss", 1)
def test_the_order_of_the_steps(name, order, loaded):
    """Both sides warn of scheduler.step() before any optimizer.step().

    A sequence by torch warns again after step 4: of its second
    schedule, whose first step this is.
    loaded: first a state of this step is loaded.
    """
    found = []
    for wing in WINGS:
        optimizer = an_optimizer(wing)
        scheduler = made(wing, name, optimizer)
        other = an_optimizer(wing)
        used = made(wing, name, other)
        advance(other, used, loaded)
        optimizer.load_state_dict(other.state_dict())
        scheduler.load_state_dict(used.state_dict())
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for one in order:
                (optimizer if one == "o" else scheduler).step()
        found.append([warning.category for warning in caught])
    assert set(found[0] + found[1]) <= {UserWarning}
    by_hand = order.startswith("s") and not loaded
    again = name == "SequentialLR" and order.startswith("s" * (5 - loaded))
    assert [len(one) for one in found] == [by_hand, by_hand + again]


@both_sides
def test_a_step_has_no_epoch(wing):
    """step(epoch) is an old form, of which torch warns."""
    scheduler = made(wing, "StepLR", an_optimizer(wing))
    with pytest.raises(TypeError):
        scheduler.step(5)
