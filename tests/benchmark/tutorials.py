"""The tutorials' own loops, as they are written, compared with ours."""

from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

import scratch.data
import scratch.losses
import scratch.mlp
from scratch.front_door.cnn.images import read, side
from scratch.front_door.device import cores, good_at_bf16
from tests.benchmark.measure import Benchmark
from tests.benchmark.real_data import FOLDER, images
from torch_ref.cnn import CNN, RECIPES, Training


def breast_cancer() -> list[Benchmark]:
    """A net 30-32-64-1: 700 epochs of 569 rows, in mini-batches of 64."""
    x, labels = scratch.data.breast_cancer()
    x, y = scratch.data.standardize(x, x), labels[:, None].float()

    def tutorial() -> None:
        # It has a DataLoader, and measures the accuracy on all rows
        # after every step.
        net = nn.Sequential(
            nn.Linear(30, 32), nn.ReLU(), nn.Linear(32, 64), nn.ReLU(),
            nn.Linear(64, 1), nn.Sigmoid())
        loss_function = nn.BCELoss()
        optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
        loader = DataLoader(TensorDataset(x, y), 64, shuffle=True)
        for epoch in range(700):
            for rows, targets in loader:
                loss = loss_function(net(rows), targets)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                right = net(x).ge(0.5).float().eq(y)
                right.float().mean().item()

    def by_hand() -> None:
        model = scratch.mlp.MLP([30, 32, 64, 1])
        for _ in scratch.mlp.train(
                model, scratch.losses.binary_cross_entropy_with_logits,
                x, y, 0.01, 700, 64, torch.Generator()):
            pass

    return [Benchmark("breast cancer, 700 epochs", {
        "the tutorial's loop": tutorial, "scratch": by_hand},
        "the tutorial's loop", {"scratch": 0.35}, rounds=5,
        warm_up=False)]


def cnn() -> list[Benchmark]:
    """The CNN: an epoch of MNIST."""
    _, y, x_test, y_test = images()
    x_test = x_test.reshape(-1, 1, 28, 28)

    def tutorial() -> None:
        # It has two workers and mini-batches of 50. Every 50 steps it
        # measures the accuracy on 2,000 test images, with autograd on.
        net = nn.Sequential(
            nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 10))
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
        loader = DataLoader(MNIST(FOLDER, transform=ToTensor()), 50,
                            shuffle=True, num_workers=2)
        for step, (rows, targets) in enumerate(loader):
            loss = F.cross_entropy(net(rows), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if step % 50 == 0:
                labels = net(x_test[:2000]).max(1).indices
                labels.eq(y_test[:2000]).float().mean().item()

    def recipe(name: str, bf16: bool) -> Callable[[], None]:
        settings = RECIPES[name]
        size = side("mnist", settings)
        x = read("mnist", Path(FOLDER), 0, size)[0]

        def epoch() -> None:
            mean, std = ((x.mean().item(), x.std().item())
                         if settings.normalise else (0.0, 1.0))
            for _ in Training(CNN(mean, std, size=size), x, y, settings,
                              bf16=bf16):
                pass
        return epoch

    cases = {"the tutorial's loop": tutorial,
             "lecture": recipe("lecture", False),
             "fast": recipe("fast", False)}
    if good_at_bf16("cpu"):
        cases["fast, bfloat16"] = recipe("fast", True)
    return [Benchmark("an epoch of the CNN on MNIST", cases,
                      "the tutorial's loop",
                      {"fast": 0.22, "fast, bfloat16": 0.15},
                      threads=cores(), rounds=5,
                      warm_up=False)]
