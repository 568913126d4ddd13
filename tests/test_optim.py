"""Optimisers: torch's parameters and state through any run of events.

Two tiers. As torch comes, its kernels fuse a product and a sum into
one rounding, and the two sides stay within some eps. With
ATEN_CPU_CAPABILITY=default torch rounds each operation, as Python
does, and the two sides are equal to the bit, for any bits at all;
the mark `to_the_bit` runs a test so, too, in a process of its own.
"""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch.optim as by_hand
import torch_ref.optim as by_torch
from tests.compare.closeness import EXACT, close, same
from tests.compare.draw import (OPTIMISERS, ORDINARY, WHOLE, dtypes,
                                generators, tensors)

NAMES = sorted(OPTIMISERS)


def leaves(values):
    return [value.clone().requires_grad_() for value in values]


def close_state(hand, ref, params, count):
    """The same entries of state for each parameter, as close."""
    for p, state in zip(params, hand.state):
        expected = ref.state.get(p, {})
        assert state.keys() == expected.keys()
        for name, value in state.items():
            if name == "step":
                assert value == expected[name]
            elif EXACT:
                same(value, expected[name])
            else:
                # What was squared is at most the square of 1e4, what
                # was divided by eps = 0 at most itself.
                finite = expected[name].nan_to_num(0).abs().max()
                close(value, expected[name], count, finite + 1e8)


@pytest.mark.to_the_bit
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_random_events(name, data):
    """Parameters, state and gradients are torch's after every event.

    Events: a step on a new gradient of any magnitude; on the old one
    again, held or in the reused buffer; on none for some parameter; a
    new lr; a save and load, to the same side or crossing over.
    """
    dtype = data.draw(dtypes(), "dtype")
    table = WHOLE if EXACT else ORDINARY
    # Two of one shape, so that state may not be told by shape.
    shapes = [(3,), (3,), (2, 2)]
    start = [data.draw(tensors(shape, dtype), "start")
             for shape in shapes]
    hand, ref = leaves(start), leaves(start)
    options = data.draw(OPTIMISERS[name], "options")
    lr = data.draw(st.sampled_from([0.1, 1.0, 1e-3]), "lr")
    a = getattr(by_hand, name)(hand, lr=lr, **options)
    b = getattr(by_torch, name)(ref, lr=lr, **options)
    events = data.draw(st.lists(st.sampled_from(
        ["new", "reuse", "reuse", "hold", "skip", "lr", "load", "cross"]),
        min_size=1, max_size=20), "events")
    for count, event in enumerate(events, start=1):
        if event == "lr":
            lr = data.draw(st.sampled_from([0.01, 1.0, 0.5]), "lr")
            a.param_groups[0]["lr"] = b.param_groups[0]["lr"] = lr
        if event in ("load", "cross"):
            saved, ref_saved = a.state_dict(), b.state_dict()
            if event == "cross":
                saved, ref_saved = ref_saved, saved
            a = getattr(by_hand, name)(hand)
            b = getattr(by_torch, name)(ref)
            a.load_state_dict(saved)
            b.load_state_dict(ref_saved)
        if event in ("new", "reuse", "skip"):
            for i, (p, q) in enumerate(zip(hand, ref)):
                gradient = data.draw(tensors(p.shape, dtype, table),
                                     f"gradient {i}")
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
                # Each step rounds the parameter and an update, which
                # is lr times at most: SGD, the largest gradient in all
                # buffers; the others, with eps = 0 and 1 - b2 = 0.001,
                # 32, and ten times that with momentum.
                largest = 20 * 1e4 if name == "SGD" else 320
                finite = q.detach().nan_to_num(0).abs().max()
                close(p.data, q.data, 16 * count, finite + largest)
        close_state(a, b, ref, 16 * count)


@pytest.mark.to_the_bit(only=True)
@given(st.data(), dtypes(), st.sampled_from([0.3, 0.5, 0.9]))
def test_centered_on_a_constant_gradient(data, dtype, alpha):
    """Where s - m^2 cancels, and its root is NaN, it is so on both.

    Under a constant gradient the variance goes to 0, and rounding
    takes it below.
    """
    start = data.draw(tensors((256,), dtype))
    hand, ref = leaves([start]), leaves([start])
    hand[0].grad = data.draw(tensors((256,), dtype))
    ref[0].grad = hand[0].grad.clone()
    a = by_hand.RMSprop(hand, alpha=alpha, centered=True)
    b = by_torch.RMSprop(ref, alpha=alpha, centered=True)
    for _ in range(60):
        a.step()
        b.step()
    same(hand[0].data, ref[0].data)


@pytest.mark.to_the_bit
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), dtype=dtypes(), steps=st.integers(1, 4))
def test_defaults(name, data, dtype, steps):
    """Made without options, both have the same ones, epsilon included.

    From 0, where an update is not rounded at the parameter's size: a
    few eps a step of its own, at most 32 lr, for SGD 1e4 lr.
    """
    start = [torch.zeros(3, dtype=dtype)]
    hand, ref = leaves(start), leaves(start)
    a, b = getattr(by_hand, name)(hand), getattr(by_torch, name)(ref)
    for _ in range(steps):
        hand[0].grad = data.draw(tensors((3,), dtype))
        ref[0].grad = hand[0].grad.clone()
        a.step()
        b.step()
    lr = a.param_groups[0]["lr"]
    close(hand[0].data, ref[0].data, 0 if EXACT else 16 * steps,
          lr * (1e4 if name == "SGD" else 32))


