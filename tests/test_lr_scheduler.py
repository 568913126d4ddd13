"""Schedules: every learning rate equals torch's, whatever happens.

By hand a learning rate is a formula of t. Torch's StepLR, MultiStepLR
and OneCycleLR have the same roundings, and are equal to the bit. The
others go from one learning rate to the next, and each step adds a few
rounding errors: `rounded` has the bound.
"""

import copy
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

import scratch.lr_scheduler as by_hand
import scratch.optim
import torch_ref.lr_scheduler as by_torch
import torch_ref.optim
from tests.compare.closeness import EXACT, close, same
from tests.compare.draw import OPTIMISERS, ORDINARY, tensors
from tests.compare.optimisers import leaves

WINGS = ((by_hand, scratch.optim), (by_torch, torch_ref.optim))
factors = st.sampled_from([0.1, 0.5, 0.9, 0.0, 1.0]) | st.floats(0, 1)
rates = st.sampled_from([0.1, 1.0, 0.0]) | st.floats(1e-6, 10)
counts = st.integers(1, 12)
OPTIONS: dict[str, st.SearchStrategy] = {
    "StepLR": st.fixed_dictionaries(
        {"step_size": counts}, optional={"gamma": factors}),
    "MultiStepLR": st.fixed_dictionaries(
        {"milestones": st.lists(st.integers(0, 20), max_size=5)},
        optional={"gamma": factors}),
    "ExponentialLR": st.fixed_dictionaries({"gamma": factors}),
    "LinearLR": st.fixed_dictionaries({}, optional={
        "start_factor": st.floats(1e-3, 1), "end_factor": factors,
        "total_iters": counts}),
    "CosineAnnealingLR": st.fixed_dictionaries(
        {"T_max": counts}, optional={"eta_min": rates}),
    "OneCycleLR": st.fixed_dictionaries(
        {"max_lr": rates, "total_steps": st.integers(12, 40)}, optional={
            "pct_start": st.floats(0.1, 0.9),
            "div_factor": st.floats(1, 50),
            "final_div_factor": st.floats(1, 1e5)})}
TO_THE_BIT = ("StepLR", "MultiStepLR", "OneCycleLR")


def rounded(name, options, t):
    """How many eps of the largest learning rate the two sides may differ.

    A power of gamma is one rounding by hand and t by torch. For a line
    and a cosine torch rounds a quotient, a sum and a product in each
    step. Just after T_max steps lr - eta_min is lr0 (pi / T_max)^2 / 4,
    known to an eps of eta_min only, and the quotients of the way up
    carry its relative error along: T_max^2 / 5 eps at the top. And near
    the bottom 1 + cos changes with the rounding of pi t / T_max: by 2 t
    eps, a step away from it.
    """
    if name in TO_THE_BIT:
        return 0
    if name == "ExponentialLR":
        return t + 2
    after = name == "CosineAnnealingLR" and t > options["T_max"]
    return 8 * (t + 1) + options["T_max"] ** 2 if after else 4 * (t + 1)


def largest(lr, options):
    """The largest learning rate of the schedule."""
    return max(options.get("max_lr", lr), options.get("eta_min", 0.0))


def made(lr, make, name="SGD", start=(torch.ones(2),), **options):
    """On each side parameters, optimiser and schedule: `make` makes it."""
    for schedules, optimisers in WINGS:
        params = leaves(start)
        optimizer = getattr(optimisers, name)(params, lr=lr, **options)
        yield params, optimizer, make(schedules, optimizer)


def of(name, options):
    """A schedule by its name."""
    return lambda side, optimizer: getattr(side, name)(optimizer, **options)


def now(optimizer, scheduler):
    """The learning rate, which schedule and optimiser agree on."""
    lr, = scheduler.get_last_lr()
    assert type(lr) is float and lr >= 0
    assert optimizer.param_groups[0]["lr"] == lr
    return lr


def advance(optimizer, scheduler):
    """A step of each, in their order."""
    optimizer.step()
    scheduler.step()


def course(steps, _, optimizer, scheduler):
    """The learning rates of all steps."""
    optimizer.step()
    rates = [now(optimizer, scheduler)]
    for _step in range(steps):
        scheduler.step()
        rates.append(now(optimizer, scheduler))
    return torch.tensor(rates, dtype=torch.float64)


def compare(counts, scale, hand, ref):
    """To the bit where `counts` is 0, else within that many eps of scale.
    """
    counts = torch.tensor(counts)
    same(hand[counts == 0], ref[counts == 0])
    close(hand, ref, counts, scale)


def compare_course(name, options, lr, steps):
    """Both sides, over all steps."""
    compare([rounded(name, options, t) for t in range(steps + 1)],
            largest(lr, options), *(course(steps, *side) for side in
                                    made(lr, of(name, options))))


@pytest.mark.parametrize("name", OPTIONS)
@settings(max_examples=50)
@given(data=st.data(), lr=rates)
def test_every_step(name, data, lr):
    """From t = 0 on, the learning rates are torch's, and none below 0."""
    options = data.draw(OPTIONS[name], "options")
    compare_course(name, options, lr, options.get("total_steps", 30))


