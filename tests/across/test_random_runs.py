"""Two trainings agree after any sequence of events.

A training by hand and one by torch go through the same events, in an
order that hypothesis draws, and are compared after each of them.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (RuleBasedStateMachine, initialize, invariant,
                                 precondition, rule)
from torch import Tensor

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
    """One training: a net, its batches and its generator."""

    def __init__(self, wing, seed, x, y):
        self.wing, self.seed, self.x, self.y = wing, seed, x, y
        self.generator = torch.Generator().manual_seed(seed)
        self.model = self.net(seed)
        self.batches: Iterator = iter(())
        self.epoch()

    def net(self, seed):
        """A new net in float64."""
        model = self.wing.mlp.MLP(WIDTHS, seed)
        cast(model, torch.float64)
        self.places = [p.data_ptr() for p in model.parameters()]
        return model

    def optimizer(self, name, options):
        """A new optimiser of the net."""
        return getattr(self.wing.optim, name)(self.model.parameters(),
                                              **options)

    def parameters(self):
        """The net's parameters, in order."""
        return list(self.model.parameters())

    def epoch(self):
        """Skip the rest of the old epoch, and begin a new one.

        The old epoch must end, because DataLoader draws some random
        numbers before a smaller last batch, and by hand after it.
        """
        list(self.batches)
        self.batches = self.wing.data.batches(
            self.x, self.y, batch_size=BATCH, shuffle=True,
            generator=self.generator)
        self.batch: Any = next(self.batches)
        self.count = 1

    def backward(self):
        """Forward and backward on the next batch."""
        rows, targets = self.batch
        loss = self.wing.losses.mse_loss(self.model(rows), targets)
        loss.backward()
        self.batch = next(self.batches, None)
        self.count += 1
        if self.batch is None:
            self.epoch()

    def states(self, optimizer):
        """The optimiser's state of each parameter, as a dict."""
        if self.wing is scratch:
            return optimizer.state
        return [optimizer.state.get(p, {}) for p in self.parameters()]


@dataclass
class Start:
    """The data, the seed of the net, the optimiser and its options."""

    x: Tensor
    y: Tensor
    seed: int
    optimizer: str
    options: dict[str, Any]


@st.composite
def starts(draw):
    """Seven rows, and any optimiser with any of its options."""
    name = draw(st.sampled_from(sorted(OPTIMISERS)))
    options = draw(OPTIMISERS[name])
    if not EXACT and "eps" in options:
        # eps = 0 or 1e-8 could turn a rounding error into a step.
        options["eps"] = 1e-3
    return Start(
        draw(tensors((ROWS, WIDTHS[0]), torch.float64, MODERATE)),
        draw(tensors((ROWS, 1), torch.float64, MODERATE)),
        draw(generators()), name, options)


