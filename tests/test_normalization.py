"""Batch and layer normalisation are torch's, up to rounding.

Each bound counts eps of the magnitudes that enter: see
tests/compare/normalised.py.
"""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch.normalization as by_hand
import torch_ref.normalization as by_torch
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import dtypes, generators
from tests.compare.normalised import NAMES, problems

SIDES = (by_hand, by_torch)
momenta = st.sampled_from([0.1, 0.9, 0.5, 0.0, 1.0])
given_names = st.sampled_from([NAMES[2:], ("weight",), ("bias",), ()])


def check(problem, names, results):
    """Check a value, and the gradients of x and of what has a name."""
    for name, neutral in zip(NAMES[2:], (1.0, 0.0)):
        if name not in names:
            problem.numbers[name].fill_(neutral)
    (y, grads), (y_ref, grads_ref) = results
    close(y, y_ref, 4, problem.value_scale())
    check_gradients(problem, ("x", *names), grads, grads_ref)


def check_gradients(problem, names, grads, grads_ref):
    """dL/dx is within 4 eps of what enters, a sum of k terms k more."""
    terms = problem.input.numel() // problem.numbers["weight"].numel()
    scales = problem.gradient_scales()
    for name, a, b in zip(names, grads, grads_ref, strict=True):
        close(a, b, 4 if name == "x" else 4 + terms, scales[name])


@given(problem=problems(), momentum=momenta, names=given_names,
       running=st.booleans())
def test_batch_norm_in_training(problem, momentum, names, running):
    """The value, the running statistics and all gradients are torch's.

    A running mean is within 4 eps X. A running variance is a sum of
    (x - mean)^2 over n - 1: in a constant channel only the square of
    that error is left, 16 eps^2 X^2, and n / (n - 1) is at most 2.
    """
    results: list[Any] = []
    numbers = problem.numbers
    for side in SIDES:
        x, options = (problem.input.clone().requires_grad_(),
                      problem.options(names))
        kept = [numbers[name].clone() for name in NAMES[:2]]
        y = side.batch_norm(
            x, *(kept if running else [None, None]), **options,
            training=True, momentum=momentum, eps=problem.eps)
        y.backward(problem.upstream)
        assert not any(t.requires_grad for t in kept)
        results.append((y.detach(), [t.grad for t in (
            x, *options.values())], kept))
    x = problem.input.double()
    n = x.numel() / x.shape[1]
    reach = x.abs().amax(dim=problem.axes)
    var = problem.mean((x - problem.mean(x)) ** 2).flatten() * n / (n - 1)
    batch = reach, var + 8 * torch.finfo(y.dtype).eps * reach ** 2
    for name, a, b, size in zip(NAMES, results[0][2], results[1][2], batch):
        if running:
            close(a, b, 4, (1 - momentum) * numbers[name].double().abs()
                  + momentum * size)
        else:
            same(a, numbers[name])
    check(problem, names, [result[:2] for result in results])


@given(problem=problems())
def test_batch_norm_in_evaluation(problem):
    """The running statistics are used, and stay to the bit."""
    results = []
    mean, var, weight, bias = map(problem.wide, NAMES)
    for side in SIDES:
        kept = [problem.numbers[name].clone() for name in NAMES]
        results.append(value_and_gradient(
            side.batch_norm, problem.input, problem.upstream, *kept,
            eps=problem.eps))
        for name, after in zip(NAMES, kept):
            same(after, problem.numbers[name])
    # y = weight (x - mean) / std + bias
    r = weight.abs() / (var + problem.eps).sqrt()
    scale = r * (problem.input.double().abs() + mean.abs()) + bias.abs()
    for a, b, unit in zip(*results, (scale, r * problem.upstream)):
        close(a, b, 4, unit)


@given(problem=problems(layer=True), names=given_names)
def test_layer_norm(problem, names):
    """The value and all gradients, for any number of last axes."""
    results = []
    for side in SIDES:
        x, options = (problem.input.clone().requires_grad_(),
                      problem.options(names))
        y = side.layer_norm(x, problem.shape, **options, eps=problem.eps)
        y.backward(problem.upstream)
        results.append((y.detach(), [t.grad for t in (
            x, *options.values())]))
    check(problem, names, results)


