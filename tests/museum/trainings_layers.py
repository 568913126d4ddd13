"""Trainings as in trainings.py: of layers, of data, and of files."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tests.museum.trainings import STEPS, Losses, clusters, descent


def learnt(f: Callable[..., Tensor], tensors: list[Tensor],
           target: Tensor, lr: float, steps: int = STEPS,
           gradients: Callable[..., Any] | None = None) -> Losses:
    """Descent on the mean of (f(tensors) - target)^2.

    By autograd, or by gradients(tensors, upstream) written out.
    """
    if gradients is None:
        params = [p.requires_grad_() for p in tensors]
        yield from descent(
            lambda: ((f(*params).float() - target) ** 2).mean(), params,
            lr, steps)
        return
    for _ in range(steps):
        error = f(*tensors) - target
        for p, slope in zip(tensors, gradients(
                tensors, 2 * error / error.numel()), strict=True):
            p.sub_(slope, alpha=lr)
        yield (error * error).mean().item()


def normal(*shapes: tuple[int, ...]) -> list[Tensor]:
    """Random tensors, always the same."""
    draw = torch.Generator().manual_seed(0)
    return [torch.randn(shape, generator=draw) for shape in shapes]


def filters(by: Any, name: str = "conv2d", stride: int = 1,
            padding: int = 0, hand: bool = False) -> Losses:
    """A convolution learns its filters, its bias and its input."""
    x, w, b, x1, w1, b1 = normal(
        *[(2, 2, 5, 6), (2, 2, 3, 3), (2,)] * 2)
    target = torch.conv2d(x1, w1, b1, stride, padding)
    topic = by.convolution

    def f(x, w, b):
        return getattr(topic, name)(x, w, b, stride, padding)

    def gradients(tensors, upstream):
        return topic.conv2d_gradients(
            *tensors[:2], upstream, stride, padding)

    return learnt(f, [x, w, b], target, 0.2,
                  # six loops in Python
                  10 if name == "textbook_conv2d" else STEPS,
                  gradients if hand else None)


def pooling(by: Any, name: str, stride: int = 2, padding: int = 0,
            equal: bool = False, hand: bool = False) -> Losses:
    """An image learns to have a given pooled image."""
    x, other = normal(*[(1, 1, 6, 6)] * 2)
    topic = by.convolution

    def f(x):
        return getattr(topic, name)(x, 3, stride, padding)

    target = f(other).detach()
    # below 0, where a padding with 0 would be the largest
    x = torch.full_like(x, -1.0) if equal else x - 2
    return learnt(f, [x], target, 0.5, gradients=(
        lambda tensors, upstream: [topic.max_pool2d_gradient(
            *tensors, upstream, 3, stride, padding)]) if hand else None)


def norm(by: Any, kind: str, shape: tuple[int, ...] = (6, 4),
         spread: float = 1.0, shift: float = 0.0,
         dtype: torch.dtype = torch.float32) -> Losses:
    """A norm learns the weight and bias of another, and its input."""
    x, = normal(shape)
    # One row or image is larger than the other, one column as well.
    x = x + torch.arange(len(x)).reshape(-1, *[1] * (x.dim() - 1))
    x = (spread * (x + torch.arange(shape[-1])) + shift).to(dtype)
    sizes = shape[1:2] if kind == "batch" else shape[1:]
    w1, b1 = normal(sizes, sizes)
    functional, topic = torch.nn.functional, by.normalization
    if kind == "batch":
        target = functional.batch_norm(x.float(), None, None, w1, b1, True)
    else:
        target = functional.layer_norm(x, sizes, w1, b1)

    def f(x, w, b):
        if kind == "batch":
            return topic.batch_norm(x, None, None, w, b, True)
        return topic.layer_norm(x, list(sizes), w, b)

    return learnt(f, [x, torch.ones(sizes), torch.zeros(sizes)], target,
                  0.5)


def norm_by_hand(by: Any) -> Losses:
    """A linear layer and a norm, with gradients written out."""
    x, v, v1, w1, b1 = normal((6, 3), (4, 3), (4, 3), (4,), (4,))
    x, v, topic = x + 1, 0.3 * v, by.normalization

    def f(v, w, b):
        return topic.batch_norm(x @ v.T, None, None, w, b, True)

    def gradients(tensors, upstream):
        v, w, _ = tensors
        dz, dw, db = topic.batch_norm_gradients(x @ v.T, w, upstream)
        return dz.T @ x, dw, db

    target = torch.nn.functional.batch_norm(
        x @ v1.T, None, None, w1, b1, True)
    w = torch.linspace(0.3, 1, 4)
    return learnt(f, [v, w, torch.zeros(4)], target, 2.0,
                  gradients=gradients)


def patterns(size: int = 8) -> tuple[Tensor, Tensor]:
    """60 noisy images of ten patterns, and their labels in order."""
    draw = torch.Generator().manual_seed(0)
    y = torch.arange(60) // 6
    pattern = torch.rand(10, size, size, generator=draw)
    noise = torch.rand(60, size, size, generator=draw)
    return (0.7 * pattern[y] + 0.3 * noise)[:, None], y


def images(by: Any, of: str = "loss", epochs: int = 5,
           resume: bool = False, one_cycle: bool = False,
           **options: Any) -> Losses:
    """A small CNN learns ten patterns; the loss, or the error."""
    x, y = patterns()
    topic = by.cnn

    def start():
        model = topic.CNN(channels=(2, 4), size=8, **options)
        return topic.Training(model, x, y, topic.Recipe(
            12, 0.03, one_cycle=one_cycle), epochs)

    training = start()
    # 300 images: `classify` takes 250 at a time
    many = x.repeat(5, 1, 1, 1), y.repeat(5)
    for step, loss in enumerate(training):
        yield (loss.item() if of == "loss" else
               1 - topic.evaluate(training.model, *many))
        if resume and step == 7:
            break
    if resume:
        state = training.state_dict()
        training = start()
        training.load_state_dict(state)
        for loss in training:
            yield loss.item()


def table(by: Any, first: str = "") -> Losses:
    """Softmax regression on mini-batches, as data.py deals them.

    first: "split" yields the loss of held-out rows, "standardize" brings
    the columns to one size before.
    """
    x, y = clusters(26)
    held_out = []
    if first == "split":
        x, a, y, b = by.data.train_test_split(x, y, 0.2)
        held_out = [a, b]
    if first == "standardize":
        x = torch.cat([x, torch.full((26, 1), 0.7)], 1)
        x = by.data.standardize(x * torch.tensor([1, 3, 1]), 2 * x[:6])
    topic = by.softmax_regression
    model = topic.SoftmaxRegression(x.shape[1], 3)
    for loss in topic.train(model, x, y, 0.2, 12, 8, 0.9):
        yield topic.evaluate(model, *held_out)[0] if held_out else loss


def line(by: Any) -> Losses:
    """Linear regression on 20 points."""
    topic = by.linear_regression
    return topic.train(topic.LinearRegression(), *by.data.line(20))


def boundary(by: Any, of: str = "loss") -> Losses:
    """Logistic regression on two clusters: the loss, or the error."""
    x, y = by.data.blobs(20)
    topic = by.logistic_regression
    model = topic.LogisticRegression()
    for loss in topic.train(model, by.losses.binary_cross_entropy, x,
                            y[:, None].float(), 0.003, epochs=STEPS):
        yield loss if of == "loss" else 1 - by.losses.accuracy(
            topic.classify(model, x), y)


def resumed(by: Any, norm: str | None = None) -> Losses:
    """Adam on a net, stopped after half of its epochs and resumed.

    With a norm, the loss in evaluation.
    """
    x, y = by.data.parabola(40)
    with tempfile.TemporaryDirectory() as folder:
        for epochs in 4, 8:
            model = by.mlp.MLP([1, 10, 1], norm=norm)
            optimizer = by.optim.Adam(model.parameters(), lr=0.02)
            for loss in by.checkpoint.train(
                    f"{folder}/run", optimizer, model, by.losses.mse_loss,
                    x, y, epochs, 8, torch.Generator().manual_seed(0)):
                if norm:
                    model.eval()
                    loss = by.losses.mse_loss(model(x), y).item()
                    model.train()
                yield loss


def files(by: Any) -> Losses:
    """Softmax regression on images that are read from two files."""
    x, y = patterns(28)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "MNIST", "raw")
        raw.mkdir(parents=True)
        for name, tensor in (("images-idx3", x[:, 0] * 255),
                             ("labels-idx1", y)):
            header = bytes([0, 0, 8, tensor.dim()]) + b"".join(
                n.to_bytes(4, "big") for n in tensor.shape)
            (raw / f"train-{name}-ubyte").write_bytes(
                header + bytes(tensor.byte().flatten().tolist()))
        x, y = by.images.mnist(folder)
    topic = by.softmax_regression
    yield from topic.train(topic.SoftmaxRegression(784), x.flatten(1), y,
                           0.02, 8, 12)