class Training(RuleBasedStateMachine):
    """The events, and what must be true after each of them."""

    @initialize(start=starts())
    def begin(self, start):
        """The same net and optimiser on both sides."""
        self.name = start.optimizer
        self.sides = [Side(wing, start.seed, start.x, start.y)
                      for wing in (scratch, torch_ref)]
        self.optimizers = [[side.optimizer(self.name, start.options)]
                           for side in self.sides]
        self.events = 1
        # The largest so far; a gradient sums products of 10 by 10.
        self.parameters, self.gradients = 1.0, 1e3

    @rule()
    def batch(self):
        """Add the gradient of a batch to the old one."""
        for side in self.sides:
            side.backward()
        self.remember()

    @rule(steps=st.integers(1, 3), which=st.integers(0, 1))
    def step(self, steps, which):
        """Take one or several steps with the same gradient."""
        for _ in range(steps):
            for optimizers in self.optimizers:
                optimizers[min(which, len(optimizers) - 1)].step()
            self.remember()

    @rule(steps=st.integers(1, 4))
    def train(self, steps):
        """Take some ordinary steps."""
        for _ in range(steps):
            self.zero_grad()
            self.batch()
            self.step(1, 0)

    @rule()
    def zero_grad(self):
        """Clear the gradients."""
        for optimizers in self.optimizers:
            optimizers[0].zero_grad()

    @rule(i=st.integers(0, 3))
    def skip(self, i):
        """Remove the gradient of one parameter."""
        for side in self.sides:
            side.parameters()[i].grad = None

    @rule(data=st.data())
    def reuse(self, data):
        """Overwrite the old gradient in place."""
        for i, (p, q) in enumerate(zip(
                *(side.parameters() for side in self.sides))):
            if p.grad is not None:
                gradient = data.draw(tensors(p.shape, p.dtype),
                                     label=f"gradient of parameter {i}")
                p.grad.copy_(gradient)
                q.grad.copy_(gradient)
        self.remember()

    @rule(lr=st.sampled_from([0.1, 1e-3, 0.5]))
    def change_lr(self, lr):
        """Change the learning rate."""
        for optimizers in self.optimizers:
            optimizers[0].param_groups[0]["lr"] = lr

    @rule()
    def epoch(self):
        """Begin a new epoch, even in the middle of the old one."""
        for side in self.sides:
            side.epoch()

    @rule(name=st.sampled_from(["SGD", "Adam"]))
    @precondition(lambda self: len(self.optimizers[0]) == 1)
    def second_optimizer(self, name):
        """Add a second optimiser of the same parameters."""
        options = {"SGD": {"lr": 0.01, "momentum": 0.9},
                   "Adam": {"lr": 0.01, "eps": 1e-3}}[name]
        for side, optimizers in zip(self.sides, self.optimizers):
            optimizers.append(side.optimizer(name, options))

    @rule(cross=st.booleans())
    def load(self, cross):
        """Load the state of either side into a new optimiser."""
        saved = [optimizers[0].state_dict()
                 for optimizers in self.optimizers]
        for side, optimizers, state in zip(
                self.sides, self.optimizers,
                reversed(saved) if cross else saved):
            optimizers[0] = side.optimizer(self.name, {})
            optimizers[0].load_state_dict(state)

    @rule(seed=generators())
    def stop_and_resume(self, seed):
        """Save a checkpoint, and load it into a new net and optimiser."""
        with tempfile.TemporaryDirectory() as folder:
            for side, optimizers in zip(self.sides, self.optimizers):
                path = Path(folder, "file")
                side.epoch()
                checkpoint = side.wing.checkpoint
                checkpoint.save(path, side.model, optimizers[0], 4,
                                side.generator)
                side.model = side.net(seed)
                side.generator = torch.Generator().manual_seed(seed)
                optimizers[:] = [side.optimizer(self.name, {})]
                assert 4 == checkpoint.load(
                    path, side.model, optimizers[0], side.generator)
                side.batches = iter(())
                side.epoch()

    def remember(self):
        """Keep the largest parameter and gradient: errors refer to them.

        Between two checks a training may take several steps. One of
        them may have a large gradient, of which only the optimiser's
        state is left.
        """
        for p in self.sides[1].parameters():
            self.parameters = max(self.parameters,
                                  p.detach().abs().nan_to_num().max())
            if p.grad is not None:
                self.gradients = max(self.gradients,
                                     p.grad.abs().nan_to_num().max())

    @invariant()
    def both_sides_are_equal(self):
        """Parameters, gradients, states and generators are equal,
        and the parameters were updated in place.
        """
        hand, ref = self.sides
        self.events += 1
        for p, q in zip(hand.parameters(), ref.parameters()):
            self.equal(p.data, q.data,
                       self.parameters + 1e3 * self.gradients)
            assert (p.grad is None) == (q.grad is None)
            if p.grad is not None:
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
        """Check equality to the bit, or within 100 eps per event.

        Fused kernels need the latter. Rounding errors are relative to
        the largest value so far. A step divides a gradient's error by
        at least eps = 1e-3; rows and weights multiply a parameter's
        error by at most 100.
        """
        if EXACT:
            same(a, b)
        else:
            close(a, b, 100 * self.events, scale)


TestTraining = pytest.mark.to_the_bit(Training.TestCase)
TestTraining.settings = settings(
    max_examples=settings().max_examples // 2, stateful_step_count=20)
