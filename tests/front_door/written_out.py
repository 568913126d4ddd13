"""Every lesson's data, recipe and training, written out with torch.

What the front door prints and draws is compared with these. They share
no code with the lessons: only torch, NumPy and scikit-learn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from sklearn import datasets
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

KEEP = "linear_regression --keep-gradients"
# widths, loss, lr, epochs, batch size
LESSONS: dict[str, tuple[list[int], str, float, int, int | None]] = {
    "optimizers": ([1, 20, 1], "mse", 0.01, 12, 32),
    "linear_regression": ([1, 1], "half mse", 0.02, 1000, None),
    KEEP: ([1, 1], "half mse", 0.1, 1000, None),
    "logistic_regression": ([2, 1], "binary", 0.001, 1000, None),
    "softmax_regression": ([64, 10], "classes", 0.5, 30, 64),
    "breast_cancer": ([30, 32, 64, 1], "binary", 0.01, 700, 64),
    "classification_net": ([2, 10, 2], "classes", 0.01, 100, None),
    "regression_net": ([1, 10, 1], "mse", 0.5, 200, None),
    # channels, not widths
    "small_cnn": ([1, 4, 8], "classes", 0.01, 4, 50),
}
# of softmax_regression: lr, epochs, gamma
IMAGES = {"digits": (0.5, 30, 1.0), "mnist": (0.5, 4, 0.5),
          "fashion": (0.1, 4, 0.5)}
RACE = ("SGD", "momentum", "RMSprop", "Adam")
# These start at 0, the nets from the seed.
ZERO = {"linear_regression", KEEP, "logistic_regression",
        "softmax_regression"}
SHUFFLED = {"optimizers", "softmax_regression"}


@dataclass
class Trained:
    """One training: its net, and what it was after each step."""

    model: nn.Sequential
    x: Tensor
    y: Tensor
    losses: list[float] = field(default_factory=list)
    # all parameters in one vector
    parameters: list[Tensor] = field(default_factory=list)
    # what is measured after an epoch, or at the end
    history: list[dict[str, float]] = field(default_factory=list)


def idx(folder: Path, part: str) -> tuple[Tensor, Tensor]:
    """Images (n, 28, 28) in [0, 1] and labels of one part, unpacked."""
    images = (folder / f"{part}-images-idx3-ubyte").read_bytes()[16:]
    labels = (folder / f"{part}-labels-idx1-ubyte").read_bytes()[8:]
    x = np.frombuffer(images, "u1").reshape(-1, 28, 28) / 255
    return (torch.from_numpy(x).to(torch.get_default_dtype()),
            torch.from_numpy(np.frombuffer(labels, "u1").astype("i8")))


def images(data: str, folder: Path, seed: int) -> list[Tensor]:
    """x, x_test, y, y_test; x (n, 8, 8) or (n, 28, 28)."""
    if data != "digits":
        raw = folder / {"mnist": "MNIST", "fashion": "FashionMNIST"}[
            data] / "raw"
        x, y = idx(raw, "train")
        x_test, y_test = idx(raw, "t10k")
        return [x, x_test, y, y_test]
    table, labels = datasets.load_digits(return_X_y=True)
    x = torch.from_numpy(table / 16).to(torch.get_default_dtype())
    order = torch.randperm(1797, generator=seeded(seed))
    first, last = order[:1438], order[1438:]
    x, y = x.reshape(-1, 8, 8), torch.from_numpy(labels)
    return [x[first], x[last], y[first], y[last]]


def seeded(seed: int) -> torch.Generator:
    """A new generator."""
    return torch.Generator().manual_seed(seed)


def points(name: str, seed: int) -> tuple[Tensor, Tensor]:
    """The data of a lesson, except for images."""
    draw = seeded(seed)
    if name in ("linear_regression", KEEP):
        x = torch.rand(20, 1, generator=draw) * 10
        return x, 2 * x + 5 + torch.randn(20, 1, generator=draw)
    if name in ("logistic_regression", "classification_net"):
        centre = torch.tensor([2.0, -2.0]).repeat_interleave(100)
        x = torch.randn(200, 2, generator=draw) + centre[:, None]
        return x, torch.arange(2).repeat_interleave(100)
    if name in ("regression_net", "optimizers"):
        n = 100 if name == "regression_net" else 1000
        x = torch.linspace(-1, 1, n)[:, None]
        uniform = torch.rand(n, 1, generator=draw)
        normal = torch.randn(n, 1, generator=draw)
        return x, x ** 2 + (0.2 * uniform if n == 100 else 0.1 * normal)
    assert name == "breast_cancer"
    table, labels = datasets.load_breast_cancer(return_X_y=True)
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    return (torch.from_numpy(table).to(torch.get_default_dtype()),
            torch.from_numpy(labels))


class Permuted:
    """Mini-batches in an order that each epoch draws anew."""

    def __init__(self, x: Tensor, y: Tensor, size: int, seed: int):
        self.x, self.y, self.size = x, y, size
        self.draw = seeded(seed)

    def __len__(self) -> int:
        return -(-len(self.x) // self.size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(self.x), generator=self.draw)
        for rows in order.split(self.size):
            yield self.x[rows], self.y[rows]


def drawn(layers: list[nn.Module], seed: int | None) -> nn.Sequential:
    """The layers, drawn from the seed; None: all are 0."""
    draw = seeded(seed or 0)
    for layer in layers:
        m = 0
        for p in layer.parameters():
            # first the weight, then the bias
            m = m or p[0].numel()
            with torch.no_grad():
                p.uniform_(-m ** -0.5, m ** -0.5, generator=draw)
                p.mul_(seed is not None)
    return nn.Sequential(*layers)


def net(widths: list[int], seed: int | None) -> nn.Sequential:
    """Linear layers with relu between them."""
    layers: list[nn.Module] = []
    for m, n in zip(widths, widths[1:]):
        layers += [nn.Linear(m, n), nn.ReLU()]
    return drawn(layers[:-1], seed)


def cnn(channels: list[int], seed: int) -> nn.Sequential:
    """Convolution, relu and pooling, twice; a linear layer."""
    layers: list[nn.Module] = []
    for m, n in zip(channels, channels[1:]):
        layers += [nn.Conv2d(m, n, 5, padding=2), nn.ReLU(),
                   nn.MaxPool2d(2)]
    return drawn([*layers, nn.Flatten(), nn.Linear(4 * channels[-1], 10)],
                 seed)


def loss_of(kind: str, output: Tensor, y: Tensor) -> Tensor:
    """The loss of one batch."""
    if kind == "classes":
        return F.cross_entropy(output, y)
    if kind == "binary":
        return F.binary_cross_entropy_with_logits(
            output[:, 0], y.to(output.dtype))
    return F.mse_loss(output, y) * (0.5 if kind == "half mse" else 1)


def measured(kind: str, model: nn.Module, x: Tensor,
             y: Tensor) -> tuple[float, float]:
    """Loss and accuracy over all rows."""
    with torch.no_grad():
        output = model(x)
        labels = (output.argmax(dim=1) if kind == "classes"
                  else output[:, 0] > 0)
        return (loss_of(kind, output, y).item(),
                (labels == y).double().mean().item())


def optimiser(name: str, label: str, params: Any,
              lr: float) -> torch.optim.Optimizer:
    """What updates the parameters of a run."""
    if name == "logistic_regression":
        return torch.optim.SGD(params, lr, momentum=0.9)
    if label == "momentum":
        return torch.optim.SGD(params, lr, momentum=0.8)
    if label == "RMSprop":
        return torch.optim.RMSprop(params, lr, alpha=0.9)
    if name == "small_cnn":
        return torch.optim.Adam(params, lr)
    if label == "Adam":
        return torch.optim.Adam(params, lr, betas=(0.9, 0.99))
    return torch.optim.SGD(params, lr)


def train(name: str, label: str = "", *, seed: int = 0,
          epochs: int | None = None, lr: float | None = None,
          dtype: str = "float64", data: str = "digits",
          folder: Path = Path("data"), times: float = 1) -> Trained:
    """Train a lesson's run; `times` multiplies its learning rate."""
    torch.set_default_dtype(getattr(torch, dtype))
    widths, kind, own_lr, own_epochs, size = LESSONS[name]
    gamma, test = 1.0, None
    if name == "softmax_regression":
        own_lr, own_epochs, gamma = IMAGES[data]
        x, x_test, y, y_test = images(data, folder, seed)
        test = x_test.flatten(1), y_test
        x, widths = x.flatten(1), [x[0].numel(), 10]
    elif name == "small_cnn":
        x, x_test, y, y_test = images(data, folder, seed)
        x, test = x[:, None], (x_test[:, None], y_test)
    else:
        x, y = points(name, seed)
    model = (cnn(widths, seed) if name == "small_cnn"
             else net(widths, None if name in ZERO else seed))
    steps = optimiser(name, label, model.parameters(),
                      times * (lr or own_lr))
    result = Trained(model, x, y)
    loader = (Permuted(x, y, 50, seed) if name == "small_cnn"
              else DataLoader(
                  TensorDataset(x, y), size or len(x),
                  shuffle=name in SHUFFLED, generator=seeded(seed)))
    for loss in _steps(model, loader, steps, kind, epochs or own_epochs,
                       gamma, name == KEEP):
        result.losses.append(loss)
        result.parameters.append(torch.cat(
            [p.detach().flatten() for p in model.parameters()]))
        if test and len(result.losses) % len(loader) == 0:
            a, b = measured(kind, model, x, y)
            c, d = measured(kind, model, *test)
            result.history.append(
                {"accuracy": d} if name == "small_cnn" else
                {"train_loss": a, "train_accuracy": b, "test_loss": c,
                 "accuracy": d})
    if not test and kind in ("binary", "classes"):
        result.history = [{"accuracy": measured(kind, model, x, y)[1]}]
    return result


