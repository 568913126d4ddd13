"""Checks of the exercises of docs/optim.md."""

from dataclasses import dataclass
from typing import Any

import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.optim as by_hand
from tests.compare.closeness import close, same
from tests.compare.draw import MODERATE, ORDINARY, dtypes, tensors
from tests.compare.optimisers import leaves


@dataclass
class Run:
    """A parameter, an optimiser's options, a gradient for each step."""

    start: torch.Tensor
    options: dict[str, Any]
    gradients: list[torch.Tensor]


@st.composite
def ascents(draw):
    """SGD with any options, uphill or downhill."""
    dtype, momentum = draw(dtypes()), draw(st.sampled_from([0.0, 0.9]))
    options = {"lr": 0.1, "momentum": momentum,
               "nesterov": draw(st.booleans()) and momentum > 0,
               "weight_decay": draw(st.sampled_from([0.0, 0.5])),
               "maximize": draw(st.booleans())}
    start, *gradients = (draw(tensors((4,), dtype, MODERATE))
                         for _ in range(7))
    return Run(start, options, gradients)


@given(ascents())
def test_maximize(run):
    """SGD(..., maximize=True) equals torch's, with every other option.

    They differ by at most 8 eps per step, relative to the largest
    possible velocity. In 6 steps it stays below 6 times 20, the largest
    gradient plus penalty.
    """
    p, q = leaves([run.start, run.start])
    hand = by_hand.SGD([p], **run.options)
    ref = torch.optim.SGD([q], **run.options)
    for step, gradient in enumerate(run.gradients, start=1):
        p.grad, q.grad = gradient.clone(), gradient.clone()
        hand.step()
        ref.step()
        close(p.data, q.data, 8 * step, q.abs().max().item() + 120)
        same(p.grad, gradient)


@given(gradients=dtypes().flatmap(lambda dtype: st.tuples(
    tensors((3,), dtype, ORDINARY), tensors((2, 5), dtype, ORDINARY))),
    max_norm=st.sampled_from([1.0, 1e-3, 100.0, 1e5]))
def test_clip_grad_norm(gradients, max_norm):
    """clip_grad_norm equals torch's, for several parameters at once.

    The norm of 13 entries has a relative error of at most 16 eps, and
    division by it passes this on. The third parameter has no gradient.
    """
    start = [*gradients, torch.zeros(2, dtype=gradients[0].dtype)]
    hand, ref = leaves(start), leaves(start)
    for p, q, gradient in zip(hand, ref, gradients):
        p.grad, q.grad = gradient.clone(), gradient.clone()
    norm = by_hand.clip_grad_norm(hand, max_norm)
    expected = torch.nn.utils.clip_grad_norm_(ref, max_norm)
    close(norm, expected, 16, expected)
    for p, q in zip(hand[:2], ref):
        close(p.grad, q.grad, 32, q.grad)
    assert hand[2].grad is None


@st.composite
def adadelta_runs(draw):
    """Eight steps from 0."""
    dtype = draw(dtypes())
    options = draw(st.sampled_from([{}, {"lr": 0.1, "rho": 0.5},
                                    {"eps": 1e-3}]))
    return Run(torch.zeros(4, dtype=dtype), options, [
        draw(tensors((4,), dtype, ORDINARY)) for _ in range(8)])


@given(adadelta_runs())
def test_adadelta(run):
    """Adadelta equals torch's, default values included.

    From 0 they differ by at most 16 eps per step, relative to the
    length of the path: a step adds only positive terms, so none cancel.
    """
    p, q = leaves([run.start, run.start])
    hand = by_hand.Adadelta([p], **run.options)
    ref = torch.optim.Adadelta([q], **run.options)
    walked = torch.zeros_like(run.start)
    for step, gradient in enumerate(run.gradients, start=1):
        p.grad, q.grad = gradient.clone(), gradient.clone()
        before = q.detach().clone()
        hand.step()
        ref.step()
        walked += (q.detach() - before).abs()
        close(p.data, q.data, 16 * step, walked)
