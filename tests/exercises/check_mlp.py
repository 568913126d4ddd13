"""Checks of the exercises of docs/mlp.md."""

from dataclasses import dataclass

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import scratch.activations
import scratch.losses
import scratch.mlp as by_hand
import torch_ref.losses
import torch_ref.mlp as by_torch
import torch_ref.optim
from tests.compare.closeness import close
from tests.compare.draw import MODERATE, generators, tensors
from tests.compare.trainings import cast, compare_trainings

widths = st.lists(st.integers(1, 6), min_size=2, max_size=4)


@dataclass
class Pass:
    """A net and the rows that go through it."""

    widths: list[int]
    seed: int
    x: torch.Tensor


@st.composite
def passes(draw):
    """Three rows."""
    shape = draw(widths)
    return Pass(shape, draw(generators()),
                draw(tensors((3, shape[0]), torch.float64, MODERATE)))


@given(case=passes(), activation=st.sampled_from([
    ("tanh", nn.Tanh), ("sigmoid", nn.Sigmoid)]))
def test_activation(case, activation):
    """MLP(..., activation=f) and its chain equal torch's layers with f.

    Each layer sums m products and a bias: the bound of the property
    that compares the nets with relu.
    """
    name, module = activation
    widths, seed, x = case.widths, case.seed, case.x
    hand = cast(by_hand.MLP(
        widths, seed, activation=getattr(scratch.activations, name)),
        torch.float64)
    ref = cast(by_torch.MLP(widths, seed), torch.float64)
    layers = [step for layer in ref.layers for step in (layer, module())]
    growth = 2.5 ** len(widths) * (1 + x.abs().max())
    for net in hand, by_hand.sequential(hand):
        close(net(x), nn.Sequential(*layers[:-1])(x), 8 * len(widths),
              growth)


@given(widths=widths, seed=generators())
def test_he_start(widths, seed):
    """MLP(..., he=True) draws what torch's kaiming_uniform_ draws.

    torch's bound is sqrt(2) sqrt(3) / sqrt(m), by hand it is
    sqrt(6 / m): a few rounding errors apart.
    """
    hand = by_hand.MLP(widths, seed, he=True)
    generator = torch.Generator().manual_seed(seed)
    for weight, bias in hand.layers:
        ref = torch.empty(weight.shape)
        nn.init.kaiming_uniform_(ref, nonlinearity="relu",
                                 generator=generator)
        close(weight.data, ref, 8, (6 / weight.shape[1]) ** 0.5)
        assert bias.eq(0).all()
        assert weight.requires_grad and bias.requires_grad


def clipping_loop(model, x, y, max_norm, steps):
    """torch's SGD with torch's own clipping."""
    optimizer = torch_ref.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(steps):
        loss = torch_ref.losses.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        yield loss.item()


@given(seed=generators(),
       max_norm=st.sampled_from([0.01, 0.1, 1.0, 100.0]))
def test_clipped(seed, max_norm):
    """train(..., max_norm=c) equals SGD after torch's clip_grad_norm_.

    The bound is that of test_training.
    """
    hand, ref = (cast(side.MLP([2, 5, 1], seed), torch.float64)
                 for side in (by_hand, by_torch))
    generator = torch.Generator().manual_seed(seed)
    x, y = (torch.randn(8, n, dtype=torch.float64, generator=generator)
            for n in (2, 1))
    compare_trainings(
        hand, by_hand.train(hand, scratch.losses.mse_loss, x, y, 0.1, 10,
                            max_norm=max_norm),
        ref, clipping_loop(ref, x, y, max_norm, 10),
        count=1e3, scale=100.0)
    if max_norm < 1:
        # Over all parameters together no step exceeds lr max_norm.
        before = [p.data.clone() for p in hand.parameters()]
        next(by_hand.train(hand, scratch.losses.mse_loss, x, y, 0.1, 1,
                           max_norm=max_norm))
        square = sum((p.data - q).square().sum().item()
                     for p, q in zip(hand.parameters(), before))
        assert square ** 0.5 <= 0.1 * max_norm * (1 + 1e-9)
    with pytest.raises(ValueError, match="two"):
        by_hand.MLP([3])