@given(problem=problems() | problems(layer=True))
def test_gradients_by_hand(problem):
    """The gradients written out are those of torch's autograd."""
    layer = problem.axes[0] != 0
    results = []
    for side in SIDES:
        arguments = [problem.numbers["weight"], problem.upstream,
                     problem.eps]
        results.append(side.layer_norm_gradients(
            problem.input, problem.shape, *arguments) if layer else
            side.batch_norm_gradients(problem.input, *arguments))
    check_gradients(problem, ("x", *NAMES[2:]), *results)


def test_autograd_is_not_called(monkeypatch):
    """By hand no gradient comes from torch."""
    def fail(*args, **options):
        raise AssertionError("autograd was called")

    monkeypatch.setattr(torch.Tensor, "backward", fail)
    monkeypatch.setattr(torch.autograd, "grad", fail)
    x, w = torch.randn(4, 3), torch.ones(3)
    by_hand.batch_norm_gradients(x, w, x)
    by_hand.layer_norm_gradients(x, [3], w, x)


@given(seed=generators(), dtype=dtypes(), image=st.booleans(),
       kind=st.sampled_from(["batch", "row", "last axis"]),
       events=st.text("ted", min_size=1, max_size=8), momentum=momenta)
@example(seed=0, dtype=torch.float64, image=True, kind="batch",
         events="dtdedtd", momentum=0.1)
