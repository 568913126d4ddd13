"""MNIST: an epoch of batches; softmax regression to an accuracy of 0.92."""

import os
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import torch
from sklearn.linear_model import LogisticRegression
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

import scratch.data
import scratch.softmax_regression
import torch_ref.data
import torch_ref.losses
import torch_ref.softmax_regression
from scratch.images import mnist
from scratch.tensors import to_numpy
from tests.benchmark.measure import Benchmark, Unavailable

FOLDER = os.environ.get("SCRATCH_DATA", "data")


@cache
def images():
    """x, y, x_test, y_test, with one row per image."""
    if not Path(FOLDER, "MNIST").exists():
        raise Unavailable("needs MNIST in SCRATCH_DATA or ./data")
    x, y = mnist(FOLDER)
    x_test, y_test = mnist(FOLDER, train=False)
    return x.flatten(1), y, x_test.flatten(1), y_test


def batches() -> list[Benchmark]:
    """An epoch of MNIST, shuffled, in mini-batches of 64."""
    x, y, _, _ = images()
    one_by_one = MNIST(FOLDER, transform=ToTensor())
    generator = torch.Generator().manual_seed(0)

    def in_memory(side) -> Callable[[], None]:
        def epoch() -> None:
            for _ in side.batches(x, y, batch_size=64, shuffle=True,
                                  generator=generator):
                pass
        return epoch

    def loader() -> None:
        for _ in DataLoader(one_by_one, 64, shuffle=True):
            pass

    base = "torchvision, ToTensor, DataLoader"
    return [Benchmark("an epoch of MNIST's batches", {
        base: loader,
        "TensorDataset, DataLoader": in_memory(torch_ref.data),
        "scratch.data.batches": in_memory(scratch.data)}, base,
        {"scratch.data.batches": 0.03}, rounds=5)]


def loading() -> list[Benchmark]:
    """How much of an epoch of softmax regression is loading."""
    images()
    loader = DataLoader(MNIST(FOLDER, transform=ToTensor()), 64,
                        shuffle=True)

    def epoch() -> None:
        model = torch_ref.softmax_regression.SoftmaxRegression(784)
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        for rows, labels in loader:
            loss = torch_ref.losses.cross_entropy(
                model(rows.flatten(1)), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()

    def only_load() -> None:
        for _ in loader:
            pass

    base = "torchvision, DataLoader, and a step for each batch"
    return [Benchmark("an epoch of softmax regression on MNIST", {
        base: epoch, "only its batches": only_load}, base, rounds=5)]


def to_92() -> list[Benchmark]:
    """Softmax regression until the test accuracy is 0.92."""
    x, y, x_test, y_test = images()

    def trained(side) -> Callable[[], None]:
        def run() -> None:
            model = side.SoftmaxRegression(784)
            for _ in side.train(model, x, y, 0.5, 4, 64, 0.5, 0):
                pass
            assert side.evaluate(model, x_test, y_test)[1] >= 0.92
        return run

    def in_memory() -> None:
        model = torch_ref.softmax_regression.SoftmaxRegression(784)
        optimizer = torch.optim.SGD(model.parameters(), 0.5)
        generator = torch.Generator().manual_seed(0)
        for epoch in range(4):
            for rows, labels in scratch.data.batches(
                    x, y, batch_size=64, shuffle=True,
                    generator=generator):
                loss = torch_ref.losses.cross_entropy(model(rows), labels)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
                loss.item()
            optimizer.param_groups[0]["lr"] *= 0.5
        assert torch_ref.softmax_regression.evaluate(
            model, x_test, y_test)[1] >= 0.92

    def scikit(**options) -> Callable[[], None]:
        arrays = [to_numpy(table) for table in (x, y, x_test, y_test)]

        def run() -> None:
            with warnings.catch_warnings():
                # It stops before it converges, and warns.
                warnings.simplefilter("ignore")
                model = LogisticRegression(**options)
                model.fit(*arrays[:2])
            assert model.score(*arrays[2:]) >= 0.92
        return run

    base = "nn.Module, SGD, batches in memory"
    return [Benchmark("softmax regression on MNIST to accuracy 0.92", {
        base: in_memory,
        "torch_ref, with its DataLoader": trained(
            torch_ref.softmax_regression),
        "scratch": trained(scratch.softmax_regression),
        "scikit-learn, lbfgs": scikit(max_iter=40),
        "scikit-learn, saga": scikit(solver="saga", max_iter=2)},
        base, rounds=5)]