def _steps(model: nn.Module, loader: DataLoader | Permuted,
           steps: torch.optim.Optimizer, kind: str, epochs: int,
           gamma: float, keep: bool) -> Iterator[float]:
    for _ in range(epochs):
        for rows, targets in loader:
            loss = loss_of(kind, model(rows), targets)
            if kind == "half mse" and loss < 1:
                # linear_regression ends here, without another update
                yield loss.item()
                return
            loss.backward()
            steps.step()
            if not keep:
                steps.zero_grad()
            yield loss.item()
        steps.param_groups[0]["lr"] *= gamma


def gaps(a: Trained, b: Trained) -> list[float]:
    """How far apart two trainings are after each step.

    A magnitude of s steps ago still counts 0.9^s of its size.
    """
    age = torch.arange(len(a.losses))[:, None] - torch.arange(
        len(a.losses))
    weight = torch.where(age >= 0, 0.9 ** age, 0.0)
    each = []
    for first, second in (
            (torch.tensor(a.losses)[:, None],
             torch.tensor(b.losses)[:, None]),
            (torch.stack(a.parameters), torch.stack(b.parameters))):
        size = torch.maximum(first.abs(), second.abs()).amax(dim=1)
        scale = (weight * size).amax(dim=1)
        each.append((first - second).abs().amax(dim=1) / scale)
    return torch.maximum(*each).tolist()
