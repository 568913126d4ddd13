"""What is drawn is what was trained: the data of every panel.

The side by torch has another learning rate, and each side is trained
once more by the test.
"""

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scratch.front_door.lesson import Lesson, Options
from scratch.front_door.lessons import entries
from tests.front_door.apart import apart
from tests.front_door.written_out import (KEEP, LESSONS, RACE, images,
                                          train)

TIMES, SEED = 0.6, 5
EPOCHS = {"linear_regression": 7, KEEP: 4, "logistic_regression": 8,
          "softmax_regression": 2, "breast_cancer": 3,
          "classification_net": 60, "regression_net": 9, "optimizers": 2,
          "small_cnn": 1}
# the labels of the axes
AXES = {"linear_regression": ("x", "y"), "regression_net": ("x", "y"),
        KEEP: ("step", "loss"), "breast_cancer": ("epoch", "loss"),
        "logistic_regression": ("$x_0$", "$x_1$"),
        "classification_net": ("$x_0$", "$x_1$")}


@pytest.fixture
def picture(drawn):
    """picture(name): its upper panel, by hand and by torch."""
    def picture(name):
        """Train it at the front door, and in the test."""
        sides = [train(name, seed=SEED, epochs=EPOCHS[name], times=times)
                 for times in (1, TIMES)]
        torch.set_default_dtype(torch.float64)
        with apart(TIMES):
            panels = drawn(*name.split(), "--seed", str(SEED), "--epochs",
                           str(EPOCHS[name]))
        assert [*panels] == [name]
        axes = panels[name][0]
        if name in AXES:
            assert (axes.get_xlabel(), axes.get_ylabel()) == AXES[name]
        return axes, *sides

    return picture


def curve(line):
    """A line's points, (n, 2)."""
    return np.array(line.get_data()).T


def curves(axes, x, *ys):
    """The first lines of a panel are broad by hand, dashed by torch."""
    for i, (y, line) in enumerate(zip(ys, axes.lines)):
        xs = x[i] if isinstance(x, list) else x
        assert curve(line) == pytest.approx(
            np.stack([np.ravel(xs), np.ravel(y)], 1), rel=1e-9, abs=1e-12)
        hand = i % 2 == 0
        assert (line.get_linewidth(), line.get_linestyle()) == (
            (5, "-") if hand else (1, "--"))
        assert (line.get_color() == "black") == (not hand)


def by_epoch(side, steps):
    """The mean loss of each epoch."""
    return np.reshape(side.losses, (-1, steps)).mean(axis=1)


def accuracy(side):
    """As the titles tell it."""
    return f"{side.history[-1]['accuracy']:.1%} correct"


def test_linear_regression(picture):
    """The points, both lines, and the equation by hand."""
    axes, hand, ref = picture("linear_regression")
    points = axes.collections[0].get_offsets()
    assert np.array_equal(points, torch.cat([hand.x, hand.y], dim=1))
    ends = np.array([0.0, 10.0])
    (w, b), (v, a) = (side.parameters[-1].tolist() for side in (hand, ref))
    curves(axes, ends, w * ends + b, v * ends + a)
    assert len(axes.lines) == 2
    assert axes.get_title() == (f"y = {w:.2f} x + {b:.2f}\n(made with "
                                "y = 2 x + 5), 7 steps")


def test_kept_gradients(picture):
    """The losses of both sides, and those of cleared gradients."""
    axes, hand, ref = picture(KEEP)
    steps = np.arange(1, 5)
    curves(axes, steps, hand.losses, ref.losses)
    cleared = train("linear_regression", seed=SEED, epochs=4, lr=0.1)
    assert curve(axes.lines[2]) == pytest.approx(
        np.stack([steps, cleared.losses], 1))
    assert len(axes.lines) == 3
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["kept", "cleared"]
    assert axes.get_title().startswith("lr 0.1: gradients kept")
    assert axes.get_yscale() == "log"


def test_logistic_regression(picture):
    """The clusters, the line of each side, the accuracy."""
    axes, hand, ref = picture("logistic_regression")
    clusters(axes, hand)
    ends = np.array([-5.0, 5.0])
    lines = []
    for side in hand, ref:
        w, v, b = side.parameters[-1].tolist()
        lines.append(-(w * ends + b) / v)
    curves(axes, ends, *lines)
    assert axes.get_title() == f"the boundary P = 1/2\n{accuracy(hand)}"
    assert axes.get_xlim() == axes.get_ylim() == (-5, 5)


def clusters(axes, side):
    """The points of each label, in a colour of its own."""
    from matplotlib.colors import to_rgba
    *_, first, second = axes.collections
    for label, points in enumerate((first, second)):
        assert np.array_equal(points.get_offsets(),
                              side.x[side.y == label])
        assert tuple(points.get_facecolor()[0]) == to_rgba(f"C{label}")


