"""Backpropagation: gradients by hand are autograd's, and the slope's."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

import scratch.backprop as by_hand
import scratch.linear_regression
import scratch.losses
import scratch.mlp
import scratch.softmax_regression
import torch_ref.backprop as by_torch
import torch_ref.linear_regression
import torch_ref.mlp
import torch_ref.softmax_regression
from scratch.tensors import numerical_gradient
from tests.compare.closeness import close, same
from tests.compare.draw import (FINITE, MODERATE, UNIT, WHOLE, dtypes,
                                generators, shapes, tensors)
from tests.compare.trainings import cast, hold_together, same_parameters

SIDES = (by_hand, by_torch)
LOSSES = ["mse_loss", "binary_cross_entropy_with_logits",
          "cross_entropy"]
sizes = st.integers(1, 6)
widths = st.lists(st.integers(1, 5), min_size=2, max_size=4)


def gradient_of(loss, side=by_hand):
    return getattr(side, f"{loss}_gradient")


@given(st.data(), dtypes(), sizes, sizes, sizes)
def test_linear(data, dtype, n, k, m):
    """dL/dx, dL/dW and dL/db of a linear layer: sums of products.

    Each sum of so many products is known to as many eps.
    """
    x = data.draw(tensors((n, k), dtype))
    weight = data.draw(tensors((m, k), dtype))
    upstream = data.draw(tensors((n, m), dtype))
    size, heights = upstream.abs(), x.abs()
    close(by_hand.linear_input_gradient(weight, upstream),
          by_torch.linear_input_gradient(weight, upstream),
          m, size @ weight.abs())
    dw, db = by_hand.linear_parameter_gradients(x, upstream)
    ref_dw, ref_db = by_torch.linear_parameter_gradients(x, upstream)
    close(dw, ref_dw, n, size.T @ heights)
    close(db, ref_db, n, size.sum(0))


@given(st.data(), dtypes(), shapes(3))
def test_relu(data, dtype, shape):
    """The slope of relu, from its output, is autograd's to the bit."""
    x = data.draw(tensors(shape, dtype, WHOLE))
    # By hand an infinite upstream times a slope of 0 is NaN, and a slope
    # is 0 where the output is NaN.
    upstream = data.draw(tensors(shape, dtype, FINITE))
    output = torch.relu(x.nan_to_num(0))
    same(by_hand.relu_gradient(output, upstream),
         by_torch.relu_gradient(output, upstream))


@st.composite
def outputs(draw, dtype=None):
    """A loss, what a net put out, and what the loss wants for it."""
    loss, dtype = draw(st.sampled_from(LOSSES)), dtype or draw(dtypes())
    n, columns = draw(sizes), draw(sizes)
    x = draw(tensors((n, columns), dtype))
    return loss, x, draw(targets(loss, n, columns, dtype))


def targets(loss, n, columns, dtype):
    if loss == "cross_entropy":
        return st.lists(st.integers(0, columns - 1), min_size=n,
                        max_size=n).map(torch.tensor)
    table = MODERATE if loss == "mse_loss" else UNIT
    return tensors((n, columns), dtype, table)


@given(outputs())
def test_losses(drawn):
    """Each loss and its gradient: torch's, and those of `losses`.

    A few eps of the largest number for each that is summed. The slopes
    of the two cross-entropies are differences of numbers up to 1.
    """
    loss, x, y = drawn
    value, gradient = gradient_of(loss)(x, y)
    ref_value, ref_gradient = gradient_of(loss, by_torch)(x, y)
    n, columns = x.shape
    largest = x.abs().max() + 1
    if loss == "mse_loss":
        scale = (x - y).abs().max()
        close(value, ref_value, 4 + x.numel(), scale * scale)
        close(gradient, ref_gradient, 6, scale / x.numel())
    else:
        entries = n if loss == "cross_entropy" else x.numel()
        close(value, ref_value, 8 + 2 * columns + entries, largest)
        close(gradient, ref_gradient, 8 + 4 * columns, 1 / entries)
    own = getattr(scratch.losses, loss)(x, y)
    close(value, own, 8 + 2 * columns + x.numel(), largest * largest)


def model_of(widths, seed, wing):
    """A net in float64 from a seed."""
    model = wing.mlp.MLP(widths, seed)
    cast(model, torch.float64)
    return model


