"""Compare a step by hand with a step by nn.Module and torch.optim.

Model, loss, batch and update are the same on both sides, and both check
the input of the loss. Logistic regression is measured twice. The
textbook's loss, log(1 + exp(x)) - x y, is short, but overflows at x = 89
in float32. The stable loss, which the lessons use, costs autograd three
times as many operations.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

import scratch.autograd
import scratch.backprop
import scratch.cnn
import scratch.data
import scratch.linear_regression
import scratch.logistic_regression
import scratch.losses
import scratch.mlp
import scratch.softmax_regression
import torch_ref.cnn
import torch_ref.linear_regression
import torch_ref.losses
import torch_ref.mlp
import torch_ref.softmax_regression
from tests.benchmark.measure import Benchmark, steps

FOREVER = 10 ** 9
OPTIMISERS: dict[str, dict] = {
    "nn.Module, torch.optim": {}, "  foreach=False": {"foreach": False},
    "  fused=True": {"fused": True}}


def _torch_steps(model, loss_function, rows: Callable, **options,
                 ) -> Iterator[float]:
    optimizer = torch.optim.SGD(model.parameters(), **options)
    while True:
        for x, y in rows():
            loss = loss_function(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            yield loss.item()


def _compare(about: str, aim: float, by_hand: Iterator[float],
             make: Callable, loss_function: Callable,
             rows: Callable, **options) -> Benchmark:
    cases = {name: steps(
        _torch_steps(make(), loss_function, rows, **options, **extra), 200)
        for name, extra in OPTIMISERS.items()}
    cases["scratch"] = steps(by_hand, 200)
    return Benchmark(f"a step: {about}", cases, "nn.Module, torch.optim",
                     {"scratch": aim} if aim else {}, rounds=15)


def backprop() -> list[Benchmark]:
    """Gradients written out by hand, compared with torch's autograd."""
    by_hand, rows = scratch.backprop, scratch.data.batches
    x, y = scratch.data.line(20)
    result = [_compare(
        "linear regression, 20 rows, gradients written out", 0.15,
        by_hand.train(
            scratch.linear_regression.LinearRegression(),
            by_hand.linear_regression_gradients, x, y, 1e-4, FOREVER),
        torch_ref.linear_regression.LinearRegression,
        lambda a, b: 0.5 * torch_ref.losses.mse_loss(a, b),
        lambda: [(x, y)], lr=1e-4)]
    images, classes = torch.rand(6400, 784), torch.randint(0, 10, (6400,))
    generators = [torch.Generator().manual_seed(0) for _ in range(2)]
    result.append(_compare(
        "softmax regression 784-10, 64 rows of 6,400, gradients written "
        "out", 0.6,
        by_hand.train(
            scratch.softmax_regression.SoftmaxRegression(784),
            by_hand.softmax_regression_gradients, images, classes, 1e-3,
            FOREVER, 64, generators[0]),
        lambda: torch_ref.softmax_regression.SoftmaxRegression(784),
        torch_ref.losses.cross_entropy,
        lambda: rows(images, classes, batch_size=64, shuffle=True,
                     generator=generators[1]), lr=1e-3))
    u, v = torch.randn(64, 30), torch.randint(0, 2, (64, 1)).float()
    result.append(_compare(
        "net 30-32-64-1, 64 rows, gradients written out", 0.35,
        by_hand.train(scratch.mlp.MLP([30, 32, 64, 1]),
                      by_hand.mlp_gradients, u, v, 1e-2, FOREVER),
        lambda: torch_ref.mlp.MLP([30, 32, 64, 1]),
        torch_ref.losses.binary_cross_entropy_with_logits,
        lambda: [(u, v)], lr=1e-2))
    return result


