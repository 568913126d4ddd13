"""The CNN's report: counts, text, figure; the clock, the threads."""

import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.figure import Figure

from scratch.front_door.cnn import images as sources
from scratch.front_door.cnn.figure import draw
from scratch.front_door.cnn.report import results, text
from scratch.front_door.device import Clock, use_all_cores, use_one_thread
from torch_ref.cnn import CNN


def rigged(x) -> Any:
    """A model that returns the first pixel as the label."""
    return F.one_hot(x[:, 0, 0, 0].long(), 10).float()


def test_results_of_a_rigged_net():
    """In the confusion matrix, rows are true classes; the order is kept."""
    truth = torch.arange(2500) % 10
    said = truth.clone()
    # the last 40 threes are classified as fives
    said[2100:2500][truth[2100:2500] == 3] = 5
    x = said[:, None, None, None].float().expand(-1, 1, 28, 28)
    net: Any = rigged
    found = results(net, x, truth)
    assert found["confusion"][3][5] == 40 and found["confusion"][5][3] == 0
    assert found["confusion"][3][3] == 210
    assert found["accuracy"] == 2460 / 2500
    assert found["accuracy_first"] == 1.0
    assert found["truth"] == found["labels"] == list(range(10))


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
    assert "first 2000" not in text({**KNOWN, "confusion": [[1] * 10] * 10})
    assert "float32" in text({**KNOWN, "bf16": False})


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
    for count in table.texts:
        column, row = count.get_position()
        assert count.get_text() in ("", str(confusion[row][column]))
    assert len(table.texts) == 100 and len(axes) == 11 + 32
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
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)),
                        raising=False)
    use_one_thread()
    for processes in 1, 2, 3, 9:
        use_all_cores(processes)
    assert given == [1, 8, 4, 2, 1]


def test_clock(monkeypatch):
    """The clock does not run while it is stopped."""
    moments = iter([0.0, 10.0, 13.0, 14.0, 20.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(moments))
    clock = Clock("cpu")
    for expected in 10.0, 11.0:
        with clock.stopped():
            assert clock.seconds == expected
