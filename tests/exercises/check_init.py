"""Checks of the exercises of docs/init.md."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import scratch.init as by_hand
from tests.compare.closeness import close, same
from tests.compare.draw import dtypes, generators


def truncated(mean, std, a, b):
    """Mean and standard deviation of N(mean, std^2) within [a, b]."""
    def density(t):
        return math.exp(-t * t / 2) / math.sqrt(2 * math.pi)

    low, high = (a - mean) / std, (b - mean) / std
    inside = (math.erf(high / 2 ** 0.5) - math.erf(low / 2 ** 0.5)) / 2
    shift = (density(low) - density(high)) / inside
    square = 1 + (low * density(low) - high * density(high)) / inside
    return mean + std * shift, std * math.sqrt(square - shift ** 2)


@pytest.mark.parametrize("options", [
    {}, {"std": 0.5, "a": -1.0, "b": 1.0}, {"mean": 1.0, "a": 0.0, "b": 1.5},
    {"std": 2.0, "a": -1.0, "b": 3.0}])
def test_trunc_normal(options):
    """Nothing is outside, and the moments are those of the formula.

    100,000 draws: six standard errors, which are at most std / 316 for
    the mean, and less for the standard deviation.
    """
    found = []
    for _ in range(2):
        w = torch.empty(400, 250, requires_grad=True)
        place = w.data_ptr()
        result = by_hand.trunc_normal_(
            w, **options, generator=torch.Generator().manual_seed(3))
        assert result is w and w.is_leaf and w.data_ptr() == place
        found.append(w.detach())
    same(found[0], found[1])
    full = {"mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0} | options
    assert full["a"] <= found[0].min() and found[0].max() <= full["b"]
    mean, std = truncated(**full)
    error = 6 * full["std"] / 1e5 ** 0.5
    assert abs(found[0].double().mean() - mean) < error
    assert abs(found[0].double().std() - std) < error


@given(rows=st.integers(1, 12), columns=st.integers(1, 12), dtype=dtypes(),
       seed=generators(), gain=st.sampled_from([1.0, 2.0, 2 ** 0.5]))
def test_orthogonal(rows, columns, dtype, seed, gain):
    """W W^T, or W^T W, is gain^2 times the identity.

    Each entry sums up to 12 products of numbers up to the gain.
    """
    w = torch.empty(rows, columns, dtype=dtype, requires_grad=True)
    generator = torch.Generator().manual_seed(seed)
    assert by_hand.orthogonal_(w, gain, generator) is w
    x = w.detach() if rows <= columns else w.detach().T
    close(x @ x.T, gain ** 2 * torch.eye(len(x), dtype=dtype), 100,
          gain ** 2)
    plain = by_hand.orthogonal_(
        torch.empty(rows, columns, dtype=dtype),
        generator=torch.Generator().manual_seed(seed))
    close(gain * plain, w.detach(), 4, gain)


@given(m=st.integers(1, 40), n=st.integers(1, 40), seed=generators(),
       convolution=st.booleans())
def test_linear(m, n, seed, convolution):
    """The weights are those of torch's own layers, to the bit."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layer = (nn.Conv2d(m, n, (3, 2)) if convolution else nn.Linear(m, n))
    weight, bias = (torch.empty_like(p).requires_grad_()
                    for p in layer.parameters())
    by_hand.linear_(weight, bias, torch.Generator().manual_seed(seed))
    same(weight.detach(), layer.weight.detach())
    same(bias.detach(), layer.bias.detach())
