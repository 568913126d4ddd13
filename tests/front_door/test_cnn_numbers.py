"""python -m scratch cnn: every number that it prints.

The test trains the same net with code and recipes of its own.
"""

import json
import time
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import torch_ref.cnn
from tests.compare.draw import generators
from tests.front_door.apart import alike
from tests.front_door.command import known, printed, run
from tests.front_door.written_out import images, seeded

pytestmark = pytest.mark.usefixtures("one_thread")
# batch size, lr
RECIPES = {"fast": (128, 0.01), "lecture": (50, 0.001)}
BF16 = "scratch.front_door.cnn.run.good_at_bf16"


class Net(nn.Module):
    """Convolution, relu, pooling, twice; a linear layer."""

    def __init__(self, seed, inputs, mean, std):
        super().__init__()
        self.mean, self.std = mean, std
        self.first = nn.Conv2d(1, 16, 5, padding=2)
        self.second = nn.Conv2d(16, 32, 5, padding=2)
        self.last = nn.Linear(inputs, 10)
        draw = seeded(seed)
        with torch.no_grad():
            for p, m in zip(self.parameters(), [25, 25, 400, 400,
                                                inputs, inputs]):
                p.uniform_(-m ** -0.5, m ** -0.5, generator=draw)

    def forward(self, x):
        """Logits."""
        x = F.max_pool2d(self.first((x - self.mean) / self.std).relu(), 2)
        x = F.max_pool2d(self.second(x).relu(), 2)
        return self.last(x.flatten(1))


