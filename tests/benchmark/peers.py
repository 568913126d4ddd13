"""A step of the CNN beside JAX's and tinygrad's, on a CPU: `--peers`.

All train the same net from the same weights on the same batch of 128
images, with Adam and label smoothing. Counted is the CPU time of all
threads, because each library starts threads of its own.
"""

import dataclasses
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

import torch_ref.cnn
from scratch.front_door.device import good_at_bf16
from scratch.tensors import to_numpy
from tests.benchmark.measure import Benchmark, Unavailable, steps

RECIPE = dataclasses.replace(torch_ref.cnn.RECIPES["fast"], lr=1e-3,
                             one_cycle=False)
SIZE, STEPS = 20, 20
BASE = "torch"


def _batch() -> tuple[Tensor, Tensor, list[Any]]:
    """Images, labels, and the weights and biases to start from."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(128, 1, SIZE, SIZE, generator=generator)
    y = torch.randint(0, 10, (128,), generator=generator)
    model = torch_ref.cnn.CNN(size=SIZE)
    return x, y, [to_numpy(p.detach()) for p in model.parameters()]


def trained(wing: Any, bf16: bool = False) -> Iterator[float]:
    """The losses by hand or by torch."""
    x, y, _ = _batch()
    for loss in wing.Training(wing.CNN(size=SIZE), x, y, RECIPE, 10 ** 6,
                              bf16=bf16):
        yield loss.item()


def by_jax() -> Iterator[float]:
    """The losses of a step that JAX has compiled."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    try:
        import jax
    except ImportError as error:
        raise Unavailable("JAX is not installed") from error
    from jax import lax
    from jax import numpy as jnp
    (b1, b2), smoothing = RECIPE.betas, RECIPE.label_smoothing
    images, labels, start = _batch()
    x, y = jnp.array(to_numpy(images)), jnp.array(to_numpy(labels))

    def loss(parameters):
        """Cross-entropy of the net's logits."""
        z = x
        for weight, bias in (parameters[:2], parameters[2:4]):
            z = lax.conv_general_dilated(z, weight, (1, 1), "SAME")
            z = lax.reduce_window(z + bias[:, None, None], -jnp.inf, lax.max,
                                  (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
            z = jax.nn.relu(z)
        weight, bias = parameters[4:]
        q = (1 - smoothing) * jax.nn.one_hot(y, 10) + smoothing / 10
        p = jax.nn.log_softmax(z.reshape(len(z), -1) @ weight.T + bias)
        return -(q * p).sum(axis=1).mean()

    def adam(p, g, m, v, t):
        """The new parameter and its two averages."""
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        root = jnp.sqrt(v / (1 - b2 ** t)) + 1e-8
        return p - RECIPE.lr * m / (1 - b1 ** t) / root, m, v

    @jax.jit
    def step(parameters, m, v, t):
        """The loss, and what comes after the update."""
        value, gradients = jax.value_and_grad(loss)(parameters)
        return value, *zip(*(adam(*each, t) for each in zip(
            parameters, gradients, m, v)))

    def losses() -> Iterator[float]:
        parameters = tuple(map(jnp.array, start))
        m = v = tuple(map(jnp.zeros_like, parameters))
        t = 0
        while True:
            t += 1
            value, parameters, m, v = step(parameters, m, v, float(t))
            yield float(value)

    return losses()


def by_tinygrad() -> Iterator[float]:
    """The losses of a step that tinygrad's TinyJit replays."""
    os.environ.setdefault("DEV", "CPU")
    try:
        from tinygrad import Context, TinyJit
        from tinygrad import Tensor as Tiny
        from tinygrad.nn.optim import Adam
    except ImportError as error:
        raise Unavailable("tinygrad is not installed") from error
    if not shutil.which("clang"):
        raise Unavailable("tinygrad needs clang")
    images, labels, start = _batch()
    x, y = Tiny(to_numpy(images)), Tiny(to_numpy(labels))
    parameters = [Tiny(p) for p in start]
    optimizer = Adam(parameters, RECIPE.lr, *RECIPE.betas)

    @TinyJit
    def step():
        """The loss, before the update."""
        optimizer.zero_grad()
        z = x
        for weight, bias in (parameters[:2], parameters[2:4]):
            z = z.conv2d(weight, bias, padding=2).max_pool2d().relu()
        weight, bias = parameters[4:]
        loss = (z.flatten(1) @ weight.T + bias
                ).sparse_categorical_crossentropy(
                    y, label_smoothing=RECIPE.label_smoothing)
        loss.backward()
        with Context(TRAINING=1):
            return loss.realize(*optimizer.schedule_step())

    def losses() -> Iterator[float]:
        while True:
            yield step().item()

    return losses()


def _cpu_time(work: Callable[[], None]) -> Callable[[], float]:
    def case() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start
    return case


def compare(**peers: Callable[[], Iterator[float]]) -> list[Benchmark]:
    """A step by torch, and the steps of peers."""
    losses = {BASE: trained(torch_ref.cnn)}
    if good_at_bf16("cpu"):
        losses["torch, bfloat16"] = trained(torch_ref.cnn, True)
    expected = [loss for _, loss in zip(range(5), trained(torch_ref.cnn))]
    for name, start in peers.items():
        try:
            losses[name] = start()
        except Unavailable as error:
            print(f"skipped: {error}")
            continue
        found = [loss for _, loss in zip(expected, losses[name])]
        if not all(math.isclose(a, b, rel_tol=1e-3)
                   for a, b in zip(found, expected)):
            raise ArithmeticError(f"the losses must be {expected}, got "
                                  f"{found} by {name}")
    return [Benchmark(
        f"a step of the CNN, 128 images of {SIZE} x {SIZE}, CPU time",
        {name: _cpu_time(steps(each, STEPS))
         for name, each in losses.items()}, BASE)]


def cnn_step() -> list[Benchmark]:
    """A step by torch, JAX and tinygrad, where they are installed."""
    return compare(jax=by_jax, tinygrad=by_tinygrad)
