"""Checks of the exercises of docs/lr_scheduler.md."""

import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.lr_scheduler as by_hand
from scratch.optim import SGD
from tests.compare.closeness import close

rates = st.sampled_from([0.1, 1.0]) | st.floats(1e-6, 10)
counts = st.integers(1, 12)


def course(optimizer, scheduler, steps=40):
    """The learning rates of all steps."""
    found = scheduler.get_last_lr()
    for _ in range(steps):
        optimizer.step()
        scheduler.step()
        found = [*found, *scheduler.get_last_lr()]
    return torch.tensor(found, dtype=torch.float64)


def both(name, lr, **options):
    """By hand, and by torch."""
    for make, side in (SGD, by_hand), (
            torch.optim.SGD, torch.optim.lr_scheduler):
        optimizer = make([torch.ones(2, requires_grad=True)], lr=lr)
        yield course(optimizer, getattr(side, name)(optimizer, **options))


@given(rates, counts, st.sampled_from([1.0, 2.0, 0.5, 3.0]))
def test_polynomial(lr, total_iters, power):
    """PolynomialLR is torch's, up to a few roundings a step."""
    hand, ref = both("PolynomialLR", lr, total_iters=total_iters,
                     power=power)
    close(hand, ref, 200, lr)


@given(rates, counts, st.sampled_from([0.0, 0.01]), st.booleans())
def test_cosine_stays(lr, T_max, eta_min, rise):
    """It is torch's until T_max, and then stays, or is torch's."""
    optimizer = SGD([torch.ones(2, requires_grad=True)], lr=lr)
    hand = course(optimizer, by_hand.CosineAnnealingLR(
        optimizer, T_max, eta_min, rise))
    _, ref = both("CosineAnnealingLR", lr, T_max=T_max, eta_min=eta_min)
    if not rise:
        ref[T_max:] = ref[T_max]
    close(hand, ref, 500, max(lr, eta_min))


@given(rates, counts, st.integers(1, 3), st.sampled_from([0.0, 0.01]))
def test_restarts(lr, T_0, T_mult, eta_min):
    """CosineAnnealingWarmRestarts is torch's."""
    hand, ref = both("CosineAnnealingWarmRestarts", lr, T_0=T_0,
                     T_mult=T_mult, eta_min=eta_min)
    close(hand, ref, 100, max(lr, eta_min))