@pytest.mark.parametrize("name, options, steps", [
    ("StepLR", {"step_size": 7, "gamma": 0.7}, 1000),
    ("MultiStepLR", {"milestones": [600, 3, 3, 3, 90], "gamma": 0.7}, 700),
    ("ExponentialLR", {"gamma": 0.999}, 1000),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0,
                  "total_iters": 900}, 1000),
    ("CosineAnnealingLR", {"T_max": 500, "eta_min": 1e-3}, 1100),
    ("OneCycleLR", {"max_lr": 0.3, "total_steps": 1000}, 1000)], ids=OPTIONS)
def test_a_long_run(name, options, steps):
    """So it is over a thousand steps."""
    compare_course(name, options, 0.1, steps)


simple = st.sampled_from(sorted(set(OPTIONS) - {"OneCycleLR"}))


@st.composite
def sequences(draw):
    """Names, options and milestones of one to three schedules."""
    names = draw(st.lists(simple, min_size=1, max_size=3))
    lengths = draw(st.lists(counts, min_size=len(names) - 1,
                            max_size=len(names) - 1))
    return ([(name, draw(OPTIONS[name])) for name in names],
            [sum(lengths[:i + 1]) for i in range(len(lengths))])


@settings(max_examples=50)
@given(sequences(), rates)
@example(([("LinearLR", {"start_factor": 0.1}),
           ("CosineAnnealingLR", {"T_max": 9})], [5]), 0.1)
def test_sequential(sequence, lr):
    """Each schedule begins at its milestone, from lr0, with its own t."""
    parts, milestones = sequence
    starts = [0, *milestones]
    sides = made(lr, lambda side, optimizer: side.SequentialLR(
        optimizer, [of(*part)(side, optimizer) for part in parts],
        milestones))
    now = [max(i for i, start in enumerate(starts) if start <= t)
           for t in range(31)]
    compare([rounded(parts[i][0], parts[i][1], t - starts[i])
             for t, i in enumerate(now)],
            max(largest(lr, options) for _, options in parts),
            *(course(30, *side) for side in sides))


def test_one_cycle_in_a_sequence():
    """It can be a part, first or last, if all begin with its lr0."""
    for order in 1, -1:
        def make(side, optimizer):
            both = [side.OneCycleLR(optimizer, 0.3, 12),
                    side.StepLR(optimizer, 2)]
            return side.SequentialLR(optimizer, both[::order], [6])
        compare(16 * [0], 0.3, *(course(15, *side)
                                 for side in made(0.1, make)))


@dataclass
class Run:
    """A schedule, an optimiser, and what happens before each step."""

    schedule: tuple[str, dict[str, Any]]
    options: dict[str, Any]
    events: list[str]
    gradients: list[torch.Tensor]


@st.composite
def runs(draw, name):
    """Up to 15 steps under a schedule that is equal to the bit."""
    schedule = draw(st.sampled_from([*TO_THE_BIT, "SequentialLR"]))
    options = draw(OPTIONS.get(schedule, st.just({})))
    events = draw(st.lists(st.sampled_from(
        ["step", "step", "step", "load", "cross"]), min_size=1, max_size=12))
    return Run((schedule, options), draw(OPTIMISERS[name]), events, [
        draw(tensors((3,), torch.float64, ORDINARY)) for _ in events])


def under(schedule, options):
    """Make the schedule of a run; a sequence of drops."""
    if schedule != "SequentialLR":
        return of(schedule, options)
    return lambda side, optimizer: side.SequentialLR(
        optimizer, [side.StepLR(optimizer, 2, 0.5),
                    side.MultiStepLR(optimizer, [1, 4], 0.3)], [3])


@pytest.mark.to_the_bit
@pytest.mark.parametrize("name", sorted(OPTIMISERS))
@settings(max_examples=20)
@given(data=st.data())
def test_with_every_optimiser(name, data):
    """Parameters stay equal; a state resumes on either side, any time.

    The bound is that of test_optim.py: each step rounds a parameter and
    its update, at most 1e4 or, for momentum, 20 times that; but the
    learning rate is up to 10.
    """
    run = data.draw(runs(name), "run")
    make, start = under(*run.schedule), (torch.ones(3, dtype=torch.float64),)
    sides = list(made(0.1, make, name, start, **run.options))
    for count, (event, gradient) in enumerate(
            zip(run.events, run.gradients), start=1):
        if event in ("load", "cross"):
            states = [[copy.deepcopy(one.state_dict()) for one in side[1:]]
                      for side in sides]
            if event == "cross":
                states.reverse()
            # lr0 is another one, until the state is loaded.
            fresh = list(made(0.7, make, name, start, **run.options))
            for old, new, (state, schedule) in zip(sides, fresh, states):
                new[0][0].data.copy_(old[0][0].data)
                new[1].load_state_dict(state)
                new[2].load_state_dict(schedule)
            sides = fresh
        for (p,), *side in sides:
            p.grad = gradient.clone()
            advance(*side)
        assert now(*sides[0][1:]) == now(*sides[1][1:])
        hand, ref = (side[0][0].data for side in sides)
        if EXACT:
            same(hand, ref)
        else:
            finite = ref.nan_to_num(0).abs().max()
            close(hand, ref, 16 * count, finite + 1e2 * (
                20 * 1e4 if name == "SGD" else 320))
