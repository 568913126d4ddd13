"""Checks of the exercises of docs/backprop.md."""

import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

import scratch.backprop as by_hand
import scratch.mlp
import torch_ref.mlp
from tests.compare.closeness import close
from tests.compare.draw import (FINITE, MODERATE, dtypes, generators, shapes,
                                tensors)
from tests.compare.trainings import cast, compare_trainings


def slope_of(function, x, *upstream):
    """The gradient of a function at x, by autograd."""
    x = x.clone().requires_grad_()
    return torch.autograd.grad(function(x), x, *upstream)[0]


@given(data=st.data(), dtype=dtypes(), shape=shapes(3),
       slope=st.sampled_from([0.01, 0.2, 1.5]))
def test_leaky_relu(data, dtype, shape, slope):
    """The gradient, computed from the output, is that of F.leaky_relu.

    The slope and the product are each rounded once.
    """
    x = data.draw(tensors(shape, dtype, FINITE), "x")
    upstream = data.draw(tensors(shape, dtype, MODERATE), "upstream")

    def output(x):
        return F.leaky_relu(x, slope)

    close(by_hand.leaky_relu_gradient(output(x), upstream, slope),
          slope_of(output, x, upstream), 4, 2 * upstream.abs())
    by_default = by_hand.leaky_relu_gradient(F.leaky_relu(x), upstream)
    close(by_default, slope_of(F.leaky_relu, x, upstream), 4,
          upstream.abs())


@given(data=st.data(), dtype=dtypes(), n=st.integers(1, 6),
       classes=st.integers(1, 6),
       smoothing=st.sampled_from([0.1, 0.0, 0.5, 1.0]))
def test_label_smoothing(data, dtype, n, classes, smoothing):
    """The loss and its gradient are those of F.cross_entropy.

    Each term adds a few eps of the largest logit. The slope is a
    difference of numbers up to 1.
    """
    x = data.draw(tensors((n, classes), dtype, MODERATE), "x")
    y = torch.tensor(data.draw(st.lists(
        st.integers(0, classes - 1), min_size=n, max_size=n), "y"))

    def loss(x):
        return F.cross_entropy(x, y, label_smoothing=smoothing)

    value, gradient = by_hand.cross_entropy_gradient(x, y, smoothing)
    close(value, loss(x), 8 + 4 * classes + n, 2 * x.abs().max() + 4)
    close(gradient, slope_of(loss, x), 8 + 4 * classes, 1 / n)
    plain, _ = by_hand.cross_entropy_gradient(x, y)
    close(plain, F.cross_entropy(x, y), 8 + 4 * classes + n,
          2 * x.abs().max() + 4)


def clipped(model, x, y, max_norm):
    """A plain loop with torch's own clipping."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(5):
        loss = F.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        if max_norm is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        yield loss.item()


@given(seed=generators(),
       max_norm=st.sampled_from([0.1, 1.0, 100.0, None]))
def test_clip(seed, max_norm):
    """train(..., max_norm=m) equals clip_grad_norm_ before each step.

    The test uses float64. A gradient sums 7 rows of a network of widths
    2, 3, 1.
    """
    generator = torch.Generator().manual_seed(seed)
    x, y = (torch.randn(7, columns, generator=generator).double()
            for columns in (2, 1))
    hand, ref = (wing.mlp.MLP([2, 3, 1], seed)
                 for wing in (scratch, torch_ref))
    for model in hand, ref:
        cast(model, torch.float64)

    def gradients(model, x, y):
        return by_hand.mlp_gradients(model, x, y,
                                     by_hand.mse_loss_gradient)

    compare_trainings(
        hand, by_hand.train(hand, gradients, x, y, 0.1, 5,
                            max_norm=max_norm),
        ref, clipped(ref, x, y, max_norm), count=100, scale=100.0)
