"""Torch's own surprises: each is a test, so that a mended one is seen.

If one of these fails, torch has changed, for the better as a rule, and
the test has to go.
"""

import warnings

import pytest
import torch
import torch.nn.functional as F

import scratch.activations
import scratch.losses
import scratch.optim


def slope(function, x):
    """The gradient at one number in float32."""
    x = torch.tensor([x], requires_grad=True)
    function(x).sum().backward()
    return x.grad.item()


def test_cross_entropy_from_logits_is_lost():
    """y = 0, x <= -17: torch's loss is 0, the truth is exp(x)."""
    x = torch.arange(-80.0, -16.0)
    y = torch.zeros_like(x)
    lost = F.binary_cross_entropy_with_logits(x, y, reduction="none")
    assert lost.eq(0).all()
    hand = scratch.losses.binary_cross_entropy_with_logits(x, y, "none")
    assert torch.allclose(hand.double(), x.double().exp(), rtol=1e-6)


def test_the_slope_of_sigmoid_vanishes():
    """x = 20: torch's slope, s (1 - s), is exactly 0; truth 2e-9."""
    assert slope(torch.sigmoid, 20.0) == 0
    assert slope(scratch.activations.sigmoid, 20.0) == pytest.approx(
        2.0611536e-9, rel=1e-6)


def test_the_slope_of_tanh_vanishes():
    """x = 10: torch's slope, 1 - t^2, is exactly 0; truth 8e-9."""
    assert slope(torch.tanh, 10.0) == 0
    assert slope(scratch.activations.tanh, 10.0) == pytest.approx(
        8.2446145e-9, rel=1e-6)


def test_centered_rmsprop_turns_nan():
    """A constant gradient: the variance, 0, is rounded below 0.

    By hand so too: the formula does it, not the code.
    """
    for optim in torch.optim, scratch.optim:
        p = torch.zeros(64, requires_grad=True)
        p.grad = torch.linspace(0.1, 7.0, 64)
        optimizer = optim.RMSprop([p], centered=True)
        for _ in range(3000):
            optimizer.step()
        assert p.isnan().any() and not p.isnan().all()


def test_a_part_is_not_the_whole():
    """torch.sigmoid of a slice is not the slice of torch.sigmoid.

    The body of an array goes through vector instructions, its tail
    through others. Without such instructions they agree.
    """
    x = torch.linspace(-90, 20, 1001)
    whole = torch.sigmoid(x)
    alone = torch.stack([torch.sigmoid(number) for number in x])
    if torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512"):
        assert not torch.equal(whole, alone)
    else:
        assert torch.allclose(whole, alone, rtol=1e-6)


def test_softplus_drops_its_tail():
    """F.softplus returns x above 20: 2e-9 less, which float64 sees."""
    x = torch.tensor([20.5], dtype=torch.float64)
    assert F.softplus(x) == x
    assert scratch.activations.softplus(x) > x


def test_an_infinite_logit_is_nan():
    """x = -inf, y = 0: the loss is 0, and NaN on both sides."""
    x = torch.tensor([-torch.inf])
    for loss in (F.binary_cross_entropy_with_logits,
                 scratch.losses.binary_cross_entropy_with_logits):
        assert loss(x, torch.zeros(1)).isnan()


def test_rows_against_a_column_only_warns():
    """(n, 1) against (n,) is n by n to torch; by hand an error."""
    with pytest.warns(UserWarning, match="broadcast"):
        loss = F.mse_loss(torch.zeros(3, 1), torch.arange(3.0))
    assert loss == 5 / 3
    with pytest.raises(ValueError):
        scratch.losses.mse_loss(torch.zeros(3, 1), torch.arange(3.0))


def test_minus_a_hundred_is_no_class():
    """The label -100 is skipped in silence; by hand an error."""
    x = torch.zeros(2, 3)
    assert F.cross_entropy(x, torch.tensor([0, -100])) == F.cross_entropy(
        x[:1], torch.tensor([0]))
    with pytest.raises(IndexError):
        scratch.losses.cross_entropy(x, torch.tensor([0, -100]))


def test_a_mean_of_nothing_is_nan():
    """An empty batch has the loss NaN, and trains a net to NaN."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert F.mse_loss(torch.zeros(0, 1), torch.zeros(0, 1)).isnan()


def test_a_smoothing_below_zero_passes():
    """label_smoothing = -1 is taken for none; by hand an error."""
    x, y = torch.tensor([[1.0, 0.0]]), torch.tensor([0])
    assert F.cross_entropy(x, y, label_smoothing=-1.0) == F.cross_entropy(
        x, y)
    with pytest.raises(RuntimeError):
        scratch.losses.cross_entropy(x, y, label_smoothing=-1.0)


def test_two_optimisers_share_a_loaded_state():
    """load_state_dict keeps the memory of what it loads."""
    p = torch.ones(2, requires_grad=True)
    p.grad = torch.ones(2)
    first, second = torch.optim.Adam([p]), torch.optim.Adam([p])
    first.step()
    second.load_state_dict(first.state_dict())
    assert (first.state[p]["exp_avg"].data_ptr()
            == second.state[p]["exp_avg"].data_ptr())


def test_adam_accepts_the_state_of_adamw():
    """They have the same options, so neither notices, by hand either.
    """
    for optim in torch.optim, scratch.optim:
        p = torch.ones(2, requires_grad=True)
        p.grad = torch.ones(2)
        decoupled = optim.AdamW([p])
        decoupled.step()
        optim.Adam([p]).load_state_dict(decoupled.state_dict())
