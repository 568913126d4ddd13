"""Rule 5: the sides are equal to the bit where torch fuses no kernels.

With ATEN_CPU_CAPABILITY=default, set before torch is imported, torch
rounds each operation. Then all optimisers are equal to the bit, and so
are the trainings of all models whose operations are equal; exceptions.py
lists those that differ.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

import scratch
import scratch.activations
import scratch.linear_regression
import scratch.logistic_regression
import scratch.losses
import scratch.mlp
import scratch.optim
import scratch.softmax_regression
import scratch.tensors
import torch_ref
import torch_ref.activations
import torch_ref.linear_regression
import torch_ref.logistic_regression
import torch_ref.losses
import torch_ref.mlp
import torch_ref.optim
import torch_ref.softmax_regression
import torch_ref.tensors
from scratch.front_door.source import ROOT
from tests.across.exceptions import EXCEPTIONS
from tests.compare.background import X86, Background
from tests.compare.closeness import EXACT, same, value_and_gradient
from tests.compare.draw import (MODERATE, OPTIMISERS, dtypes, generators,
                                tensors)
from tests.compare.trainings import compare_trainings

WINGS = (scratch, torch_ref)

# The process that it starts must not start another one.
STARTS = not EXACT and X86


def marked():
    """The files with such a mark: to collect all files takes longer."""
    return sorted(str(path.relative_to(ROOT))
                  for path in (ROOT / "tests").rglob("test_*.py")
                  if "to_the_bit" in path.read_text(encoding="utf-8"))


BACKGROUND = Background(
    "test_without_fused_kernels",
    ["pytest", "-q", "-p", "no:cacheprovider", "-rs", "-m",
     "to_the_bit", *marked()],
    {"ATEN_CPU_CAPABILITY": "default"}) if STARTS else None


@pytest.mark.skipif(not STARTS, reason="starts on x86, and only once")
def test_without_fused_kernels():
    """All tests marked `to_the_bit` pass where each operation rounds."""
    status, output = BACKGROUND.wait()
    assert status == 0, output
    assert "test_without_fused_kernels runs it" not in output, output


@dataclass
class Problem:
    """Rows, targets of each kind, and the seed of the parameters."""

    x: Tensor
    y: Tensor
    labels: Tensor
    seed: int

    def start(self, model):
        """Set a model's parameters from the seed."""
        generator = torch.Generator().manual_seed(self.seed)
        for p in model.parameters():
            p.data = torch.randn(p.shape, generator=generator).to(self.x)


@st.composite
def problems(draw, dtype):
    """Up to 9 rows with up to 5 features, and 3 classes."""
    n, features = draw(st.integers(1, 9)), draw(st.integers(1, 5))
    return Problem(
        draw(tensors((n, features), dtype, MODERATE)),
        draw(tensors((n, 1), dtype, MODERATE)),
        torch.tensor(draw(st.lists(st.integers(0, 2), min_size=n,
                                   max_size=n))),
        draw(generators()))


def linear_regression(wing, data):
    """Linear regression; half of the seeds never clear its gradients."""
    topic = wing.linear_regression
    model = topic.LinearRegression(data.x.shape[1])
    data.start(model)
    return model, topic.train(model, data.x, data.y, 0.01, 10, -1.0,
                              data.seed % 2 == 0)


def logistic_regression(wing, data):
    """Logistic regression, trained on probabilities."""
    topic = wing.logistic_regression
    model = topic.LogisticRegression(data.x.shape[1])
    data.start(model)
    return model, topic.train(
        model, wing.losses.binary_cross_entropy, data.x / 10,
        (data.y > 0).to(data.x), 0.01, 0.9, 10)


def softmax_regression(wing, data):
    """Softmax regression, on mini-batches of 4."""
    topic = wing.softmax_regression
    model = topic.SoftmaxRegression(data.x.shape[1], 3)
    data.start(model)
    return model, topic.train(model, data.x, data.labels, 0.1, 3, 4,
                              generator=data.seed)


def mlp(loss, optimiser=None):
    """A net with one hidden layer, for any loss and any optimiser."""
    def make(wing, data):
        outputs = 3 if loss == "cross_entropy" else 1
        model = wing.mlp.MLP([data.x.shape[1], 5, outputs], data.seed)
        data.start(model)
        y = data.labels if loss == "cross_entropy" else data.y
        if loss == "binary_cross_entropy_with_logits":
            y = (y > 0).to(y)
        recipe = (model, getattr(wing.losses, loss), data.x, y)
        generator = torch.Generator().manual_seed(data.seed)
        if optimiser is None:
            return model, wing.mlp.train(*recipe, 0.01, 3, 4, generator)
        updates = getattr(wing.optim, optimiser)(
            model.parameters(), lr=0.01, weight_decay=0.1)
        return model, wing.mlp.train_with(updates, *recipe, 3, 4,
                                          generator)

    return make