def autograd() -> list[Benchmark]:
    """The engine of scratch/autograd.py, compared with torch's."""
    net: Any = scratch.mlp.MLP([30, 32, 64, 1])
    value = scratch.autograd.Value
    net.layers = [(value(w), value(b)) for w, b in net.layers]
    u, v = torch.randn(64, 30), torch.randint(0, 2, (64, 1)).float()
    loss = "binary_cross_entropy_with_logits"
    return [_compare(
        "net 30-32-64-1, 64 rows, by our own engine", 0,
        scratch.mlp.train(net, getattr(scratch.losses, loss), u, v, 1e-2,
                          FOREVER),
        lambda: torch_ref.mlp.MLP([30, 32, 64, 1]),
        getattr(torch_ref.losses, loss), lambda: [(u, v)], lr=1e-2)]


def cnn() -> list[Benchmark]:
    """A step of the CNN with Adam, recipe `lecture`."""
    x, y = torch.rand(50, 1, 28, 28), torch.randint(0, 10, (50,))
    sides = {"nn.Module, torch.optim": torch_ref.cnn,
             "scratch": scratch.cnn}
    cases = {name: steps((loss.item() for loss in side.Training(
        side.CNN(), x, y, side.RECIPES["lecture"], FOREVER)), 5)
        for name, side in sides.items()}
    return [Benchmark("a step: the CNN, 50 images", cases,
                      "nn.Module, torch.optim", {"scratch": 3.0},
                      rounds=15)]


def textbook(input: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy from logits, by the textbook's formula."""
    return (torch.log1p(torch.exp(input)) - input * target).mean()


def benchmarks() -> list[Benchmark]:
    """Linear, logistic (twice) and softmax regression, a hidden layer."""
    linear = scratch.linear_regression
    x, y = scratch.data.line(20)
    result = [_compare(
        "linear regression, 20 rows", 0.75,
        linear.train(linear.LinearRegression(), x, y, 1e-4, FOREVER,
                     stop=-1.0),
        torch_ref.linear_regression.LinearRegression,
        lambda a, b: 0.5 * torch_ref.losses.mse_loss(a, b),
        lambda: [(x, y)], lr=1e-4)]
    points, labels = scratch.data.blobs(100)
    column = labels[:, None].float()
    stable = scratch.losses.binary_cross_entropy_with_logits
    for kind, loss, aim in (("textbook", textbook, 0.75),
                            ("stable", stable, 0.75)):
        # The topic's own loop, with a model that returns logits.
        logits: Any = linear.LinearRegression(2)
        result.append(_compare(
            f"logistic regression, 200 rows, {kind} loss", aim,
            scratch.logistic_regression.train(
                logits, loss, points, column, epochs=FOREVER),
            lambda: torch_ref.linear_regression.LinearRegression(2),
            torch_ref.losses.binary_cross_entropy_with_logits,
            lambda: [(points, column)], lr=1e-3, momentum=0.9))
    u, v = scratch.data.parabola(100)
    result.append(_compare(
        "hidden layer 1-10-1, 100 rows", 0.75,
        scratch.mlp.train(
            scratch.mlp.MLP([1, 10, 1]), scratch.losses.mse_loss, u, v,
            1e-3, FOREVER),
        lambda: torch_ref.mlp.MLP([1, 10, 1]),
        torch_ref.losses.mse_loss, lambda: [(u, v)], lr=1e-3))
    images = torch.rand(6400, 784)
    classes = torch.randint(0, 10, (6400,))
    softmax = scratch.softmax_regression
    generator = torch.Generator().manual_seed(0)
    result.append(_compare(
        "softmax regression 784-10, 64 rows of 6,400", 1.05,
        softmax.train(softmax.SoftmaxRegression(784), images, classes,
                      1e-3, FOREVER),
        lambda: torch_ref.softmax_regression.SoftmaxRegression(784),
        torch_ref.losses.cross_entropy,
        lambda: scratch.data.batches(
            images, classes, batch_size=64, shuffle=True,
            generator=generator), lr=1e-3))
    return result
