"""Rules 10 and 11: a state is loaded whole, or rejected on both sides."""

import copy
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.optim
import torch_ref.optim
from tests.compare.closeness import same
from tests.compare.draw import FLOATS, OPTIMISERS

WINGS = (scratch, torch_ref)
NAMES = sorted(OPTIMISERS)
# All that an optimiser can remember.
FULL: dict[str, dict] = {
    "SGD": {"momentum": 0.9}, "Adagrad": {},
    "RMSprop": {"momentum": 0.9, "centered": True},
    "Adam": {"amsgrad": True}, "AdamW": {"amsgrad": True}}
both_sides = pytest.mark.parametrize("wing", WINGS)
every_optimiser = pytest.mark.parametrize("name", NAMES)


def made(wing, name, dtype=torch.float32, steps=2, **options):
    """An optimiser of two parameters, after some steps."""
    params = [torch.ones(shape, dtype=dtype, requires_grad=True)
              for shape in ((3,), (2, 2))]
    optimizer = getattr(wing.optim, name)(
        params, **{"lr": 0.1, **FULL.get(name, {}), **options})
    advance(params, optimizer, steps)
    return params, optimizer


def advance(params, optimizer, steps=1):
    """Steps along gradients that differ from step to step."""
    for step in range(steps):
        for p in params:
            p.grad = torch.full_like(p, 0.5 + step)
        optimizer.step()


def known(optimizer):
    """State and options, as a value to compare."""
    saved = copy.deepcopy(optimizer.state_dict())
    return [{i: {name: torch.as_tensor(value).tolist()
                 for name, value in entries.items()}
             for i, entries in saved["state"].items()},
            saved["param_groups"]]


def rejected(wing, name, state, error=ValueError, match="^state_dict: "):
    """An optimiser in use rejects the state, and is as before."""
    params, optimizer = made(wing, name, lr=0.5)
    before = known(optimizer)
    with pytest.raises(error, match=match):
        optimizer.load_state_dict(state)
    assert known(optimizer) == before
    twin_params, twin = made(wing, name, lr=0.5)
    advance(params, optimizer)
    advance(twin_params, twin)
    for p, q in zip(params, twin_params):
        same(p.data, q.data)


@both_sides
@pytest.mark.parametrize("name, other", [
    (a, b) for a in NAMES for b in NAMES if a != b])
@pytest.mark.parametrize("source", [*WINGS, torch])
def test_the_state_of_another_optimiser(wing, name, other, source):
    """Rejected whole, whoever wrote it: AdamW's by Adam, too."""
    rejected(wing, name, made(source, other)[1].state_dict())


@both_sides
@every_optimiser
@pytest.mark.parametrize("source", [*WINGS, torch])
@pytest.mark.parametrize("dtype", FLOATS)
def test_into_an_optimiser_in_use(wing, name, source, dtype):
    """What it remembered and its options are gone; the saved ones apply.

    The dtype becomes that of the parameters, wherever the state is from.
    """
    _, saved = made(source, name, torch.float64, 3, lr=0.25)
    state, before = saved.state_dict(), known(saved)
    params, optimizer = made(wing, name, dtype)
    fresh_params, fresh = made(wing, name, dtype, 0)
    for p, q in zip(fresh_params, params):
        p.data.copy_(q.data)
    for one in optimizer, fresh:
        one.load_state_dict(state)
        for entries in one.state_dict()["state"].values():
            assert {value.dtype for key, value in entries.items()
                    if key != "step"} == {dtype}
    assert known(optimizer) == known(fresh)
    assert optimizer.param_groups[0]["lr"] == 0.25
    advance(params, optimizer)
    advance(fresh_params, fresh)
    for p, q in zip(params, fresh_params):
        same(p.data, q.data)
    # Neither the load nor a step changes what was given.
    assert known(saved) == before


