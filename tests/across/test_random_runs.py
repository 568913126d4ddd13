"""Random runs: two trainings, whatever happens to them.

A training by hand and one by torch live through the same events, in
any order that hypothesis can think of, and stay the same after each.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (RuleBasedStateMachine, initialize, invariant,
                                 precondition, rule)

import scratch.checkpoint
import scratch.data
import scratch.losses
import scratch.mlp
import scratch.optim
import torch_ref.checkpoint
import torch_ref.data
import torch_ref.losses
import torch_ref.mlp
import torch_ref.optim
from tests.compare.closeness import EXACT, close, same
from tests.compare.draw import MODERATE, OPTIMISERS, generators, tensors
from tests.compare.trainings import cast

WIDTHS, ROWS, BATCH = (2, 3, 1), 7, 3


class Side:
    """One training: a net, an optimiser or two, a generator."""

    def __init__(self, wing, seed, x, y):
        self.wing, self.seed, self.x, self.y = wing, seed, x, y
        self.generator = torch.Generator().manual_seed(seed)
        self.model = self.net(seed)
        self.batches: Iterator = iter(())
        self.epoch()

    def net(self, seed):
        model = self.wing.mlp.MLP(WIDTHS, seed)
        cast(model, torch.float64)
        self.places = [p.data_ptr() for p in model.parameters()]
        return model

    def make(self, name, options):
        return getattr(self.wing.optim, name)(self.model.parameters(),
                                              **options)

    def parameters(self):
        return list(self.model.parameters())

    def epoch(self):
        """Deal out the rest of the old one, unused, and begin another.

        To the end: before a last batch that is not full DataLoader has
        already drawn what by hand is drawn after it.
        """
        list(self.batches)
        self.batches = self.wing.data.batches(
            self.x, self.y, batch_size=BATCH, shuffle=True,
            generator=self.generator)
        self.batch: Any = next(self.batches)
        self.count = 1

    def backward(self):
        rows, targets = self.batch
        loss = self.wing.losses.mse_loss(self.model(rows), targets)
        loss.backward()
        self.batch = next(self.batches, None)
        self.count += 1
        if self.batch is None:
            self.epoch()

    def states(self, optimizer):
        """The state of each parameter, as a dict."""
        if self.wing is scratch:
            return optimizer.state
        return [optimizer.state.get(p, {}) for p in self.parameters()]


class Training(RuleBasedStateMachine):
    """Events, and what holds after each of them."""

    @initialize(data=st.data(), seed=generators(),
                name=st.sampled_from(sorted(OPTIMISERS)))
    def begin(self, data, seed, name):
        x = data.draw(tensors((ROWS, WIDTHS[0]), torch.float64, MODERATE))
        y = data.draw(tensors((ROWS, 1), torch.float64, MODERATE))
        self.sides = [Side(wing, seed, x, y)
                      for wing in (scratch, torch_ref)]
        self.choice = name, data.draw(OPTIMISERS[name])
        if not EXACT and "eps" in self.choice[1]:
            # 0 or 1e-8 would make a step of a gradient's rounding
            self.choice[1]["eps"] = 1e-3
        self.optimizers = [[side.make(*self.choice)]
                           for side in self.sides]
        self.roundings = 1
        # the largest so far; a gradient sums products of 10 by 10
        self.parameters, self.gradients = 1.0, 1e3

    @rule()
    def batch(self):
        """Forward and backward on the next rows; gradients add up."""
        for side in self.sides:
            side.backward()

    @rule(steps=st.integers(1, 3), which=st.integers(0, 1))
    def step(self, steps, which):
        """Once, or several times on one gradient, held as it is."""
        for _ in range(steps):
            for optimizers in self.optimizers:
                optimizers[min(which, len(optimizers) - 1)].step()

    @rule(steps=st.integers(1, 4))
    def train(self, steps):
        """As a training does it, for some steps."""
        for _ in range(steps):
            self.zero_grad()
            self.batch()
            self.step(1, 0)

    @rule()
    def zero_grad(self):
        for optimizers in self.optimizers:
            optimizers[0].zero_grad()

    @rule(i=st.integers(0, 3))
    def skip(self, i):
        """One parameter has no gradient this time."""
        for side in self.sides:
            side.parameters()[i].grad = None

    @rule(data=st.data())
    def reuse(self, data):
        """A new gradient in the memory of the old one."""
        for p, q in zip(*(side.parameters() for side in self.sides)):
            if p.grad is not None:
                gradient = data.draw(tensors(p.shape, p.dtype))
                p.grad.copy_(gradient)
                q.grad.copy_(gradient)

    @rule(lr=st.sampled_from([0.1, 1e-3, 0.5]))
    def change_lr(self, lr):
        for optimizers in self.optimizers:
            optimizers[0].param_groups[0]["lr"] = lr

    @rule()
    def epoch(self):
        """A new epoch, wherever the old one was."""
        for side in self.sides:
            side.epoch()

    @rule(name=st.sampled_from(["SGD", "Adam"]))
    @precondition(lambda self: len(self.optimizers[0]) == 1)
    def second_optimizer(self, name):
        """Another one, on the same parameters."""
        options = {"SGD": {"lr": 0.01, "momentum": 0.9},
                   "Adam": {"lr": 0.01, "eps": 1e-3}}[name]
        for side, optimizers in zip(self.sides, self.optimizers):
            optimizers.append(side.make(name, options))

    @rule(cross=st.booleans())
    def load(self, cross):
        """A new optimiser takes over the state, ours or the other's."""
        saved = [optimizers[0].state_dict()
                 for optimizers in self.optimizers]
        for side, optimizers, state in zip(
                self.sides, self.optimizers,
                reversed(saved) if cross else saved):
            optimizers[0] = side.make(self.choice[0], {})
            # Torch forgets an option that it does not find: Adagrad's
            # initial_accumulator_value, which by hand has none.
            group = optimizers[0].state_dict()["param_groups"][0]
            state["param_groups"] = [{**group,
                                      **state["param_groups"][0]}]
            optimizers[0].load_state_dict(state)

    @rule(seed=generators())
    def stop_and_resume(self, seed):
        """Save, forget all, come back: a new net, from the file."""
        with tempfile.TemporaryDirectory() as folder:
            for side, optimizers in zip(self.sides, self.optimizers):
                path = Path(folder, "file")
                side.epoch()
                checkpoint = side.wing.checkpoint
                checkpoint.save(path, side.model, optimizers[0], 4,
                                side.generator)
                side.model = side.net(seed)
                side.generator = torch.Generator().manual_seed(seed)
                optimizers[:] = [side.make(self.choice[0], {})]
                assert 4 == checkpoint.load(
                    path, side.model, optimizers[0], side.generator)
                side.batches = iter(())
                side.epoch()

    @invariant()
    def the_same(self):
        """Parameters, gradients, state, generators, and the memory."""
        hand, ref = self.sides
        self.roundings += 1
        for p, q in zip(hand.parameters(), ref.parameters()):
            self.parameters = max(self.parameters,
                                  q.detach().abs().nan_to_num().max())
            self.equal(p.data, q.data,
                       self.parameters + 1e3 * self.gradients)
            assert (p.grad is None) == (q.grad is None)
            if p.grad is not None:
                self.gradients = max(self.gradients,
                                     q.grad.abs().nan_to_num().max())
                self.equal(p.grad, q.grad,
                           self.gradients + 100 * self.parameters)
        for a, b in zip(*self.optimizers, strict=True):
            for ours, theirs in zip(hand.states(a), ref.states(b),
                                    strict=True):
                assert ours.keys() == theirs.keys()
                for name, value in ours.items():
                    if name == "step":
                        assert value == theirs[name]
                    elif "sq" in name or name == "sum":
                        self.equal(value, theirs[name],
                                   self.gradients ** 2)
                    else:
                        self.equal(value, theirs[name], self.gradients)
            assert a.param_groups[0]["lr"] == b.param_groups[0]["lr"]
        assert hand.count == ref.count
        if hand.count < -(-ROWS // BATCH):
            same(hand.generator.get_state(), ref.generator.get_state())
        for side in self.sides:
            assert side.places == [p.data_ptr()
                                   for p in side.parameters()]

    def equal(self, a, b, scale):
        """To the bit; natively within 100 eps of the scale an event.

        An event rounds at the size of the largest number so far. A
        gradient's rounding is divided by eps = 1e-3 at the least, and a
        parameter's comes back with the rows and weights, 100 at most.
        """
        if EXACT:
            same(a, b)
        else:
            close(a, b, 100 * self.roundings, scale)


TestTraining = pytest.mark.to_the_bit(Training.TestCase)
TestTraining.settings = settings(
    max_examples=settings().max_examples // 2, stateful_step_count=20)