def test_classification_net(picture, monkeypatch):
    """The regions by hand, the boundary by torch."""
    given = {}
    for name in "contourf", "contour":
        def keep(self, *args, name=name, right=getattr(Axes, name),
                 **options):
            """Keep what is drawn last."""
            given[name] = args[:3]
            return right(self, *args, **options)

        monkeypatch.setattr(Axes, name, keep)
    axes, hand, ref = picture("classification_net")
    clusters(axes, hand)
    ticks = torch.linspace(-5, 5, 101)
    regions = []
    for side, name in (hand, "contourf"), (ref, "contour"):
        x, y, labels = given[name]
        assert np.array_equal(x, ticks) and np.array_equal(y, ticks)
        # a row of the image has one y
        rows = torch.cartesian_prod(ticks, ticks).flip(1)
        expected = side.model(rows).argmax(dim=1).reshape(101, 101)
        assert np.array_equal(labels, expected)
        regions.append(labels)
    assert (regions[0] != regions[1]).sum() > 50
    assert axes.get_title() == (
        f"2-10-2 net: the two regions\n{accuracy(hand)}")
    assert axes.get_xlim() == axes.get_ylim() == (-5, 5)


def test_softmax_regression(picture):
    """Ten rows of W by hand, upright, in two rows; the test accuracy."""
    axes, hand, _ = picture("softmax_regression")
    (image,) = axes.images
    w = hand.model[0].weight.detach().reshape(10, 8, 8)
    for digit in range(10):
        i, j = 8 * (digit // 5), 8 * (digit % 5)
        part = image.get_array()[i:i + 8, j:j + 8]
        assert np.asarray(part) == pytest.approx(
            w[digit].numpy(force=True), abs=1e-9)
    limit = w.abs().max().item()
    assert image.get_clim() == pytest.approx((-limit, limit))
    assert axes.get_title() == ("rows 0 to 9 of W: red speaks for,\n"
                                f"blue against. Test: {accuracy(hand)}")


def test_small_cnn(picture):
    """Four filters by hand, and below each its output for one digit."""
    axes, hand, _ = picture("small_cnn")
    (image,) = axes.images
    tiles = np.asarray(image.get_array()).reshape(2, 10, 4, 10)
    filters = hand.model[0].weight.detach()
    digits = images("digits", None, SEED)[1]
    outputs = hand.model[0](digits[:1, None]).detach()[0]
    for row, size, expected in ((0, 5, filters[:, 0]), (1, 8, outputs)):
        expected = expected / expected.abs().max()
        start = (10 - size) // 2
        for k in range(4):
            tile = tiles[row, :, k]
            assert tile[start:start + size, start:start + size] == (
                pytest.approx(expected[k].numpy(force=True), abs=1e-9))
            tile[start:start + size, start:start + size] = 0
            assert not tile.any()
    assert image.get_clim() == (-1, 1)
    assert axes.get_title() == ("4 filters, and below each its output\n"
                                f"for one digit. Test: {accuracy(hand)}")


def test_breast_cancer(picture):
    """The mean loss of each epoch, and the accuracy."""
    axes, hand, ref = picture("breast_cancer")
    curves(axes, np.arange(1, 4), by_epoch(hand, 9), by_epoch(ref, 9))
    assert axes.get_title().endswith(f"\n{accuracy(hand)}")


def test_regression_net(picture):
    """The points and both curves."""
    axes, hand, ref = picture("regression_net")
    points = axes.collections[0].get_offsets()
    assert np.array_equal(points, torch.cat([hand.x, hand.y], dim=1))
    curves(axes, hand.x, *(side.model(side.x).detach()
                           for side in (hand, ref)))


def race():
    """The trainings of all optimisers, by hand and by torch."""
    return [train("optimizers", label, seed=SEED, epochs=2, times=times)
            for label in RACE for times in (1, TIMES)]


def test_optimizers(drawn):
    """Two curves for each optimiser, and its name."""
    with apart(TIMES):
        axes, _ = drawn("optimizers", "--seed", str(SEED), "--epochs",
                        "2")["optimizers"]
    curves(axes, np.arange(1, 3), *(by_epoch(side, 32) for side in race()))
    assert len(axes.lines) == 8
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == list(RACE)
    colours = [line.get_color() for line in axes.lines[::2]]
    assert colours == ["C0", "C1", "C2", "C3"]


def test_a_lesson_without_a_picture():
    """`Lesson.draw`: each step's loss, by hand and by torch."""
    with apart(TIMES):
        lesson = entries()["optimizers"].load()(Options(SEED, epochs=2))
    for run in lesson.runs:
        list(run)
    axes = Figure().subplots()
    Lesson.draw(lesson, axes)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "loss")
    torch.set_default_dtype(torch.float64)
    expected = [train("optimizers", label, seed=SEED, epochs=2,
                      times=times, dtype="float32")
                for label in RACE for times in (1, TIMES)]
    for line, side in zip(axes.lines, expected, strict=True):
        assert curve(line) == pytest.approx(np.stack(
            [np.arange(1, 65), side.losses], 1), rel=1e-3)


def test_lessons_are_all_drawn_here():
    """Each lesson has a test of its picture above."""
    assert set(LESSONS) == set(EPOCHS) == set(entries())