@st.composite
def nets(draw):
    """A net's widths and seed, rows, a loss and its targets."""
    shape, seed = draw(widths), draw(generators())
    loss, n = draw(st.sampled_from(LOSSES)), draw(sizes)
    x = draw(tensors((n, shape[0]), torch.float64, MODERATE))
    return shape, seed, x, loss, draw(targets(loss, n, shape[-1],
                                              torch.float64))


@given(nets())
def test_mlp_gradients(net):
    """Through any depth, every gradient is `autograd.grad`'s.

    In float64: a gradient sums over rows and over at most 5 columns a
    layer, of numbers up to 10, weights up to 1 and errors up to 100.
    """
    shape, seed, x, loss, y = net
    hand, ref = (model_of(shape, seed, wing)
                 for wing in (scratch, torch_ref))
    value, gradients = by_hand.mlp_gradients(hand, x, y,
                                             gradient_of(loss))
    ref_value, ref_gradients = by_torch.mlp_gradients(
        ref, x, y, gradient_of(loss, by_torch))
    close(value, ref_value, 100, 1e4)
    for p, a, b in zip(hand.parameters(), gradients, ref_gradients,
                       strict=True):
        assert a.shape == p.shape
        close(a, b, 100, 1e4)


@given(nets())
def test_slopes_are_the_slopes(net):
    """Central differences of the loss itself: no autograd on any side.

    With a step of 1e-5 the formula is known to its third derivative
    times 1e-10, and to the rounding of the loss divided by the step.
    A bend of relu within the step would be another slope: left out.
    """
    shape, seed, x, loss, y = net
    model = model_of(shape, seed, scratch)
    h = x
    for w, b in model.layers[:-1]:
        before = h @ w.data.T + b.data
        # the step moves x by 1e-5 times at most 10 a layer
        assume((before.abs() > 1e-2).all())
        h = before.clamp(min=0)
    value, gradients = by_hand.mlp_gradients(model, x, y,
                                             gradient_of(loss))
    for p, gradient in zip(model.parameters(), gradients):
        start = p.data

        def at(values):
            p.data = values
            return by_hand.mlp_gradients(model, x, y,
                                         gradient_of(loss))[0]

        slope = numerical_gradient(at, start, eps=1e-5)
        p.data = start
        error = (slope - gradient).abs().max().item()
        assert error < 1e-6 * (1 + value.item()), (error, slope, gradient)


@given(st.data(), sizes, st.integers(1, 3), st.floats(0.01, 1.9),
       st.integers(1, 20))
def test_linear_regression(data, n, features, share, steps):
    """The line's whole training, stop included: autograd's, by steps.

    And that of the topic itself, whose gradients are autograd's. A row
    sums a few products of 10 by 10, and a step rounds them. In float64,
    where no loss straddles the one at which to stop.
    """
    dtype = torch.float64
    x = data.draw(tensors((n, features), dtype, MODERATE))
    y = data.draw(tensors((n, 1), dtype, MODERATE))
    rows = torch.cat([x, torch.ones_like(y)], dim=1)
    lr = share / torch.linalg.matrix_norm(rows, 2).item() ** 2 * n
    models = [wing.linear_regression.LinearRegression(features)
              for wing in (scratch, torch_ref, scratch)]
    for model in models:
        cast(model, dtype)
    trainings = [side.train(model, side.linear_regression_gradients, x,
                            y, lr, steps, stop=1e-3)
                 for side, model in zip(SIDES, models)]
    losses = hold_together(models[0], trainings[0], models[1],
                           trainings[1], count=32, scale=1e4)
    own = scratch.linear_regression.train(models[2], x, y, lr, steps,
                                          1e-3)
    assert len(list(own)) == len(losses)
    for p, q in zip(models[0].parameters(), models[2].parameters()):
        close(p.data, q.data, 32 * steps, 1e4)


@given(st.data(), dtypes(), generators(), sizes, sizes, sizes,
       st.integers(1, 5), st.integers(1, 3))
