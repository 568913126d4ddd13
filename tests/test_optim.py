"""Optimisers: parameters and state equal torch's, whatever happens.

Each property is run twice. As installed, torch's kernels fuse a product
and a sum into one rounding, and the two sides stay within a few eps.
With ATEN_CPU_CAPABILITY=default torch rounds each operation, as Python
does, and the two sides are equal to the bit, for any bit pattern: the
mark `to_the_bit` runs a test that way in a process of its own.
"""

from dataclasses import dataclass
from typing import Any

import pytest
import torch
from hypothesis import example, given, note
from hypothesis import strategies as st

import scratch.optim as by_hand
import torch_ref.optim as by_torch
from tests.compare.closeness import EXACT, close, same
from tests.compare.draw import (OPTIMISERS, ORDINARY, WHOLE, dtypes,
                                tensors)
from tests.compare.optimisers import close_state, side_by_side

NAMES = sorted(OPTIMISERS)
# Two of one shape: state must not be looked up by shape.
SHAPES = [(3,), (3,), (2, 2)]
EVENTS = ["new", "reuse", "reuse", "hold", "skip", "lr", "load", "cross"]


@dataclass
class Run:
    """Parameters, options, and the events before each step."""

    start: list[torch.Tensor]
    options: dict[str, Any]
    # what happens, and its gradients or its new learning rate
    events: list[tuple[str, Any]]


@st.composite
def runs(draw, name):
    """Up to 20 events, with gradients of any magnitude."""
    dtype, table = draw(dtypes()), WHOLE if EXACT else ORDINARY
    start = [draw(tensors(shape, dtype)) for shape in SHAPES]
    options = draw(OPTIMISERS[name])
    lr = draw(st.sampled_from([0.1, 1.0, 1e-3]))
    gradients = st.tuples(*(tensors(shape, dtype, table)
                            for shape in SHAPES))
    values = {"new": gradients, "reuse": gradients, "skip": gradients,
              "lr": st.sampled_from([0.01, 1.0, 0.5])}
    events = draw(st.lists(st.sampled_from(EVENTS), min_size=1,
                           max_size=20))
    return Run(start, {"lr": lr, **options}, [
        (event, draw(values.get(event, st.none()))) for event in events])


def pinned(**options):
    """What the hardest bugs need: reused memory, then a new lr."""
    ones = [torch.ones(shape) for shape in SHAPES]
    return Run(ones, {"lr": 0.1, **options}, [
        ("new", ones), ("reuse", [0 * one for one in ones]), ("lr", 0.5)])


PINNED = {
    "SGD": pinned(momentum=0.9, dampening=0.3),
    "RMSprop": pinned(momentum=0.9), "Adagrad": pinned(lr_decay=0.1),
    "Adam": pinned(amsgrad=True), "AdamW": pinned(weight_decay=0.5)}


@pytest.mark.to_the_bit
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@example(data=None)
def test_random_events(name, data):
    """Parameters, state and gradients equal torch's after every event.

    Before a step, the gradient may be new, kept, overwritten in place,
    or missing; lr may change; and the state may be saved and loaded, by
    the same side or by the other.
    """
    run = data.draw(runs(name), "run") if data else PINNED[name]
    if not data:
        note(f"pinned: {run}")
    hand, a, ref, b = side_by_side(name, run.start, run.options)
    for count, (event, value) in enumerate(run.events, start=1):
        if event == "lr":
            a.param_groups[0]["lr"] = b.param_groups[0]["lr"] = value
        if event in ("load", "cross"):
            saved, ref_saved = a.state_dict(), b.state_dict()
            if event == "cross":
                saved, ref_saved = ref_saved, saved
            a = getattr(by_hand, name)(hand)
            b = getattr(by_torch, name)(ref)
            a.load_state_dict(saved)
            b.load_state_dict(ref_saved)
        if event in ("new", "reuse", "skip"):
            for i, (p, q, gradient) in enumerate(zip(hand, ref, value)):
                if event == "skip" and i == count % len(hand):
                    p.grad = q.grad = None
                elif event == "reuse" and p.grad is not None:
                    p.grad.copy_(gradient)
                    q.grad.copy_(gradient)
                else:
                    p.grad, q.grad = gradient.clone(), gradient.clone()
        before = [p.grad if p.grad is None else p.grad.clone()
                  for p in hand]
        places = [p.data_ptr() for p in hand]
        a.step()
        b.step()
        assert [p.data_ptr() for p in hand] == places
        for p, q, gradient in zip(hand, ref, before):
            if gradient is None:
                assert p.grad is None
            else:
                same(p.grad, gradient)
            if EXACT:
                same(p.data, q.data)
            else:
                # Each step rounds the parameter and its update, at
                # most lr times `largest`: for SGD, 20 gradients of
                # 1e4; for the others 32, as eps = 0 and 1 - b2 =
                # 0.001, and ten times that with momentum.
                largest = 20 * 1e4 if name == "SGD" else 320
                finite = q.detach().nan_to_num(0).abs().max()
                close(p.data, q.data, 16 * count, finite + largest)
        close_state(a, b, ref, 16 * count)


