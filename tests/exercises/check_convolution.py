"""Checks of the exercises of docs/convolution.md."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import scratch.convolution as by_hand
from tests.compare.closeness import close, same
from tests.compare.convolutions import pools
from tests.compare.draw import FINITE, generators


@given(k=st.integers(1, 4), less=st.integers(1, 4), n=st.integers(0, 2),
       c=st.integers(1, 3), o=st.integers(1, 3), seed=generators())
def test_input_gradient(k, less, n, c, o, seed):
    """It is that of conv2d_gradients: a sum of o k^2 products."""
    random, padding = torch.Generator().manual_seed(seed), max(0, k - less)
    x, w = (torch.randn(*shape, generator=random, dtype=torch.float64)
            for shape in ((n, c, 5, 6), (o, c, k, k)))
    g = torch.randn(by_hand.conv2d(x, w, None, 1, padding).shape,
                    generator=random, dtype=torch.float64)
    found = by_hand.conv2d_input_gradient(w, g, padding)
    dx, _, _ = by_hand.conv2d_gradients(x, w, g, 1, padding)
    size, _, _ = by_hand.conv2d_gradients(x, w.abs(), g.abs(), 1, padding)
    close(found, dx, o * k * k, size)


@pytest.mark.parametrize("stride, padding", [(1, 0), (2, 1)])
@given(groups=st.integers(1, 3), c=st.integers(1, 2), o=st.integers(1, 2),
       biased=st.booleans())
def test_groups(stride, padding, groups, c, o, biased):
    """It is F.conv2d with groups: a sum of 9 c products and the bias."""
    random = torch.Generator().manual_seed(groups + 10 * c + 100 * o)
    x, w, b = (torch.randn(*shape, generator=random, dtype=torch.float64)
               for shape in ((2, groups * c, 5, 6), (groups * o, c, 3, 3),
                             (groups * o,)))
    bias = b if biased else None
    options = {"stride": stride, "padding": padding, "groups": groups}
    close(by_hand.grouped_conv2d(x, w, bias, **options),
          F.conv2d(x, w, bias, **options), 9 * c + 1,
          F.conv2d(x.abs(), w.abs(), b.abs(), **options))


@given(pools(table=FINITE))
def test_average_gradient(pool):
    """It is torch's to the bit."""
    x = pool.x.clone().requires_grad_()
    F.avg_pool2d(x, **pool.options).backward(pool.g)
    same(by_hand.avg_pool2d_gradient(pool.x, pool.g, **pool.options), x.grad)