def test_softmax_regression(data, dtype, seed, n, features, classes,
                            batch_size, epochs):
    """W, b and the loss are autograd's after every batch.

    The logits sum a few products of 10 by the weights.
    """
    x = data.draw(tensors((n, features), dtype, MODERATE))
    y = data.draw(targets("cross_entropy", n, classes, dtype))
    models = [wing.softmax_regression.SoftmaxRegression(features, classes)
              for wing in (scratch, torch_ref)]
    for model in models:
        cast(model, dtype)
    trainings = [side.train(
        model, side.softmax_regression_gradients, x, y, 0.5, epochs,
        batch_size, torch.Generator().manual_seed(seed), gamma=0.5)
        for side, model in zip(SIDES, models)]
    losses = hold_together(models[0], trainings[0], models[1],
                           trainings[1], count=32, scale=100.0)
    assert len(losses) == epochs * -(-n // batch_size)


@given(nets(), st.none() | st.integers(1, 4), st.booleans(),
       st.integers(1, 3))
def test_mlp(net, batch_size, shuffle, epochs):
    """The net's whole training, by any loss: autograd's, by steps.

    In float64 only: in float32 one rounding lets a relu's input change
    sides, and the runs part.
    """
    shape, seed, x, loss, y = net
    models = [model_of(shape, seed, wing)
              for wing in (scratch, torch_ref)]
    trainings = [side.train(
        model, partial(side.mlp_gradients,
                       loss_gradient=gradient_of(loss, side)),
        x, y, 0.01, epochs, batch_size,
        torch.Generator().manual_seed(seed) if shuffle else None)
        for side, model in zip(SIDES, models)]
    hold_together(models[0], trainings[0], models[1], trainings[1],
                  count=1e3, scale=100.0)


def test_autograd_is_not_asked(monkeypatch):
    """By hand no gradient comes from torch, and none is left behind."""
    def refuse(*args, **options):
        raise AssertionError("autograd was asked")

    monkeypatch.setattr(torch.Tensor, "backward", refuse)
    monkeypatch.setattr(torch.autograd, "grad", refuse)
    x = torch.arange(18.0).reshape(6, 3).sin()
    y = torch.tensor([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])[:, None]
    cases: list[tuple[Any, Callable, torch.Tensor]] = [
        (scratch.linear_regression.LinearRegression(3),
         by_hand.linear_regression_gradients, y),
        (scratch.softmax_regression.SoftmaxRegression(3, 2),
         by_hand.softmax_regression_gradients, y[:, 0].long()),
        (scratch.mlp.MLP([3, 4, 1]), by_hand.mlp_gradients, y)]
    for model, gradients, target in cases:
        loss, slopes = gradients(model, x, target)
        assert not loss.requires_grad
        assert not any(slope.requires_grad for slope in slopes)
        places = [p.data_ptr() for p in model.parameters()]
        losses = list(by_hand.train(model, gradients, x, target, 0.1, 50))
        assert losses[-1] < losses[0]
        assert all(p.grad is None for p in model.parameters())
        assert [p.data_ptr() for p in model.parameters()] == places


@pytest.mark.parametrize("side", SIDES)
def test_bad_input(side):
    """What the losses refuse is refused here, and nothing is trained."""
    rows = torch.zeros(4, 2)
    labels = torch.zeros(4).long()
    for loss in "mse_loss", "binary_cross_entropy_with_logits":
        with pytest.raises(ValueError, match=r"\(4, 2\) and \(4,\)"):
            gradient_of(loss, side)(rows, rows[:, 0])
        with pytest.raises(ValueError, match="empty"):
            gradient_of(loss, side)(rows[:0], rows[:0])
    with pytest.raises(ValueError, match="got 2"):
        gradient_of(LOSSES[1], side)(rows, rows + 2)
    with pytest.raises(ValueError, match="empty"):
        side.cross_entropy_gradient(rows[:0], labels[:0])
    with pytest.raises(IndexError, match="0 to 1, got 2"):
        side.cross_entropy_gradient(rows, labels + 2)
    wing = scratch if side is by_hand else torch_ref
    line = wing.linear_regression.LinearRegression(2)
    gradients = side.linear_regression_gradients
    for x, y in ((rows, rows[:, 0]), (rows[:0], rows[:0, :1])):
        with pytest.raises(ValueError):
            list(side.train(line, gradients, x, y, 0.1, 1))
    same_parameters(line, scratch.linear_regression.LinearRegression(2))
