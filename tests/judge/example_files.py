"""Examples of the bugs in tensors and in files: the code is run."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.judge.example_run import Example, Names, tensor


def _where(names: Names) -> Any:
    """The gradients of both, if the first is taken."""
    import torch
    a, b = (names["Value"](tensor(number)) for number in (2, 3))
    a.where(torch.tensor([True]), b).sum().backward()
    return a.grad, b.grad


def _read(names: Names, content: bytes) -> Any:
    """The array in a file with that content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content)
        return names["read_idx"](path)


def _pixel(names: Names) -> Any:
    """Of a dataset of one image, all of it with the byte 255."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "train-images-idx3-ubyte").write_bytes(
            b"\0\0\x08\3" b"\0\0\0\1" b"\0\0\0\x1c" b"\0\0\0\x1c"
            + 28 * 28 * b"\xff")
        Path(folder, "train-labels-idx1-ubyte").write_bytes(
            b"\0\0\x08\1" b"\0\0\0\1" b"\0")
        images, _ = names["_load"](Path(folder), True)
        return images[0, 0, 0]


def _reload(names: Names, p: Any, *buffers: Any, optimizers: Any = (),
            generator: Any = None,
            meanwhile: Callable[[], Any] = lambda: None) -> None:
    """Save a model, do something else, load the file.

    optimizers: the one that is saved, the one that loads.
    """
    import torch
    from scratch.optim import SGD
    model = SimpleNamespace(parameters=lambda: [p], buffers=lambda: buffers)
    first, second = optimizers or (SGD([p], lr=1.0), SGD([p], lr=1.0))
    generator = generator or torch.Generator()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.npz")
        names["save"](path, model, first, 1, generator)
        meanwhile()
        names["load"](path, model, second, generator)


def _momentum(names: Names) -> Any:
    """Gradient 1 in two steps; a new optimiser does the second."""
    from scratch.optim import SGD
    p = tensor(0)
    p.grad = tensor(1)
    optimizers = [SGD([p], lr=1.0, momentum=0.5) for _ in range(2)]
    optimizers[0].step()
    _reload(names, p, optimizers=optimizers)
    optimizers[1].step()
    return p


def _orders(names: Names) -> Any:
    """The first is drawn after the file is saved, the second loaded."""
    import torch
    generator, orders = torch.Generator().manual_seed(0), []

    def shuffle() -> None:
        orders.append(torch.randperm(4, generator=generator))

    _reload(names, tensor(0), generator=generator, meanwhile=shuffle)
    shuffle()
    return orders


def _epochs(names: Names) -> Any:
    """One step is one epoch."""
    from scratch.losses import mse_loss
    from scratch.mlp import MLP
    from scratch.optim import SGD
    model, x = MLP([1, 1]), tensor([0])
    optimizer = SGD(model.parameters(), lr=0.1)
    with tempfile.TemporaryDirectory() as folder:
        return sum(len(list(names["train"](
            Path(folder, "file.npz"), optimizer, model, mse_loss, x, x,
            epochs))) for epochs in (1, 2))


def _running_mean(names: Names) -> Any:
    mean = tensor(5)
    _reload(names, tensor(0), mean, meanwhile=lambda: mean.fill_(0))
    return mean


def _view(names: Names) -> Any:
    p = tensor(1)
    view = p.data[:]
    _reload(names, p, meanwhile=lambda: p.data.fill_(2))
    return view


# 256, the largest byte first
LENGTH = b"\0\0\1\0"
BYTE = "a pixel of 255, the largest byte · its value"

FILES: dict[str, Example] = {
    "lerp-one-way": (
        "from 100,000,000 to 1 in float32, weight 1",
        lambda names: names["lerp"](
            tensor(1e8).float(), tensor(1).float(), 1.0)),
    "slope-from-one-side": (
        "f(x) = x * x, eps 1 · slope at x = 1",
        lambda names: names["numerical_gradient"](
            lambda x: (x * x).sum(), tensor(1), 1.0)),
    "where-passes-to-both": (
        "a = 2, b = 3, L = a.where(True, b) · dL/da, dL/db", _where),
    "idx-little-endian": (
        "an IDX file of 256 numbers, the length in the bytes 0, 0, 1, 0, "
        f"backwards {int.from_bytes(LENGTH, 'little'):,} · how many are "
        "read", lambda names: len(_read(
            names, b"\0\0\x08\1" + LENGTH + bytes(256)))),
    "idx-a-byte-early": (
        "an IDX file of the 3 numbers 7, 8, 9 · what is read",
        lambda names: _read(names, b"\0\0\x08\1" b"\0\0\0\3" b"\7\x08\x09")),
    "pixels-to-255": (BYTE, _pixel),
    "pixels-by-256": (BYTE, _pixel),
    "checkpoint-without-momentum": (
        "start 0, lr 1, momentum 0.5, gradient 1, save after step 1, load "
        "into a new optimiser · after step 2", _momentum),
    "checkpoint-without-generator": (
        "rows 0 to 3 are shuffled after saving, and again after loading · "
        "both orders", _orders),
    "checkpoint-repeats-an-epoch": (
        "a training stops after epoch 1 of 2 and resumes · the epochs that "
        "are trained in all", _epochs),
    "checkpoint-without-running-statistics": (
        "a running mean of 5 is saved, a net with 0 loads it · its running "
        "mean", _running_mean),
    "checkpoint-replaces-the-parameters": (
        "p and a view of it share memory, p = 1 is saved, set to 2, then "
        "loaded · the view", _view),
}
