"""Pictures: each line has its name beside it."""

import importlib
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from docs.site.picture import STYLE, named
from scratch.front_door.source import ROOT

# The pages' modules need it.
pytest.importorskip("sphinx")

TOPICS = [path.stem for path in sorted((ROOT / "docs").glob("*.py"))
          if "\ndef picture():" in path.read_text()]


@pytest.fixture
def style():
    """The style and number type of the lectures, and no open picture."""
    dtype = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    with mpl.rc_context(STYLE):
        yield
    plt.close("all")
    torch.set_default_dtype(dtype)


def covered(axes):
    """The pairs of names of which one covers the other."""
    boxes = [(text.get_text(), text.get_window_extent())
             for text in axes.texts]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2)
            if one.padded(-2).overlaps(other.padded(-2))]


# matplotlib asks torch for an array in NumPy's newest way.
@pytest.mark.filterwarnings("ignore:__array__ implementation")
@pytest.mark.parametrize("topic", TOPICS)
def test_no_name_covers_another(style, topic):
    """In no picture of the lectures, and there are no legends."""
    importlib.import_module(f"docs.{topic}").picture()
    figure = plt.gcf()
    figure.draw_without_rendering()
    for axes in figure.axes:
        assert covered(axes) == [] and axes.get_legend() is None
        if axes.get_title("left") and axes.lines:
            assert axes.get_ylabel() == ""


def test_names_of_lines_that_meet(style):
    """Each in its line's colour, inside, nearer to it than to others."""
    _figure, axes = plt.subplots()
    x = np.linspace(0, 1, 50)
    for slope in 0.2, 0.25, 0.9:
        axes.plot(x, 1 - slope * x, label=f"slope {slope}")
    axes.plot(x, x, color="0.8", label="grey")
    axes.set(ylabel="height")
    named(axes)
    plt.gcf().draw_without_rendering()
    assert covered(axes) == []
    assert axes.get_title("left") == "height" and axes.get_ylabel() == ""
    assert len(axes.texts) == 4
    for line, text in zip(axes.lines, axes.texts):
        box = text.get_window_extent()
        assert text.get_text() == line.get_label()
        assert axes.bbox.padded(3).containsx(box.x0)
        assert axes.bbox.padded(3).containsx(box.x1)
        middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        away = [np.hypot(*(other.get_transform().transform(
            other.get_xydata()) - middle).T).min() for other in axes.lines]
        assert away[axes.lines.index(line)] <= min(away) + 3
    # Light grey would be too light for text.
    assert axes.texts[-1].get_color() != "0.8"


def test_a_plot_is_drawn_by_the_module_of_its_page(tmp_path):
    """Into a file, and no picture stays open; a missing one is named."""
    pytest.importorskip("sphinx")
    from docs.site import plot
    plot.draw("losses", "picture", tmp_path / "a.svg")
    assert "<svg" in (tmp_path / "a.svg").read_text()
    assert not plt.get_fignums()
    with pytest.raises(AttributeError, match="nosuch"):
        plot.draw("losses", "nosuch", tmp_path / "b.svg")
    assert not (tmp_path / "b.svg").exists()