# Each training, and the exceptions that apply to it.
TRAININGS = {
    "linear_regression": (linear_regression, []),
    "mlp": (mlp("mse_loss"), []),
    **{f"mlp, {name}": (mlp("mse_loss", name), [])
       for name in OPTIMISERS},
    "logistic_regression": (
        logistic_regression, ["sigmoid", "binary_cross_entropy"]),
    "softmax_regression": (softmax_regression, ["log_softmax"]),
    "mlp, cross-entropy": (mlp("cross_entropy"), ["log_softmax"]),
    "mlp, binary cross-entropy": (
        mlp("binary_cross_entropy_with_logits"),
        ["binary_cross_entropy_with_logits"]),
}


@pytest.mark.to_the_bit(only=True)
@pytest.mark.parametrize("name", TRAININGS)
@settings(max_examples=settings().max_examples // 4)
@given(data=st.data(), dtype=dtypes())
def test_training_to_the_bit(name, data, dtype):
    """Parameters and losses are equal, unless an exception is listed.

    With an exception they differ by at most 100 eps per step, relative
    to 100 or the largest value: the absolute error of a logit is the
    relative error of its probability, and the gradient divides by
    p (1 - p), about 0.01 here.
    """
    make, exceptions = TRAININGS[name]
    assert set(exceptions) <= set(EXCEPTIONS)
    if exceptions and "mlp" in name:
        # In float32 one rounding error may flip the sign of a relu's
        # input.
        dtype = torch.float64
    problem = data.draw(problems(dtype), label="problem")
    (hand, hand_training), (ref, ref_training) = (
        make(wing, problem) for wing in WINGS)
    if exceptions:
        compare_trainings(hand, hand_training, ref, ref_training, 100, 100.0)
        return
    for loss, ref_loss in zip(hand_training, ref_training, strict=True):
        same(torch.tensor(loss), torch.tensor(ref_loss))
        for p, q in zip(hand.parameters(), ref.parameters()):
            same(p.data, q.data)


@dataclass
class Layer:
    """x (n, k), weight (m, k), bias (m) and upstream (n, m)."""

    x: Tensor
    weight: Tensor
    bias: Tensor
    upstream: Tensor


@st.composite
def layers(draw):
    """A linear layer of any size from 1 to 9."""
    n, k, m = draw(st.tuples(*[st.integers(1, 9)] * 3))
    dtype = draw(dtypes())
    return Layer(*(draw(tensors(shape, dtype))
                   for shape in ((n, k), (m, k), (m,), (n, m))))


@pytest.mark.to_the_bit(only=True)
@given(layers())
def test_linear_layer_to_the_bit(layer):
    """x W^T + b and its gradients equal nn.Linear's, up to 9 columns."""
    x, weight, bias = layer.x, layer.weight, layer.bias
    functions: list[tuple[Tensor, Callable, Callable]] = [
        (x, lambda v: v @ weight.T + bias,
         lambda v: F.linear(v, weight, bias)),
        (weight, lambda v: x @ v.T + bias, lambda v: F.linear(x, v, bias)),
        (bias, lambda v: x @ weight.T + v,
         lambda v: F.linear(x, weight, v))]
    for start, by_hand, by_torch in functions:
        for a, b in zip(
                value_and_gradient(by_hand, start, layer.upstream),
                value_and_gradient(by_torch, start, layer.upstream)):
            # F.linear adds to the bias, which may be -0.0; we, to 0.
            same(a, b, signed_zeros=False)


@pytest.mark.to_the_bit(only=True)
@given(st.tuples(st.integers(1, 9), dtypes()).flatmap(
    lambda drawn: tensors((2, drawn[0], 3), drawn[1])))
def test_relu_and_squares_to_the_bit(inputs_and_targets):
    """relu, the squared error and their gradients are equal.

    Except for relu(-0.0), which is 0.0 by hand.
    """
    x, y = inputs_and_targets
    one = torch.ones((), dtype=x.dtype)
    hand, ref = (value_and_gradient(wing.activations.relu, x, one)
                 for wing in WINGS)
    same(hand[0], ref[0], signed_zeros=False)
    same(hand[1], ref[1])
    hand, ref = (value_and_gradient(wing.losses.mse_loss, x, one, y, "none")
                 for wing in WINGS)
    for a, b in zip(hand, ref):
        same(a, b)