def bits(generator, shape, dtype):
    """Random bit patterns: every float there is may come."""
    drawn = torch.randint(0, 256, (*shape, dtype.itemsize),
                          dtype=torch.uint8, generator=generator)
    return drawn.view(dtype)[..., 0]


@pytest.mark.to_the_bit
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=settings().max_examples // 10)
@given(data=st.data(), dtype=dtypes(), seed=generators())
def test_two_hundred_steps(name, data, dtype, seed):
    """200 steps: gradients missing, the lr changing, three parameters.

    Gradients of every magnitude from 1e-8 to 1e4. To the bit without
    fused kernels, where the third parameter's gradients are any bits;
    else 2 eps a step of the largest parameter, or of what an update
    may be: 32 lr, see above, and for SGD the sum of all gradients.
    """
    generator = torch.Generator().manual_seed(seed)
    table = ORDINARY.values(seed).to(dtype)
    shapes = [(5, 7), (3,), (3,)]
    start = [torch.randn(shape, generator=generator).to(dtype)
             for shape in shapes]
    hand, ref = leaves(start), leaves(start)
    options = data.draw(OPTIMISERS[name])
    if not EXACT:
        # In 200 steps momentum 1 and dampening below 1 run away.
        options = {"weight_decay": options["weight_decay"]}
    a = getattr(by_hand, name)(hand, **options)
    b = getattr(by_torch, name)(ref, **options)
    largest = 2e4 if name == "SGD" else 32.0
    for step in range(200):
        for i, (p, q) in enumerate(zip(hand, ref)):
            index = torch.randint(0, 256, p.shape, generator=generator)
            gradient = table[index]
            if EXACT and i == 2:
                gradient = bits(generator, p.shape, dtype)
            missing = torch.rand((), generator=generator) < 0.1
            p.grad = None if missing else gradient.clone()
            q.grad = None if missing else gradient.clone()
        if step % 50 == 49:
            lr = [0.1, 1e-4, 1.0][step // 50 % 3]
            a.param_groups[0]["lr"] = b.param_groups[0]["lr"] = lr
        a.step()
        b.step()
        for p, q in zip(hand, ref):
            if EXACT:
                same(p.data, q.data)
            else:
                largest = max(largest, q.abs().max().item())
                close(p.data, q.data, 2 * step + 2, largest)
    close_state(a, b, ref, 16 * 200)


@given(st.data())
def test_zero_grad(data):
    """zero_grad leaves None, so the next step skips, on both sides."""
    name = data.draw(st.sampled_from(NAMES))
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


@pytest.mark.parametrize("name, options", [
    *[(name, {"lr": -0.1}) for name in NAMES],
    *[(name, {"weight_decay": -1e-9}) for name in NAMES],
    *[(name, {"eps": -1.0}) for name in NAMES if name != "SGD"],
    *[(name, {"betas": pair}) for name in ("Adam", "AdamW") for pair in (
        (1.0, 0.9), (0.9, 1.0), (-0.1, 0.9), (0.9, -0.1), (math.nan, 0.9))],
    *[(name, {option: math.nan}) for name, option in (
        ("Adam", "lr"), ("RMSprop", "alpha"), ("Adagrad", "eps"))],
    ("SGD", {"momentum": -0.5}),
    ("SGD", {"nesterov": True}),
    *[("SGD", {"nesterov": True, "momentum": 0.9, "dampening": d})
      for d in (0.1, -0.1)],
    ("RMSprop", {"momentum": -0.5}),
    ("RMSprop", {"alpha": -0.1}),
    ("Adagrad", {"lr_decay": -0.1}),
])
def test_constructor_errors(name, options):
    """What torch's constructor refuses is refused, as a ValueError."""
    for side in by_hand, by_torch:
        with pytest.raises(ValueError):
            getattr(side, name)([torch.zeros(1)], **options)


def test_constructor_names_what_was_given():
    """By hand the message holds the option and the value."""
    for options, words in (
            ({"lr": -0.1}, "lr.*-0.1"),
            ({"betas": (0.9, 1.5)}, "betas.*1.5")):
        with pytest.raises(ValueError, match=words):
            by_hand.Adam([torch.zeros(1)], **options)


@pytest.mark.parametrize("params, error", [
    ([], ValueError), (torch.zeros(2), TypeError), (["w"], TypeError),
    ([torch.zeros(2, requires_grad=True) * 2], ValueError)])
def test_parameters_are_leaf_tensors(params, error):
    """Torch's exception types for a list that is none."""
    for side in by_hand, by_torch:
        with pytest.raises(error):
            side.SGD(params, lr=0.1)


def test_foreign_state_is_refused_whole():
    """State of other parameters changes nothing before it raises."""
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
            (by_hand.Adam([p, p]), "must be 1, got 2"),
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


def test_a_loaded_state_is_a_copy():
    """Two optimisers that loaded one state do not share its memory.

    Torch's do: where nothing has to be converted, it does not copy.
    """
    p = torch.ones(2, requires_grad=True)
    p.grad = torch.ones(2)
    first, second = by_hand.Adam([p]), by_hand.Adam([p])
    first.step()
    second.load_state_dict(first.state_dict())
    for name in "exp_avg", "exp_avg_sq":
        a, b = first.state[0][name], second.state[0][name]
        assert a.data_ptr() != b.data_ptr()