def test_layers(seed, dtype, image, kind, events, momentum):
    """A layer of both sides through a random training.

    t switches to training, e to evaluation, d takes a batch and a step
    of gradient descent. Entries are of size 1; each of up to 8 batches
    adds the error of its step.
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (5, 3, 2, 2) if image else (5, 3)
    options: dict[str, Any] = {"eps": 1e-3, "dtype": dtype}
    layers = [side.BatchNorm(3, momentum=momentum, **options)
              if kind == "batch" else
              side.LayerNorm(shape[1:] if kind == "row" else shape[-1],
                             **options) for side in SIDES]
    for event in events:
        x, upstream = torch.randn(2, *shape, generator=generator,
                                  dtype=dtype)
        outputs: list[torch.Tensor] = []
        for layer in layers:
            if event == "t":
                assert layer.train() is layer and layer.training
            elif event == "e":
                assert layer.eval() is layer and not layer.training
            else:
                outputs.append(layer(x))
                outputs[-1].backward(upstream)
                for p in layer.parameters():
                    p.data.sub_(p.grad, alpha=0.01)
                    p.grad = None
        if outputs:
            close(outputs[0], outputs[1], 50, 1.0)
    for a, b in zip(*(layer.parameters() for layer in layers), strict=True):
        assert a.requires_grad
        close(a.data, b.data, 50, 1.0)
    for name in NAMES[:2] if kind == "batch" else ():
        a, b = (getattr(layer, name) for layer in layers)
        assert not a.requires_grad and a.is_leaf
        close(a, b, 50, 1.0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 5])
def test_special_values(value, place):
    """One of them spoils its channel or its row, and no other."""
    x = torch.arange(12.0).sin().reshape(4, 3)
    x.view(-1)[place] = value
    row, column = divmod(place, 3)
    upstream, weight = x.nan_to_num(0, 0, 0).cos(), torch.ones(3)
    zero, one = torch.zeros(3), torch.ones(3)
    for call, spoilt in (
            (lambda side: side.batch_norm(
                x, zero.clone(), one.clone(), training=True), x[:, column]),
            (lambda side: side.batch_norm(x, zero, one), x[row, column]),
            (lambda side: side.layer_norm(x, [3]), x[row]),
            (lambda side: side.batch_norm_gradients(
                x, weight, upstream)[0], x[:, column]),
            (lambda side: side.layer_norm_gradients(
                x, [3], weight, upstream)[0], x[row])):
        hand, ref = map(call, SIDES)
        # |x| is at most 1, and a standard deviation at least 0.1
        close(hand, ref, 4, 10.0)
        assert (~hand.isfinite()).sum() == spoilt.numel()


def test_a_large_offset():
    """At 10,000 +- 1 float32 keeps the variance to 4 digits.

    mean(x^2) - mean^2 would keep none. NumPy computes in float64.
    """
    x = (10_000 + torch.randn(1000, 1, generator=torch.Generator(
    ).manual_seed(0)))
    exact = np.var(x.double().numpy(force=True), ddof=1)
    for side in SIDES:
        mean, var = torch.zeros(1), torch.ones(1)
        y = side.batch_norm(x, mean, var, training=True, momentum=1.0)
        assert abs(var.item() / exact - 1) < 1e-4
        assert abs(y.square().mean() - 1) < 1e-3 and abs(y.mean()) < 1e-2


X, C = torch.ones(4, 3), torch.ones(3)
IMAGE = torch.ones(2, 3, 2, 2)
BAD: list[Any] = [
    *[("batch_norm", [x, None, None, None, None, True], {}, ValueError,
       "more than 1 value per channel") for x in (
           X[:1], X[:0], IMAGE[:1, :, :1, :1], X[:, :0])],
    *[("batch_norm", [x, C, C], {}, ValueError, r"\(n, c, h, w\), got")
      for x in (C, X[None], IMAGE[None])],
    *[("batch_norm", [X, *statistics], {}, ValueError, "two tensors")
      for statistics in ([None, None], [C, None], [None, C])],
    *[("batch_norm", [X, C, C], {name: X[0, :2]}, ValueError,
       rf"{name} must have shape \(3,\), got \(2,\)")
      for name in NAMES[2:]],
    ("batch_norm", [X, C, C[:1]], {}, ValueError, "running_var must have"),
    ("batch_norm", [X, C.double(), C], {}, RuntimeError, "same dtype"),
    ("batch_norm", [X.long(), C, C], {}, RuntimeError, "floating-point"),
    ("batch_norm", [X, C, C.clone().requires_grad_()], {}, RuntimeError,
     "must not require a gradient"),
    *[("batch_norm", [X, C, C], {"momentum": m}, ValueError,
       rf"momentum must be .*, got {m}") for m in (-0.1, 1.5, math.nan)],
    *[(name, [X, *rest], {"eps": eps}, ValueError, rf"eps must be .*{eps}")
      for name, rest in (("batch_norm", [C, C]), ("layer_norm", [[3]]),
                         ("batch_norm_gradients", [C, X]),
                         ("layer_norm_gradients", [[3], C, X]))
      for eps in (0, -1e-5, math.nan, math.inf)],
    *[("layer_norm", [X, shape], {}, ValueError, "must end with")
      for shape in ([4], [3, 4], [1, 4, 3])],
    ("layer_norm", [X, []], {}, ValueError, "must not be empty"),
    ("layer_norm", [X, 3], {}, TypeError, "must be a list or a tuple"),
    ("layer_norm", [X, [3], X], {}, ValueError, "weight must have shape"),
    ("batch_norm_gradients", [X[:1], C, X[:1]], {}, ValueError, "more than"),
    *[(name, [X, *rest, X[:1]], {}, ValueError, "must have the same shape")
      for name, rest in (("batch_norm_gradients", [C]),
                         ("layer_norm_gradients", [[3], C]))],
    ("BatchNorm", [0], {}, ValueError, "num_features must be at least 1"),
    ("LayerNorm", [0], {}, ValueError, "normalized_shape must be at least"),
    ("BatchNorm", [3], {"momentum": 2}, ValueError, r"in \[0, 1\], got 2")]


@pytest.mark.parametrize("name, args, options, error, words", BAD)
def test_bad_input(name, args, options, error, words):
    """Rule 11: both sides reject it in the same words; nothing changes."""
    for side in SIDES:
        with pytest.raises(error, match=words):
            getattr(side, name)(*args, **options)
    assert X.eq(1).all() and C.eq(1).all() and IMAGE.eq(1).all()


@pytest.mark.parametrize("side", SIDES)
def test_layers_reject(side):
    """A layer rejects what its function does, and keeps its statistics."""
    layer = side.BatchNorm(3)
    for x, error in ((X[:1], ValueError), (X[:, :2], ValueError),
                     (X[None], ValueError), (X.double(), RuntimeError)):
        with pytest.raises(error):
            layer(x)
    assert layer.running_mean.eq(0).all() and layer.running_var.eq(1).all()
    assert layer.eval()(X[:1]).shape == (1, 3)
    for x, error in ((X[:, :2], ValueError), (X.double(), RuntimeError)):
        with pytest.raises(error):
            side.LayerNorm(3)(x)