@both_sides
@every_optimiser
def test_without_momentum_into_one_that_has_it(wing, name):
    """A state before the first step clears what was remembered."""
    _, new = made(wing, name, steps=0)
    _, optimizer = made(wing, name)
    optimizer.load_state_dict(new.state_dict())
    assert known(optimizer) == known(new)


def changed(state, change):
    """A copy of a state_dict after `change(state, group, entries)`."""
    state = copy.deepcopy(state)
    change(state, state["param_groups"][0], state["state"])
    return state


DAMAGE = {
    "no groups": lambda state, group, _: state.update(param_groups=[]),
    "two groups": lambda state, group, _: state.update(
        param_groups=[group, {**group, "lr": 7.0}]),
    "an empty group": lambda state, group, _: state.update(
        param_groups=[group, {**group, "params": []}]),
    "groups missing": lambda state, group, _: state.pop("param_groups"),
    "state missing": lambda state, group, _: state.pop("state"),
    "params missing": lambda state, group, _: group.pop("params"),
    "fewer params": lambda state, group, _: group.update(params=[0]),
    "more params": lambda state, group, _: group.update(params=[0, 1, 2]),
    "a parameter twice": lambda state, group, _: group.update(
        params=[0, 0]),
    "another order": lambda state, group, _: group.update(params=[1, 0]),
    "lr missing": lambda state, group, _: group.pop("lr"),
    "climbs": lambda state, group, _: group.update(maximize=True),
    "of no parameter": lambda _, group, state: state.update(
        {2: dict(state[0])}),
    "from the end": lambda _, group, state: state.update(
        {-1: state.pop(1)}),
    "by name": lambda _, group, state: state.update({"0": state.pop(0)}),
}


@both_sides
@every_optimiser
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_states(wing, name, damage):
    """Groups, numbers and options that do not fit are rejected."""
    for source in WINGS:
        state = made(source, name)[1].state_dict()
        rejected(wing, name, changed(state, DAMAGE[damage]))


@both_sides
@every_optimiser
def test_damaged_entries(wing, name):
    """Each entry must be there, and be what it says.

    A shape that would broadcast, a missing or an unknown name, integers,
    or a count of steps that is none.
    """
    state = made(scratch, name)[1].state_dict()
    one = torch.ones(3)
    for entry in state["state"][0]:
        wrong = [1.5, -1, math.nan, math.inf, "2", None, one,
                 torch.tensor(0.5)] if entry == "step" else [
            one[:1], torch.ones(()), torch.ones(1, 3), torch.ones(2),
            one.long(), one.bool(), one * 1j, 1.0, None, [1.0] * 3,
            one.to_sparse(), one.to("meta")]
        for value in wrong:
            rejected(wing, name, changed(
                state, lambda _, group, s: s[0].update({entry: value})))
        rejected(wing, name, changed(
            state, lambda _, group, s: s[0].pop(entry))
            if len(state["state"][0]) > 1 else changed(
                state, lambda _, group, s: s[0].update(junk=one)))
    rejected(wing, name, changed(
        state, lambda _, group, s: s[1].update(junk=torch.ones(2, 2))))
    # Adagrad has a sum even before the first gradient.
    if name == "Adagrad":
        rejected(wing, name, changed(state, lambda _, group, s: s.pop(1)))


@both_sides
@every_optimiser
def test_options_without_meaning(wing, name):
    """A saved option must be what the constructor accepts."""
    state = made(scratch, name)[1].state_dict()
    for option, value in state["param_groups"][0].items():
        if isinstance(value, bool) or option == "params":
            continue
        for bad, error in ((True, TypeError), ("0.1", TypeError),
                           (None, TypeError), (math.nan, ValueError),
                           (-0.1, ValueError)):
            if option == "dampening" and error is ValueError:
                continue
            given = (0.5, bad) if option == "betas" else bad
            rejected(wing, name, changed(
                state, lambda _, group, s: group.update({option: given})),
                error, f"^{option} must be")
    if name.startswith("Adam"):
        for betas in (0.9,), (0.9, 0.99, 0.999), True, 0.9:
            rejected(wing, name, changed(
                state, lambda _, group, s: group.update(betas=betas)),
                match="^betas must be two numbers")


