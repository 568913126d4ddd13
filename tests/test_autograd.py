"""Our engine computes torch's values and gradients, to the bit."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.autograd as by_hand
import torch_ref.autograd as by_torch
from scratch import (activations, linear_regression, losses, mlp,
                     softmax_regression)
from tests.compare.closeness import close, same
from tests.compare.draw import (MODERATE, UNIT, WHOLE, dtypes, generators,
                                shapes, tensors)
from tests.compare.graphs import BINARY, UNARY, graphs, run
from tests.compare.trainings import cast

SIDES = (by_hand, by_torch)


@given(graphs(), st.integers(1, 3))
def test_graphs(graph, times):
    """Every value and every gradient of any expression is torch's.

    A graph may be used for several `backward`s; a leaf that it does not
    depend on has no gradient.
    """
    leaves, steps = graph
    hand, ref = (run(side, leaves, steps) for side in SIDES)
    for a, b in zip(hand, ref):
        same(a.data, b.data, signed_zeros=False)
    for values in hand, ref:
        loss = values[-1].sum()
        for _ in range(times):
            loss.backward()
    for a, b in zip(hand[:len(leaves)], ref):
        assert (a.grad is None) == (b.grad is None)
        if a.grad is not None:
            same(a.grad, b.grad, signed_zeros=False)


# One operation at a time. Some entries are 0, and some are equal.
A = torch.tensor([[0.0, 1, 1], [-2, 2, 0.5], [-1, -1, -3]])
B = torch.tensor([[1.0, 0.5, 1], [2, -2, 0.5], [-1, 3, -2]])
UPSTREAM = torch.tensor([[2.0, -1, 3], [0.5, 4, -3], [-2, 1, 5]])
OPERATIONS: dict[str, Any] = {
    **{name: lambda a, b, c, f=f: f(a) for name, f in UNARY.items()},
    **{name: lambda a, b, c, f=f: f(a, b) for name, f in BINARY.items()},
    "2 - a": lambda a, b, c: 2 - a,
    "2 / a": lambda a, b, c: 2 / a,
    "a.sum(1)": lambda a, b, c: a.sum(1),
    "a.mean(1)": lambda a, b, c: a.mean(1),
    "a.max(1)": lambda a, b, c: a.max(1),
    "a.T": lambda a, b, c: a.T,
    "a @ b": lambda a, b, c: a @ b,
    "a[[0, 2, 0]]": lambda a, b, c: a[torch.tensor([0, 2, 0])],
    "a.where(c, b)": lambda a, b, c: a.where(c, b),
    "a + b[0]": lambda a, b, c: a + b[0],
    # Used by the next step, and by the one after it.
    "x = -a, x + x * b": lambda a, b, c: (lambda x: x + x * b)(-a),
    "x = -a, x * b + x": lambda a, b, c: (lambda x: x * b + x)(-a),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations(name):
    """Value and gradients of each one alone, at zeros and at ties.

    A matrix is square, and so is its transpose: no shape tells.
    """
    results = []
    for side in SIDES:
        leaves = side.Value(A), side.Value(B)
        result = OPERATIONS[name](*leaves, A > B)
        n = result.numel()
        upstream = UPSTREAM.flatten()[:n].reshape(result.shape)
        (result * upstream).sum().backward()
        results.append([result.data, *(leaf.grad for leaf in leaves)])
    for hand, ref in zip(*results):
        assert (hand is None) == (ref is None)
        if hand is not None:
            same(hand, ref, signed_zeros=False)


@given(data=st.data(), dtype=dtypes(), shape=shapes(3))
def test_tanh(data, dtype, shape):
    """Value and gradient are torch's, but for the rounding of tanh.

    An error of 4 eps in t is one of 8 eps in 1 - t^2.
    """
    x = data.draw(tensors(shape, dtype, WHOLE), "x")
    upstream = data.draw(tensors(shape, dtype, MODERATE), "upstream")
    hand, ref = (side.Value(x) for side in SIDES)
    close(hand.tanh().data, ref.tanh().data, 4, 1)
    for value in hand, ref:
        (value.tanh() * upstream).sum().backward()
    close(hand.grad, ref.grad, 12, upstream)


@pytest.mark.parametrize("side", SIDES, ids=["scratch", "torch_ref"])
def test_a_long_chain(side):
    """10,000 operations overflow no stack, in no direction."""
    leaf = side.Value(torch.ones(()))
    value = leaf
    for _ in range(10_000):
        value = value + leaf
    value.backward()
    same(leaf.grad, torch.tensor(10_001.0))


@given(graphs(), st.data())
def test_a_change_in_place(graph, data):
    """Where torch notices that data has changed, so does our engine.

    Torch notices only if the slope needs the data. A leaf that is not
    used may change.
    """
    leaves, steps = graph
    i = data.draw(st.integers(0, len(leaves) - 1), "leaf")
    raised = []
    for side in SIDES:
        values = run(side, leaves, steps)
        loss = values[-1].sum()
        values[i].data.add_(1)
        try:
            loss.backward()
            raised.append(False)
        except RuntimeError as error:
            assert "in place" in str(error) or "inplace" in str(error)
            raised.append(True)
        used = values[i].grad is not None
    hand, ref = raised
    assert hand >= ref
    assert hand == used or ref


def test_gradients_do_not_share_memory():
    """Clipping one in place leaves the other as it is."""
    a, b = (by_hand.Value(torch.ones(2)) for _ in range(2))
    (a + b).sum().backward()
    a.grad.mul_(0)
    same(b.grad, torch.ones(2))


def test_a_value_has_a_copy():
    """An update does not reach the tensor that was handed over."""
    for side in SIDES:
        data = torch.ones(2)
        value = side.Value(data)
        value.data.sub_(1)
        same(data, torch.ones(2))
        same(value.data, torch.zeros(2))


M = torch.ones(2, 3)


WRONG: list[Callable[[Any], Any]] = [
    lambda value: value.backward(), lambda value: value[0].backward(),
    lambda value: value @ value, lambda value: value @ M[0],
    lambda value: M @ value, lambda value: value[0] @ M.T,
    lambda value: value @ M.T.double(), lambda value: value + M.T,
    lambda value: value * None, lambda value: value - "1",
    lambda value: value ** "2", lambda value: value.reshape(7),
    lambda value: value.sum(2), lambda value: value.max(-3),
    lambda value: value[2], lambda value: value[:0].max(0),
    lambda value: value.where(M, M), lambda value: value.masked_fill(M, 2),
    lambda value: value.exp(1), lambda value: len(value.sum())]


@pytest.mark.parametrize("wrong", WRONG)
def test_bad_input(wrong):
    """Both sides raise the same kind of exception."""
    kinds = []
    for side in SIDES:
        with pytest.raises((TypeError, ValueError, RuntimeError,
                            IndexError)) as error:
            wrong(side.Value(M))
        kinds.append(error.type)
    assert kinds[0] == kinds[1]


ELEMENT_WISE = ["relu", "sigmoid", "tanh", "softplus"]
ALONG = ["textbook_softmax", "softmax", "log_softmax"]


@given(data=st.data(), dtype=dtypes(), shape=shapes(3),
       name=st.sampled_from(ELEMENT_WISE + ALONG))
def test_activations(data, dtype, shape, name):
    """They take a Value, and give what they give for a tensor."""
    x = data.draw(tensors(shape, dtype, WHOLE), "x")
    upstream = data.draw(tensors(shape, dtype, MODERATE), "upstream")
    options = {"dim": -1} if name in ALONG else {}
    value, leaf = by_hand.Value(x), x.clone().requires_grad_()
    for input in value, leaf:
        result = getattr(activations, name)(input, **options)
        (result * upstream).sum().backward()
    same(value.grad, leaf.grad, signed_zeros=False)


@given(data=st.data(), dtype=dtypes(), n=st.integers(1, 4),
       reduction=st.sampled_from(["mean", "sum"]),
       smoothing=st.sampled_from([0.0, 0.1, 1.0]))
@pytest.mark.parametrize("name", [
    "mse_loss", "binary_cross_entropy", "cross_entropy", "nll_loss",
    "binary_cross_entropy_with_logits"])
def test_losses(name, data, dtype, n, reduction, smoothing):
    """They take a Value, and give what they give for a tensor."""
    loss = getattr(losses, name)
    options = {"reduction": reduction}
    if "label_smoothing" in inspect.signature(loss).parameters:
        options["label_smoothing"] = smoothing
    x = data.draw(tensors((n, 3), dtype, UNIT if name ==
                          "binary_cross_entropy" else WHOLE), "x")
    y = (torch.arange(n) % 3 if name in ("cross_entropy", "nll_loss")
         else data.draw(tensors((n, 3), dtype, UNIT), "y"))
    value, leaf = by_hand.Value(x), x.clone().requires_grad_()
    for input in value, leaf:
        result = loss(input, y, **options)
        result.backward()
    same(value.grad, leaf.grad, signed_zeros=False)


def with_values(model):
    """The model, its parameters as Values."""
    if hasattr(model, "layers"):
        model.layers = [tuple(map(by_hand.Value, layer))
                        for layer in model.layers]
    else:
        model.w, model.b = by_hand.Value(model.w), by_hand.Value(model.b)
    return model


@given(data=st.data(), dtype=dtypes(), seed=generators(),
       n=st.integers(1, 6))
@pytest.mark.parametrize("name", ["linear", "softmax", "mlp"])
def test_trainings(name, data, dtype, seed, n):
    """A training loop does not see whose gradients it uses."""
    x = data.draw(tensors((n, 2), dtype, MODERATE), "x")
    y = torch.arange(n) % 3

    def train(change):
        if name == "linear":
            model = change(cast(linear_regression.LinearRegression(2), dtype))
            return model, linear_regression.train(
                model, x, y[:, None].to(dtype), steps=4)
        if name == "softmax":
            model = change(cast(
                softmax_regression.SoftmaxRegression(2, 3), dtype))
            return model, softmax_regression.train(
                model, x, y, epochs=2, batch_size=4)
        model = change(cast(mlp.MLP([2, 4, 3], seed), dtype))
        return model, mlp.train(model, losses.cross_entropy, x, y, 0.1, 3)

    (ours, values), (plain, tensors_) = (
        train(change) for change in (with_values, lambda model: model))
    assert list(values) == list(tensors_)
    for a, b in zip(ours.parameters(), plain.parameters()):
        same(a.data, b.data, signed_zeros=False)
