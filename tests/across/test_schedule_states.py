"""Rules 10 and 11: the state of a schedule is loaded, or rejected."""

import json
import math

import pytest
import torch

from tests.compare.schedules import (NAMES, ORDINARY, WINGS, advance,
                                     an_optimizer, known, made)

both_sides = pytest.mark.parametrize("wing", WINGS)
every_schedule = pytest.mark.parametrize("name", NAMES)


def used(wing, name, steps=3, lr=0.1):
    """An optimiser and its schedule, after some steps."""
    optimizer = an_optimizer(wing, lr)
    scheduler = made(wing, name, optimizer)
    advance(optimizer, scheduler, steps)
    return optimizer, scheduler


def rejected(wing, name, state, error=ValueError, match="^state_dict: "):
    """A schedule in use rejects the state, and goes on as before."""
    side, twin = used(wing, name, 2), used(wing, name, 2)
    with pytest.raises(error, match=match):
        side[1].load_state_dict(state)
    for one in side, twin:
        advance(one[0], one[1], 3)
    assert known(*side) == known(*twin)


@both_sides
@every_schedule
@pytest.mark.parametrize("other", NAMES)
def test_of_another_schedule(wing, name, other):
    """The state of another schedule is rejected, whoever wrote it."""
    for source in WINGS:
        if name != other:
            rejected(wing, name, used(source, other)[1].state_dict())


@both_sides
@every_schedule
def test_of_other_options(wing, name):
    """Torch would take the saved options; here that is no resuming."""
    state = used(wing, name)[1].state_dict()
    for option, value in state.items():
        if option in ("base_lrs", "_last_lr", "last_epoch"):
            continue
        other = value[:-1] if isinstance(value, list) else 2 * value
        rejected(wing, name, {**state, option: other})


@both_sides
@every_schedule
def test_damaged(wing, name):
    """A missing name, one more, a step that is none, other lists."""
    state = used(wing, name)[1].state_dict()
    for key in state:
        rejected(wing, name, {one: value for one, value in state.items()
                              if one != key})
    rejected(wing, name, {**state, "junk": 1})
    rejected(wing, name, {})
    for bad, error in ((-1, ValueError), (1.0, TypeError),
                       (True, TypeError), (None, TypeError)):
        rejected(wing, name, {**state, "last_epoch": bad}, error)
    for key in "base_lrs", "_last_lr":
        for other in [], [0.1, 0.1], 0.1, (0.1,), None:
            rejected(wing, name, {**state, key: other})
        for rate, error in ((-0.1, ValueError), (math.nan, ValueError),
                            ("0.1", TypeError), (True, TypeError),
                            (torch.tensor(0.1), TypeError)):
            rejected(wing, name, {**state, key: [rate]}, error,
                     "^lr must")


@both_sides
@every_schedule
def test_a_state_is_a_copy(wing, name):
    """What a caller does to a state, or to the lists, changes nothing."""
    optimizer, scheduler = used(wing, name)
    before = known(optimizer, scheduler)
    state = scheduler.state_dict()
    new, other = used(wing, name, 0)
    new.load_state_dict(optimizer.state_dict())
    other.load_state_dict(state)
    for values in state.values():
        if isinstance(values, list):
            values.append("junk")
    scheduler.get_last_lr().append("junk")
    assert known(optimizer, scheduler) == before == known(new, other)
    for one in (optimizer, scheduler), (new, other):
        advance(*one, 4)
    assert known(optimizer, scheduler) == known(new, other)


@both_sides
@every_schedule
def test_only_one_of_the_two_is_loaded(wing, name):
    """The next step raises: else the learning rate would be a wrong one.

    So it does if the schedule is made after the optimiser's state is
    loaded, which sets the learning rate of t = 0.
    """
    optimizer, scheduler = used(wing, name)
    new, other = used(wing, name, 0)
    other.load_state_dict(scheduler.state_dict())
    with pytest.raises(ValueError, match="^lr must be that of the sched"):
        advance(new, other, 1)
    new = an_optimizer(wing)
    new.load_state_dict(optimizer.state_dict())
    other = made(wing, name, new)
    other.load_state_dict(scheduler.state_dict())
    with pytest.raises(ValueError, match="an optimiser's state after"):
        advance(new, other, 1)


@pytest.mark.parametrize("source", WINGS)
@pytest.mark.parametrize("wing", WINGS)
@every_schedule
def test_into_the_other_side(source, wing, name):
    """It goes on there, from the same learning rate, at the same t."""
    optimizer, scheduler = used(source, name)
    new, other = used(wing, name, 0, lr=0.5)
    new.load_state_dict(optimizer.state_dict())
    other.load_state_dict(json.loads(json.dumps(scheduler.state_dict())))
    assert known(new, other) == known(optimizer, scheduler)
    for one in (new, other), (optimizer, scheduler):
        advance(*one, 4)
    assert other.get_last_lr() == pytest.approx(
        scheduler.get_last_lr(), rel=1e-12)
    assert other.state_dict().keys() == scheduler.state_dict().keys()


@both_sides
@every_schedule
def test_without_a_schedule_and_with_one(wing, name):
    """A state saved under a schedule fits an optimiser that has none yet.

    It brings lr0 along. The other way round, lr0 is missing.
    """
    optimizer, _ = used(wing, name)
    plain = an_optimizer(wing, 0.7)
    plain.load_state_dict(optimizer.state_dict())
    assert plain.state_dict() == optimizer.state_dict()
    again = made(wing, name, plain)
    assert again.base_lrs == [
        optimizer.param_groups[0]["initial_lr"]]
    with pytest.raises(ValueError, match="^state_dict: the options"):
        optimizer.load_state_dict(an_optimizer(wing).state_dict())


@both_sides
@every_schedule
def test_in_a_checkpoint(wing, name, tmp_path):
    """A checkpoint of an optimiser under a schedule can be loaded."""
    model = wing.mlp.MLP([2, 1])
    optimizer = wing.optim.Adam(model.parameters(), 0.1)
    scheduler = made(wing, name, optimizer)
    advance(optimizer, scheduler, 3)
    generator = torch.Generator()
    wing.checkpoint.save(tmp_path / "a", model, optimizer, 1, generator)
    new = wing.optim.Adam(model.parameters(), 0.7)
    other = made(wing, name, new)
    wing.checkpoint.load(tmp_path / "a", model, new, generator)
    other.load_state_dict(scheduler.state_dict())
    for one in (optimizer, scheduler), (new, other):
        advance(*one, 4)
    assert known(optimizer, scheduler) == known(new, other)


def test_a_state_of_a_wing_is_small():
    """Options, lr0, t and the learning rate: nothing of torch's own."""
    for wing in WINGS:
        for name, options in ORDINARY.items():
            state = used(wing, name)[1].state_dict()
            assert options.items() <= state.items()
            assert state["last_epoch"] == 3
