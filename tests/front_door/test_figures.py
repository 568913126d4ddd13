"""What the front door draws: a figure, a GIF, a window."""

import os
from pathlib import Path

import matplotlib.image
import torch

from scratch.front_door.language import use
from scratch.front_door.lesson import Options
from scratch.front_door.lessons import entries
from tests.front_door.command import status


def test_figure_is_a_picture(capsys):
    """--figure names the file; with --no-figure none is written."""
    assert status("regression_net", "classification_net", "--epochs", "2",
                  "--figure", "a.png", "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    image = matplotlib.image.imread("a.png")
    assert image.shape[0] > 300 and image.std() > 0.05
    assert status("regression_net", "--epochs", "2", "--no-figure") == 0
    assert os.listdir() == ["a.png"]


def test_the_boundary_is_drawn_for_each_side():
    """On each side's line, the model of that side predicts 1/2.

    The line is broad by hand and dashed by torch. The panel below shows
    the bound.
    """
    import numpy as np

    from scratch.front_door.figure import Figure
    lesson = entries()["logistic_regression"].load()(Options(epochs=20))
    list(lesson.runs[0])
    hand, ref = lesson.runs[0].hand.model, lesson.runs[0].torch.model
    w, b = ref.parameters()
    w.data[0, 0] *= 2
    b.data += 1
    above, below = Figure([lesson], "float64").panels[lesson.name]
    for model, drawn in zip((hand, ref), above.lines):
        points = torch.from_numpy(np.array(drawn.get_data()).T)
        p = model(points.to(lesson.x)).detach()
        assert p.sub(0.5).abs().max() < 1e-6
    assert above.lines[0].get_linewidth() > above.lines[1].get_linewidth()
    assert list(below.lines[-1].get_ydata()) == [1e-12] * 2


def test_every_lesson_can_be_drawn_before_it_is_trained():
    """One epoch is enough for every lesson's picture."""
    assert status("--epochs", "1", "--figure", "all.svg", "--quiet") == 0
    assert Path("all.svg").read_text().count("<svg") == 1


def test_animation_is_a_gif():
    """The GIF has several frames, and no temporary file is left."""
    from PIL import Image
    assert status("linear_regression", "--no-figure", "--quiet",
                  "--animate", "a.gif") == 0
    with Image.open("a.gif") as image:
        assert getattr(image, "n_frames") >= 4
    assert os.listdir() == ["a.gif"]


def test_a_gif_in_chinese(recwarn):
    """Its first frame, too, is in a font that has the letters."""
    assert status("linear_regression", "--epochs", "1", "--no-figure",
                  "--quiet", "--language", "zh_CN",
                  "--animate", "a.gif") == 0
    use("en")
    assert [str(one.message) for one in recwarn] == []


def test_unwritable_figure_is_found_before_training(monkeypatch, capsys):
    """A figure that cannot be saved is rejected before the first step."""
    import scratch.front_door.run as run

    def never(*args):
        raise AssertionError("trained")

    monkeypatch.setattr(run, "_train", never)
    assert status("--figure", "no/a.png") == 2
    assert status("--figure", "a.doc") == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_no_screen_behind_a_backend(monkeypatch, capsys):
    """A backend that cannot be loaded: one line."""
    monkeypatch.setenv("DISPLAY", "")
    monkeypatch.setattr("matplotlib.pyplot.get_backend", lambda: "QtAgg")
    assert status("linear_regression", "--show") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_live_drawing_draws_while_training(monkeypatch):
    """--show draws during every lesson, then waits."""
    from matplotlib import pyplot
    drawn, shown = [], []
    monkeypatch.setattr("scratch.front_door.run._screen", lambda: True)
    monkeypatch.setattr(pyplot, "pause", lambda s: drawn.append(s))
    monkeypatch.setattr(pyplot, "show", lambda: shown.append(True))
    assert status("regression_net", "linear_regression", "--show",
                  "--quiet", "--no-figure") == 0
    assert len(drawn) > 10 and shown == [True]
    pyplot.close("all")
