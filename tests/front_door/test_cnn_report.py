"""The CNN's report: counts, text, figure; the clock, the threads."""

import math
import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from scratch.front_door.cnn import images as sources
from scratch.front_door.cnn.figure import draw
from scratch.front_door.cnn.report import results, text
from scratch.front_door.device import Clock, use_all_cores, use_one_thread
from tests.compare.draw import generators
from torch_ref.cnn import CNN


class Rigged(torch.nn.Module):
    """A model that returns the first pixel as the label."""

    def forward(self, x):
        """Ten logits, 1 for the label."""
        return F.one_hot(x[:, 0, 0, 0].long(), 10).float()


@given(st.integers(1, 30), generators())
@settings(max_examples=20)
def test_results_of_a_rigged_net(hundreds, seed):
    """In the confusion matrix, rows are true classes; the order is kept."""
    draw = torch.Generator().manual_seed(seed)
    n = 100 * hundreds
    truth = torch.randint(10, (n,), generator=draw)
    # The first 2,000 have more errors than the others.
    wrong = torch.rand(n, generator=draw) < torch.where(
        torch.arange(n) < 2000, 0.5, 0.1)
    said = torch.where(wrong, truth // 2, truth)
    x = said[:, None, None, None].float().expand(-1, 1, 28, 28)
    net: Any = Rigged()
    found = results(net, x, truth)
    pairs = list(zip(truth.tolist(), said.tolist()))
    right = [a == b for a, b in pairs]
    assert found == {
        "confusion": [[pairs.count((i, j)) for j in range(10)]
                      for i in range(10)],
        "accuracy": sum(right) / n,
        "accuracy_first": sum(right[:2000]) / min(n, 2000),
        "truth": truth[:10].tolist(), "labels": said[:10].tolist()}


def test_classes_that_do_not_occur():
    """The confusion matrix has ten rows and ten columns in any case."""
    net: Any = Rigged()
    found = results(net, torch.zeros(2, 1, 28, 28), torch.tensor([0, 1]))
    assert found["confusion"] == 2 * [[1, *9 * [0]]] + 8 * [10 * [0]]


KNOWN: dict[str, Any] = {
    "data": "fashion", "recipe": "fast", "device": "cpu", "bf16": True,
    "threads": 2, "processes": 3, "images": 5000, "seconds": 2.0,
    "history": [{"epoch": 1, "loss": 0.25, "accuracy": 0.75}],
    "accuracy": 0.76, "accuracy_first": 0.5,
    "confusion": [[300] * 10 for _ in range(10)],
    "truth": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    "labels": [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]}


def test_text():
    """Every number is in its place, and wrong predictions are marked."""
    lines = text(KNOWN).splitlines()
    assert lines[0] == "epoch 1: last loss 0.2500, test accuracy 0.7500"
    assert lines[1] == ("test accuracy 0.7600: 22800 of 30000 images correct "
                        "(the first 2000: 0.5000)")
    assert lines[2] == "trained on 5000 images in 2.0 s, 2500 a second"
    assert lines[3] == "(fast recipe, cpu, bfloat16, processes: 3, threads: 2)"
    rows = [re.split("  +", line) for line in lines[7:17]]
    assert rows[0] == ["T-shirt/top", "T-shirt/top"]
    assert rows[8] == ["Bag", "Ankle boot", "(wrong)"]
    assert rows[9] == ["Ankle boot", "Bag", "(wrong)"]
    assert [row[2:] for row in rows[1:8]] == 7 * [[]]
    assert "float32" in text({**KNOWN, "bf16": False})


@pytest.mark.parametrize("tests, told", [(2000, False), (2001, True)])
def test_the_first_2000(tests, told):
    """They are told if there are more."""
    confusion = [[tests], *9 * [[0]]]
    assert ("(the first 2000: 0.5000)" in text(
        {**KNOWN, "confusion": confusion})) == told


def test_history():
    """A line for each epoch, in order; the last loss may have diverged."""
    history = [{"epoch": i, "loss": loss, "accuracy": i / 8}
               for i, loss in enumerate([0.5, math.nan, 0.25], start=1)]
    lines = text({**KNOWN, "history": history}).splitlines()
    assert lines[:3] == ["epoch 1: last loss 0.5000, test accuracy 0.1250",
                         "epoch 2: last loss nan, test accuracy 0.2500",
                         "epoch 3: last loss 0.2500, test accuracy 0.3750"]
    for number, told in ((1, False), (2, True), (3, False)):
        said = text({**KNOWN, "history": history[:number]})
        assert ("the training diverged" in said) == told
    assert "diverged" not in text({**KNOWN, "history": []})
    said = text({**KNOWN, "images": 0})
    assert "no training in this run" in said and "trained on" not in said


def test_figure(monkeypatch, tmp_path):
    """Images, titles, counts, filters and outputs are in their panels."""
    drawn = []

    def savefig(self, path, **options):
        drawn.append(self)
        Path(path).touch()

    monkeypatch.setattr(Figure, "savefig", savefig)
    model, x = CNN(0.1, 0.5), torch.rand(12, 1, 28, 28)
    confusion = [[10 * i + j for j in range(10)] for i in range(10)]
    draw(tmp_path / "a.png", {**KNOWN, "confusion": confusion}, model, x)
    axes = drawn[0].axes
    for i, panel in enumerate(axes[:10]):
        assert np.array_equal(panel.images[0].get_array(), x[i, 0])
        truth, label = KNOWN["truth"][i], KNOWN["labels"][i]
        names = sources.CLASSES["fashion"]
        assert panel.get_title() == f"{names[truth]}\nCNN: {names[label]}"
        assert (panel.title.get_color() == "C3") == (truth != label)
    table = axes[10]
    assert table.get_xlabel() == "predicted" and table.get_ylabel() == "true"
    shown = {count.get_position()[::-1]: (count.get_text(),
                                          count.get_weight())
             for count in table.texts}
    assert shown == {
        (i, j): (str(confusion[i][j]) if confusion[i][j] else "",
                 "bold" if i == j else "normal")
        for i in range(10) for j in range(10)}
    # Red shows the errors only.
    (red,) = table.images
    assert red.get_array().tolist() == [
        [0 if i == j else confusion[i][j] for j in range(10)]
        for i in range(10)]
    assert red.get_clim() == (0, 2 * 98)
    for labels in table.get_xticklabels(), table.get_yticklabels():
        assert [label.get_text() for label in labels] == names
    title = drawn[0].subfigs[0].get_suptitle()
    assert title.startswith("fashion: test accuracy 76.00%.")
    assert len(axes) == 11 + 32
    answers = F.relu(model.conv1((x[:1] - 0.1) / 0.5))[0].detach()
    for i in range(16):
        weight, answer = (panel.images[0].get_array()
                          for panel in axes[11 + 2 * i:13 + 2 * i])
        assert np.array_equal(weight, model.conv1.weight.detach()[i, 0])
        assert np.array_equal(answer, answers[i])


def test_threads(monkeypatch):
    """Lessons use one thread; the CNN's processes share all cores."""
    given: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", given.append)
    # 0 stands for this process
    monkeypatch.setattr(os, "sched_getaffinity", {0: set(range(8))}.get,
                        raising=False)
    use_one_thread()
    for processes in 1, 2, 3, 9:
        use_all_cores(processes)
    assert given == [1, 8, 4, 2, 1]
    # as on a Mac
    monkeypatch.delattr(os, "sched_getaffinity")
    for count, expected in (8, 8), (None, 1):
        monkeypatch.setattr(os, "cpu_count", lambda: count)
        use_all_cores()
        assert given.pop() == expected


@pytest.mark.parametrize("device", ["cpu", "cuda:1"])
def test_clock(device, monkeypatch):
    """It counts what is outside of `stopped`, and waits for a GPU."""
    now, waits = [100.0], []

    def wait(device):
        """The GPU needs 3 seconds more."""
        waits.append(device)
        now[0] += 3

    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(torch.cuda, "synchronize", wait)
    clock = Clock(device)
    gpu = 3 if device != "cpu" else 0
    seconds = 0
    for counted, not_counted in (10, 1000), (2, 2000), (0, 4000):
        now[0] += counted
        seconds += counted + gpu
        with clock.stopped():
            assert clock.seconds == seconds
            now[0] += not_counted
        assert clock.seconds == seconds
    assert waits == ([device] * 7 if gpu else [])