@both_sides
@pytest.mark.parametrize("name, option", [
    ("SGD", "momentum"), ("RMSprop", "momentum"), ("RMSprop", "centered"),
    ("Adam", "amsgrad"), ("AdamW", "amsgrad")])
def test_an_option_switched_off(wing, name, option):
    """What is no longer needed stays in the state, and can be loaded."""
    params, optimizer = made(wing, name)
    optimizer.param_groups[0][option] = False if option != "momentum" else 0
    advance(params, optimizer)
    _, other = made(wing, name, steps=0)
    other.load_state_dict(optimizer.state_dict())
    assert known(other) == known(optimizer)


@both_sides
@every_optimiser
def test_some_parameters_without_state(wing, name):
    """A parameter that has not had a gradient yet begins later."""
    params, optimizer = made(wing, name, steps=0)
    params[1].grad = torch.ones(2, 2)
    optimizer.step()
    new, other = made(wing, name, steps=0)
    for p, q in zip(new, params):
        p.data.copy_(q.data)
    other.load_state_dict(optimizer.state_dict())
    for pair in (params, optimizer), (new, other):
        advance(*pair)
    for p, q in zip(params, new):
        same(p.data, q.data)
    assert known(other) == known(optimizer)


@every_optimiser
@given(numbers=st.sampled_from([np.float64, np.float32, int]))
def test_numbers_are_stored_as_pythons(name, numbers):
    """NumPy's numbers become Python's: at the start and between steps.

    Both sides take the same steps as with Python's number.
    """
    lr = numbers(1) if numbers is int else numbers(0.1)
    for wing in WINGS:
        params, optimizer = made(wing, name, lr=lr)
        plain, other = made(wing, name, lr=float(lr))
        optimizer.param_groups[0]["lr"] = lr
        if name.startswith("Adam"):
            optimizer.param_groups[0]["betas"] = [np.float64(0.9), 0.999]
        advance(params, optimizer)
        advance(plain, other)
        for p, q in zip(params, plain):
            same(p.data, q.data)
        optimizer.param_groups[0]["lr"] = lr
        group = optimizer.state_dict()["param_groups"][0]
        assert type(group["lr"]) is float and group["lr"] == lr
        assert group == other.state_dict()["param_groups"][0]


@both_sides
@every_optimiser
@pytest.mark.parametrize("value, error", [
    (torch.tensor(0.1), TypeError), ("0.1", TypeError), (True, TypeError),
    (None, TypeError), (-0.1, ValueError), (math.nan, ValueError)])
def test_an_option_changed_between_steps(wing, name, value, error):
    """The next step and `state_dict` raise; no parameter has moved."""
    params, optimizer = made(wing, name)
    before = [p.detach().clone() for p in params]
    optimizer.param_groups[0]["lr"] = value
    for call in optimizer.step, optimizer.state_dict:
        with pytest.raises(error, match="^lr must be"):
            call()
    for p, old in zip(params, before):
        same(p.data, old)


def test_a_loaded_state_is_a_copy():
    """Two optimisers that load one state do not share its memory.

    torch.optim's do: it copies only what has to be converted.
    """
    for wing, state in (scratch, lambda o: o.state), (
            torch_ref, lambda o: list(o.state.values())):
        _, first = made(wing, "Adam")
        _, second = made(wing, "Adam")
        state(first)[0]["exp_avg"].requires_grad_()
        second.load_state_dict(first.state_dict())
        for name in "exp_avg", "exp_avg_sq", "max_exp_avg_sq":
            a, b = state(first)[0][name], state(second)[0][name]
            assert a.data_ptr() != b.data_ptr() and not b.requires_grad
            same(a.detach(), b)
