"""Checks of the exercises of docs/checkpoint.md."""

import tempfile
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim.swa_utils import AveragedModel

import scratch.checkpoint as by_hand
import scratch.losses
import scratch.mlp
import scratch.optim
import torch_ref.losses
import torch_ref.mlp
import torch_ref.optim
from tests.compare.closeness import close
from tests.compare.draw import generators
from tests.compare.trainings import cast, compare_trainings

WIDTHS, BATCHES = (2, 3, 1), 3
OPTIMISERS = [("Adam", {"lr": 0.1, "betas": (0.8, 0.9)}),
              ("SGD", {"lr": 0.1, "momentum": 0.9}),
              ("RMSprop", {"centered": True, "momentum": 0.5})]


class Run:
    """All that a training needs, by hand or by torch, in float64."""

    def __init__(self, wing=scratch, seed=0, name="Adam", options=None):
        self.wing = wing
        self.model = wing.mlp.MLP(WIDTHS, seed)
        cast(self.model, torch.float64)
        self.optimizer = getattr(wing.optim, name)(
            self.model.parameters(), **(options or {}))
        self.generator = torch.Generator().manual_seed(seed)
        draw = torch.Generator().manual_seed(1)
        self.data = [torch.randn(7, n, generator=draw).double()
                     for n in (2, 1)]

    def train(self, path, epochs, **options):
        """Train by hand, saving to the path."""
        return by_hand.train(path, self.optimizer, self.model,
                             scratch.losses.mse_loss, *self.data, epochs,
                             3, self.generator, **options)

    def go_on(self, epochs):
        """Train on from here, on either side, without a file."""
        return self.wing.mlp.train_with(
            self.optimizer, self.model, self.wing.losses.mse_loss,
            *self.data, epochs, 3, self.generator)


@given(every=st.integers(1, 5), epochs=st.integers(0, 6),
       stop=st.integers(0, 6), seed=generators())
def test_every(every, epochs, stop, seed):
    """The file is that of the last multiple, and a run resumes from it.

    The run stops one step into an epoch, so that the epochs before it
    are complete. Its losses are those of a run that was never stopped.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole = list(Run(seed=seed).train(Path(folder, "whole"), epochs))
        path, first = Path(folder, "stopped"), Run(seed=seed)
        steps = first.train(path, epochs, every=every)
        stop = min(stop, epochs)
        for _ in range(BATCHES * stop + (stop < epochs)):
            next(steps)
        if stop == epochs:
            assert next(steps, None) is None
        done = epochs if stop == epochs else stop // every * every
        assert path.exists() == (done > 0)
        if done:
            second = Run(seed=seed + 1)
            assert by_hand.load(path, second.model, second.optimizer,
                                second.generator) == done
        rest = list(Run(seed=seed).train(path, epochs, every=every))
        assert rest == whole[BATCHES * done:]


@given(seeds=st.lists(generators(), min_size=1, max_size=5))
def test_average(seeds):
    """The mean of the files equals torch's AveragedModel of the nets.

    Torch updates a running mean, which adds a few eps per file. The
    initial weights are below 1.
    """
    referee = None
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, str(i)) for i in range(len(seeds))]
        for path, seed in zip(paths, seeds):
            run, net = Run(seed=seed), Run(torch_ref, seed)
            by_hand.save(path, run.model, run.optimizer, 1, run.generator)
            referee = referee or AveragedModel(net.model)
            referee.update_parameters(net.model)
        model = Run(seed=99).model
        places = [p.data_ptr() for p in model.parameters()]
        by_hand.average(model, paths)
    assert [p.data_ptr() for p in model.parameters()] == places
    for p, q in zip(model.parameters(), referee.module.parameters()):
        close(p.data, q.data, 4 * len(seeds), 1.0)


@pytest.mark.parametrize("name, options", OPTIMISERS)
@given(seed=generators(), epochs=st.integers(1, 3))
def test_to_torch(name, options, seed, epochs):
    """From the file by hand, torch trains on as the code by hand does.

    Both train for three epochs in float64. A step of Adam or RMSprop
    divides by the size of the gradient, which enlarges its rounding
    error.
    """
    hand = Run(scratch, seed, name, options)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        list(hand.train(path, epochs))
        saved, state = by_hand.to_torch(path)
    ref = Run(torch_ref, seed + 1, name)
    for p, value in zip(ref.model.parameters(), saved, strict=True):
        p.data.copy_(value)
    ref.optimizer.load_state_dict(state)
    ref.generator.set_state(hand.generator.get_state())
    compare_trainings(hand.model, hand.go_on(3), ref.model, ref.go_on(3),
                      count=1e5, scale=10.0)
