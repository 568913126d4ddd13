"""The CNN's training, of few steps and of odd sizes."""

import dataclasses
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torch_ref.cnn import CNN, RECIPES, Training

X, Y = torch.zeros(12, 1, 28, 28), torch.arange(12) % 10


def a_training(recipe="fast", epochs=1, x=X, y=Y, **changes):
    return Training(CNN(), x, y, dataclasses.replace(
        RECIPES[recipe], **changes), epochs)


def rates(training):
    """The learning rate of each step."""
    found, steps = [], iter(training)
    while training.step < training.steps:
        found.append(training.optimizer.param_groups[0]["lr"])
        next(steps)
    return found


def cycle(steps, peak):
    """Up by half a cosine in 30 % of the steps, down by another."""
    top = 0.3 * steps - 1
    for step in range(steps):
        if step <= top:
            low, share = peak / 25, step / top
        else:
            low = peak / 250000
            share = (steps - 1 - step) / (steps - 1 - top)
        yield low + (peak - low) * (1 - math.cos(math.pi * share)) / 2


@settings(max_examples=12)
@given(batch_size=st.integers(1, 40), epochs=st.integers(1, 3),
       lr=st.floats(1e-5, 0.1))
def test_the_cycle_of_few_steps(batch_size, epochs, lr):
    """It begins with lr / 25; fewer than 4 steps are the first of 4.

    Alone, the cycle of one step would be lr / 250000, which trains
    nothing; that of 2 or 3 would begin near the peak. A batch size
    beyond the rows is one batch of all rows.
    """
    found = rates(a_training(epochs=epochs, batch_size=batch_size, lr=lr))
    steps = epochs * -(-12 // batch_size)
    expected = list(cycle(max(steps, 4), lr))[:steps]
    assert found == pytest.approx(expected, rel=1e-9)
    assert found[0] == pytest.approx(lr / 25, rel=1e-9)


@pytest.mark.parametrize("batch_size", [12, 5000])
def test_one_step_trains(batch_size):
    """One step moves the weights by its learning rate, as Adam does."""
    for recipe, rate in ("fast", 1e-2 / 25), ("lecture", 1e-3):
        training = a_training(recipe, batch_size=batch_size)
        before = training.model.linear.bias.detach().clone()
        list(training)
        moved = (training.model.linear.bias.detach() - before).abs()
        assert training.step == 1
        assert moved.max() == pytest.approx(rate, rel=1e-3)


@pytest.mark.parametrize("change, kind, words", [
    ({"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0"),
    ({"batch_size": 2.0}, TypeError, "batch_size must be an integer, got 2.0"),
    ({"batch_size": True}, TypeError, "batch_size must be an integer"),
    ({"epochs": 0}, ValueError, "epochs must be at least 1, got 0"),
    ({"epochs": 1.5}, TypeError, "epochs must be an integer, got 1.5"),
    ({"y": Y[:3]}, ValueError, "same number of rows"),
    ({"x": X[:0], "y": Y[:0]}, ValueError, "at least 1, got")])
def test_sizes_without_meaning(change, kind, words):
    """They raise when the training is made, with the name and the value."""
    with pytest.raises(kind, match=words):
        a_training(**{"batch_size": 4, **change})
