"""The figure of the lessons: panels, the gap, frames while training."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from scratch.front_door.lessons import entries
from tests.front_door.apart import changed
from tests.front_door.command import status
from tests.front_door.written_out import RACE


def test_the_panel_of_the_gap(drawn):
    """The gap of every step of every run, and the bound in red.

    A gap below 1e-18 or above 50 times the bound is drawn there.
    """
    def change(make, lesson, wing, label):
        """Losses 1, 1, 1, 1 by hand, and others by torch."""
        side = make()
        small = 2e-13 * (1 + RACE.index(label)) if label else 2e-13
        side.training = iter([1.0, 1 + small, 1 + 4e-12, 3.0]
                             if wing.name == "torch_ref" else 4 * [1.0])
        return side

    with changed(change):
        panels = drawn("regression_net", "optimizers")
    for name, runs in ("regression_net", 1), ("optimizers", 4):
        *lines, bound = panels[name][1].lines
        assert len(lines) == runs
        for run, line in enumerate(lines, start=1):
            x, y = line.get_data()
            assert list(x) == [1, 2, 3, 4]
            assert list(y) == pytest.approx(
                [1e-18, 2e-13 * run, 4e-12, 5e-11], rel=1e-2)
        assert list(bound.get_ydata()) == [1e-12] * 2
        assert bound.get_color() == "C3"
        assert panels[name][1].get_yscale() == "log"
        low, high = panels[name][1].get_ylim()
        assert low < 1e-18 and high > 5e-11
    with changed(change):
        panels = drawn("regression_net", "--dtype", "float32")
    assert list(panels["regression_net"][1].lines[-1].get_ydata()) == [
        2e-3] * 2


def test_a_block_for_each_lesson(drawn):
    """Every lesson has its own title and its own two panels."""
    panels = drawn("--epochs", "1")
    assert [*panels] == [*entries()]
    for name, (_, below) in panels.items():
        steps = {"optimizers": 32, "breast_cancer": 9,
                 "softmax_regression": 23, "small_cnn": 29}.get(name, 1)
        assert {len(line.get_xdata()) for line in below.lines[:-1]} == {
            steps}


@pytest.mark.parametrize("option", ["--show", "--animate"])
def test_frames_of_every_lesson(option, monkeypatch):
    """While a lesson trains, its panels grow, in every lesson.

    The GIF has at least 4 frames of each lesson, and about 60 in all.
    """
    from matplotlib import pyplot
    from matplotlib.animation import PillowWriter
    frames: list = []
    figures: list[Figure] = []
    names = ["linear_regression", "optimizers", "regression_net"]
    right = Figure.subfigures

    def subfigures(self, *args, **options):
        """Keep the figure."""
        figures.append(self)
        return right(self, *args, **options)

    def frame(*args, **options):
        """How many steps each panel shows."""
        frames.append([sum(np.size(line.get_xdata())
                           for line in block.axes[1].lines[:-1])
                       for block in figures[0].subfigs if block.axes])

    monkeypatch.setattr(Figure, "subfigures", subfigures)
    monkeypatch.setattr("scratch.front_door.run._screen", lambda: True)
    monkeypatch.setattr(pyplot, "pause", frame)
    monkeypatch.setattr(pyplot, "show", lambda: frames.append("shown"))
    monkeypatch.setattr(PillowWriter, "grab_frame", frame)
    monkeypatch.setattr(PillowWriter, "finish",
                        lambda self: Path(self.outfile).touch())
    argv = [*names, "--quiet", "--epochs", "2", "--no-figure", option]
    assert status(*argv, *["a.gif"] * (option == "--animate")) == 0
    pyplot.close("all")
    if option == "--show":
        assert frames.pop() == "shown"
    else:
        # the empty figure
        assert frames.pop(0) == [0, 0, 0]
    assert "shown" not in frames and len(frames) <= 70
    assert frames[-1] == [2, 4 * 64, 2]
    for i, expected in enumerate([2, 20, 2]):
        grown = {shown[i] for shown in frames} - {0}
        assert len(grown) >= min(expected, 4)
    # one lesson after the other
    assert frames == sorted(frames)
