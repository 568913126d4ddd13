"""Checks of the exercises of docs/optim.md."""

import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.optim as by_hand
from tests.compare.closeness import close, same
from tests.compare.draw import MODERATE, ORDINARY, dtypes, tensors


@given(st.data(), dtypes(), st.booleans(), st.booleans(),
       st.sampled_from([0.0, 0.9]), st.sampled_from([0.0, 0.5]))
def test_maximize(data, dtype, maximize, nesterov, momentum, decay):
    """SGD(..., maximize=True) is torch's, with every other option.

    8 eps a step of what is added up: in 6 steps a velocity stays below
    6 times the largest gradient and penalty, at most 20.
    """
    nesterov = nesterov and momentum > 0
    options = {"lr": 0.1, "momentum": momentum, "nesterov": nesterov,
               "weight_decay": decay, "maximize": maximize}
    p = data.draw(tensors((4,), dtype, MODERATE)).requires_grad_()
    q = p.detach().clone().requires_grad_()
    hand, ref = by_hand.SGD([p], **options), torch.optim.SGD([q], **options)
    for step in range(1, 7):
        p.grad = data.draw(tensors((4,), dtype, MODERATE))
        q.grad = p.grad.clone()
        gradient = p.grad.clone()
        hand.step()
        ref.step()
        close(p.data, q.data, 8 * step, q.abs().max().item() + 120)
        same(p.grad, gradient)


@given(st.data(), dtypes(), st.sampled_from([1.0, 1e-3, 100.0, 1e5]))
def test_clip_grad_norm(data, dtype, max_norm):
    """clip_grad_norm is torch's, for several parameters at once.

    The norm of 13 entries is known to 16 eps of itself, and so is what
    is divided by it.
    """
    shapes = [(3,), (2, 5), (2,)]
    hand, ref = ([torch.zeros(shape, dtype=dtype, requires_grad=True)
                  for shape in shapes] for _side in range(2))
    for p, q in zip(hand[:2], ref):
        p.grad = data.draw(tensors(p.shape, dtype, ORDINARY))
        q.grad = p.grad.clone()
    norm = by_hand.clip_grad_norm(hand, max_norm)
    expected = torch.nn.utils.clip_grad_norm_(ref, max_norm)
    close(norm, expected, 16, expected)
    for p, q in zip(hand[:2], ref):
        close(p.grad, q.grad, 32, q.grad)
    assert hand[2].grad is None


@given(st.data(), dtypes(), st.sampled_from([{}, {"lr": 0.1, "rho": 0.5},
                                             {"eps": 1e-3}]))
def test_adadelta(data, dtype, options):
    """Adadelta is torch's, default values included.

    From 0: 16 eps a step of the way walked, for all that is added in a
    step is positive.
    """
    p, q = (torch.zeros(4, dtype=dtype, requires_grad=True)
            for _side in range(2))
    hand = by_hand.Adadelta([p], **options)
    ref = torch.optim.Adadelta([q], **options)
    walked = torch.zeros(4, dtype=dtype)
    for step in range(1, 9):
        p.grad = data.draw(tensors((4,), dtype, ORDINARY))
        q.grad = p.grad.clone()
        before = q.detach().clone()
        hand.step()
        ref.step()
        walked += (q.detach() - before).abs()
        close(p.data, q.data, 16 * step, walked)
