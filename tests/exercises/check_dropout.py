"""Checks of the exercises of docs/dropout.md."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import scratch.dropout as by_hand
from tests.compare.closeness import close, same
from tests.compare.draw import dtypes, generators, tensors

probabilities = st.sampled_from([0.5, 0.0, 1.0, 0.9]) | st.floats(0, 1)


@given(data=st.data(), dtype=dtypes(), p=probabilities,
       training=st.booleans(), seed=generators())
def test_channels(data, dtype, p, training, seed):
    """Value and gradient are those of F.dropout2d, to the bit."""
    shape = data.draw(st.tuples(*[st.integers(1, 4)] * 4))
    x = data.draw(tensors(shape, dtype))
    hand, ref = (x.clone().requires_grad_() for _ in range(2))
    result = by_hand.dropout2d(hand, p, training,
                               torch.Generator().manual_seed(seed))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        expected = F.dropout2d(ref, p, training)
    same(result.detach(), expected.detach())
    result.sum().backward()
    expected.sum().backward()
    same(hand.grad, ref.grad)


@given(p=st.floats(0, 0.9), seed=generators())
def test_published(p, seed):
    """The scale is 1 in training and 1 - p in evaluation.

    It divides and multiplies by 1 - p, which may round twice.
    """
    x = torch.arange(1.0, 25.0, dtype=torch.float64).reshape(4, 6)
    plain = by_hand.Dropout(p, seed)
    layer = by_hand.Dropout(p, seed, inverted=False)
    kept = plain(x) != 0
    close(layer(x), x * kept, 4, x)
    close(layer.eval()(x), (1 - p) * x, 4, x)
    same(by_hand.Dropout(p, seed)(x), by_hand.Dropout(p, seed, True)(x))


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_gaussian(p):
    """Mean 1 and variance p / (1 - p), within six standard errors.

    The variance of n normal draws has the relative error sqrt(2 / n).
    """
    n, variance = 100_000, p / (1 - p)
    x = torch.ones(n, dtype=torch.float64, requires_grad=True)
    generator = torch.Generator().manual_seed(0)
    mask = by_hand.gaussian_dropout(x, p, generator=generator)
    mask.backward(2 * torch.ones_like(x))
    same(x.grad, 2 * mask.detach())
    values = mask.detach()
    assert abs(values.mean() - 1) < 6 * (variance / n) ** 0.5
    assert abs(values.var() / variance - 1) < 6 * (2 / n) ** 0.5
    # It is no mask of zeros.
    assert (values != 0).all()
    assert by_hand.gaussian_dropout(x, p, False) is x