def trained(options, folder):
    """The part of the record that the training decides."""
    data, recipe = options["data"], options["recipe"]
    seed, fast = options["seed"], options["recipe"] == "fast"
    x, x_test, y, y_test = images(data, folder, seed)
    x, x_test = x[:, None], x_test[:, None]
    if data == "digits":
        x, x_test = (F.interpolate(part, size=(28, 28), mode="bilinear")
                     for part in (x, x_test))
    if fast and data == "mnist":
        # without a frame of 4 pixels
        x, x_test = (part[..., 4:24, 4:24] for part in (x, x_test))
    inputs = 32 * (x.shape[-1] // 4) ** 2
    net = Net(seed, inputs, *([x.mean(), x.std()] if fast else [0.0, 1.0]))
    if fast:
        net.to(memory_format=torch.channels_last)
    size, lr = options["batch_size"], options["lr"]
    optimizer = torch.optim.Adam(
        net.parameters(), lr, (0.7, 0.9) if fast else (0.9, 0.999),
        fused=fast)
    steps = options["epochs"] * -(-len(x) // size)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, lr, max(steps, 4), cycle_momentum=False) if fast else None
    draw, history = seeded(seed), []
    for epoch in range(options["epochs"]):
        for rows in torch.randperm(len(x), generator=draw).split(size):
            loss = F.cross_entropy(net(x[rows]), y[rows],
                                   label_smoothing=0.1 * fast)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if cycle:
                cycle.step()
        labels = net(x_test).argmax(dim=1)
        history.append({"epoch": epoch + 1, "loss": loss.item(),
                        "accuracy": (labels == y_test).double()
                        .mean().item()})
    pairs = list(zip(y_test.tolist(), labels.tolist()))
    return {
        "data": data, "recipe": recipe, "epochs": options["epochs"],
        "seed": seed, "batch_size": size, "lr": lr, "device": "cpu",
        "processes": 1, "threads": torch.get_num_threads(),
        "step": steps, "steps": steps,
        "images": options["epochs"] * len(x), "history": history,
        "accuracy": history[-1]["accuracy"],
        "accuracy_first": history[-1]["accuracy"],
        "confusion": [[pairs.count((i, j)) for j in range(10)]
                      for i in range(10)],
        "truth": y_test[:10].tolist(), "labels": labels[:10].tolist()}


def check(record, options, folder):
    """The record is that of a training with these options."""
    bf16, seconds = record.pop("bf16"), record.pop("seconds")
    assert bf16 is False and seconds > 0
    alike(record, trained(options, folder), rel=1e-3)


@given(st.fixed_dictionaries(
    {"--data": st.sampled_from(["mnist", "fashion"])},
    optional={"--recipe": st.sampled_from([*RECIPES]),
              "--epochs": st.integers(1, 3),
              "--batch-size": st.sampled_from([20, 50, 100, 150]),
              "--lr": st.sampled_from([1e-3, 2e-3]),
              "--seed": generators()}))
@settings(max_examples=10)
def test_every_option(folder, given):
    """Each option that is given counts; the recipe says all others."""
    options: dict[str, Any] = {"recipe": "fast", "epochs": 1, "seed": 0}
    options |= {option[2:].replace("-", "_"): value
                for option, value in given.items()}
    size, lr = RECIPES[options["recipe"]]
    options = {"batch_size": size, "lr": lr, **options}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BF16, lambda device: False)
        code, out, err = printed(
            "cnn", "--json", "--no-figure", "--data-dir", str(folder),
            *[str(word) for pair in given.items() for word in pair])
    assert (code, err) == (0, "")
    check(json.loads(out), options, folder)


@pytest.mark.parametrize("recipe", RECIPES)
def test_digits(recipe, monkeypatch, capsys):
    """The digits are split by the seed, and enlarged; batches have 16."""
    monkeypatch.setattr(BF16, lambda device: False)
    record = known(capsys, "--recipe", recipe, "--seed", "5")
    check(record, {"data": "digits", "recipe": recipe, "epochs": 1,
                   "seed": 5, "batch_size": 16, "lr": RECIPES[recipe][1]},
          Path())


@pytest.mark.parametrize("recipe, good, bf16", [
    ("fast", True, True), ("fast", False, False),
    ("lecture", True, False)])
def test_bf16(recipe, good, bf16, folder, monkeypatch, capsys):
    """bfloat16 needs the fast recipe and a device that is good at it."""
    monkeypatch.setattr(BF16, lambda device: good and device == "cpu")
    argv = ["--data", "mnist", "--data-dir", str(folder), "--recipe",
            recipe]
    assert known(capsys, *argv)["bf16"] is bf16
    _, out, _ = run(capsys, "cnn", *argv, "--no-figure")
    assert f"{'bfloat16' if bf16 else 'float32'}, processes: 1" in out


@pytest.fixture
def on_a_clock(monkeypatch):
    """A step takes 0.5 s; to evaluate or to save takes 1,000 s."""
    now = [0.0]

    def slow(function):
        """The function, which takes long."""
        def slowly(*args):
            now[0] += 1000
            return function(*args)
        return slowly

    right = torch_ref.cnn.Training.__iter__

    def steps(training):
        """The same steps, each in half a second."""
        for loss in right(training):
            now[0] += 0.5
            yield loss

    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(torch_ref.cnn.Training, "__iter__", steps)
    monkeypatch.setattr(torch_ref.cnn, "classify",
                        slow(torch_ref.cnn.classify))
    monkeypatch.setattr(torch_ref._archive, "write",
                        slow(torch_ref._archive.write))


@pytest.mark.usefixtures("on_a_clock")
def test_seconds_and_rate(folder, capsys):
    """The seconds are those of training; the rate is images by seconds."""
    argv = ["--data", "fashion", "--data-dir", str(folder), "--recipe",
            "lecture", "--epochs", "3", "--batch-size", "10", "--save",
            "a"]
    record = known(capsys, *argv)
    assert (record["images"], record["steps"]) == (450, 45)
    assert record["seconds"] == 22.5
    _, out, _ = run(capsys, "cnn", *argv, "--no-figure")
    lines = out.splitlines()
    assert lines[:3] == [
        f"epoch {entry['epoch']}: last loss {entry['loss']:.4f}, "
        f"test accuracy {entry['accuracy']:.4f}"
        for entry in record["history"]]
    right = round(40 * record["accuracy"])
    assert lines[3] == (f"test accuracy {right / 40:.4f}: {right} of 40 "
                        "images correct")
    assert lines[4] == "trained on 450 images in 22.5 s, 20 a second"
    assert lines[5] == (f"(lecture recipe, cpu, float32, processes: 1, "
                        f"threads: {torch.get_num_threads()})")


@pytest.mark.usefixtures("on_a_clock")
def test_a_resumed_run(folder, monkeypatch, capsys):
    """It tells its own images and seconds, and the whole history."""
    argv = ["--data", "mnist", "--data-dir", str(folder), "--epochs", "3",
            "--batch-size", "15", "--resume", "--save", "a"]
    whole = known(capsys, *argv)
    Path("a").unlink()
    steps = torch_ref.cnn.Training.__iter__
    with monkeypatch.context() as patch:
        # It ends early, after 13 steps.
        patch.setattr(torch_ref.cnn.Training, "__iter__",
                      lambda training: islice(steps(training), 13))
        first = known(capsys, *argv)
    assert (first["step"], first["steps"]) == (13, 30)
    assert first["images"] == 195
    assert first["history"] == whole["history"][:1]
    second = known(capsys, *argv)
    assert (second["images"], second["seconds"]) == (255, 8.5)
    assert (whole["images"], whole["seconds"]) == (450, 15.0)
    for key in "images", "seconds":
        del second[key], whole[key]
    assert second == whole