@st.composite
def centered_runs(draw):
    """Centered RMSprop and one gradient for all steps."""
    dtype = draw(dtypes())
    alpha = draw(st.sampled_from([0.3, 0.5, 0.9]))
    start, gradient = (draw(tensors((256,), dtype)) for _ in range(2))
    return Run([start], {"alpha": alpha, "centered": True},
               [("new", gradient)])


@pytest.mark.to_the_bit(only=True)
@given(centered_runs())
def test_centered_on_a_constant_gradient(run):
    """Where s - m^2 cancels and its root is NaN, both sides have NaN.

    Under a constant gradient the variance goes to 0, and rounding can
    take it below 0.
    """
    hand, a, ref, b = side_by_side("RMSprop", run.start, run.options)
    hand[0].grad = run.events[0][1]
    ref[0].grad = hand[0].grad.clone()
    for _ in range(60):
        a.step()
        b.step()
    same(hand[0].data, ref[0].data)


@st.composite
def default_runs(draw):
    """No options, one to four gradients, from 0."""
    dtype = draw(dtypes())
    gradients = draw(st.lists(tensors((3,), dtype), min_size=1,
                              max_size=4))
    return Run([torch.zeros(3, dtype=dtype)], {},
               [("new", gradient) for gradient in gradients])


@pytest.mark.to_the_bit
@pytest.mark.parametrize("name", NAMES)
@given(run=default_runs())
def test_defaults(name, run):
    """Without options both sides use the same defaults, eps included.

    Parameters start at 0, so updates are not rounded at their size.
    Each step adds a few eps of the update: 32 lr, or 1e4 lr for SGD.
    """
    hand, a, ref, b = side_by_side(name, run.start, run.options)
    for _, gradient in run.events:
        hand[0].grad, ref[0].grad = gradient.clone(), gradient.clone()
        a.step()
        b.step()
    lr = a.param_groups[0]["lr"]
    close(hand[0].data, ref[0].data, 0 if EXACT else 16 * len(run.events),
          lr * (1e4 if name == "SGD" else 32))


@given(name=st.sampled_from(NAMES))
def test_zero_grad(name):
    """zero_grad leaves None, so the next step skips, on both sides."""
    for side in by_hand, by_torch:
        p = torch.ones(2, requires_grad=True)
        optimizer = getattr(side, name)([p], lr=0.1)
        p.sum().backward()
        optimizer.step()
        optimizer.zero_grad()
        assert p.grad is None
        after = p.detach().clone()
        optimizer.step()
        same(p.data, after)


def test_foreign_state_is_rejected():
    """State of other parameters or options raises and changes nothing."""
    p = torch.ones(2, requires_grad=True)
    optimizer = by_hand.Adam([p], lr=0.5)
    p.grad = torch.ones(2)
    optimizer.step()
    before = optimizer.state_dict()
    others = []
    for shape in (1,), (3,), (2, 1):
        q = torch.ones(shape)
        q.grad = torch.ones(shape)
        others.append(by_hand.Adam([q]))
        others[-1].step()
    nothing = by_hand.Adam([p])
    nothing.params = []
    for foreign, words in (
            (by_hand.Adam([p, torch.ones(2)]), "must be 1, got 2"),
            (nothing, "must be 1, got 0"),
            (by_hand.SGD([p]), "amsgrad"),
            (others[0], r"\(2,\), got \(1,\)"),
            (others[1], r"\(2,\), got \(3,\)"),
            (others[2], r"\(2,\), got \(2, 1\)")):
        with pytest.raises(ValueError, match=words):
            optimizer.load_state_dict(foreign.state_dict())
        assert optimizer.param_groups[0]["lr"] == 0.5
        same(optimizer.state[0]["exp_avg"],
             before["state"][0]["exp_avg"])


def test_a_state_of_two_groups_is_rejected():
    """The second group would be ignored without a word."""
    p, q = torch.ones(1), torch.ones(1)
    groups: list[dict] = [{"params": [p]}, {"params": [q], "lr": 1.0}]
    saved = torch.optim.SGD(groups, lr=0.1).state_dict()
    for side in by_hand, by_torch:
        with pytest.raises(ValueError, match="group"):
            side.SGD([p, q]).load_state_dict(saved)


def test_a_loaded_state_is_a_copy():
    """Two optimisers that load one state do not share its memory.

    Torch's do: it copies only what has to be converted.
    """
    p = torch.ones(2, requires_grad=True)
    p.grad = torch.ones(2)
    first, second = by_hand.Adam([p]), by_hand.Adam([p])
    first.step()
    second.load_state_dict(first.state_dict())
    for name in "exp_avg", "exp_avg_sq":
        a, b = first.state[0][name], second.state[0][name]
        assert a.data_ptr() != b.data_ptr()
