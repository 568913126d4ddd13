"""Pictures: each line has its name beside it, in the page's language."""

import importlib
import re
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.text import Text

from scratch.front_door.source import ROOT

# The pages' modules need it.
pytest.importorskip("sphinx")

from docs.site import picture, plot, words  # noqa: E402
from docs.site.translate import LANGUAGE  # noqa: E402

PICTURES = [(path.stem, name)
            for path in sorted((ROOT / "docs").glob("*.py"))
            for name in re.findall(r"\ndef (picture\w*)\(\):",
                                   path.read_text(encoding="utf-8"))]
# Names of the code, which are the same in every language.
NAMES = set("""
    relu sigmoid tanh softplus exp mean v float32 float64 nn.Linear
    Kaiming Xavier BatchNorm LayerNorm SGD RMSprop Adam
    StepLR MultiStepLR ExponentialLR LinearLR CosineAnnealingLR
    OneCycleLR SequentialLR
    """.split())


@pytest.fixture(params=["en", LANGUAGE])
def style(request):
    """The style of each language that this computer can draw.

    Also the lectures' number type, and no open picture.
    """
    spoken, style = picture.look(request.param)
    if spoken != request.param:
        pytest.skip(f"no font for {request.param}")
    dtype = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    words.use(spoken)
    with mpl.rc_context(style):
        yield
    plt.close("all")
    words.use("en")
    torch.set_default_dtype(dtype)


def drawn(topic, name):
    """The figure that a function of a page's module draws."""
    plt.close("all")
    getattr(importlib.import_module(f"docs.{topic}"), name)()
    figure = plt.gcf()
    figure.draw_without_rendering()
    return figure


def covered(axes):
    """The pairs of names of which one covers the other."""
    boxes = [(text.get_text(), text.get_window_extent())
             for text in axes.texts]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2)
            if one.padded(-2).overlaps(other.padded(-2))]


def cut(figure):
    """By how many pixels something sticks out of the figure."""
    box, whole = figure.get_tightbbox(), figure.bbox_inches
    return figure.dpi * max(whole.x0 - box.x0, box.x1 - whole.x1,
                            whole.y0 - box.y0, box.y1 - whole.y1)


def shown(figure):
    """All its texts that have letters or digits."""
    return [text for text in figure.findobj(Text)
            if text.get_visible() and text.get_text().strip()]


# matplotlib asks torch for an array in NumPy's newest way.
@pytest.mark.filterwarnings("ignore:__array__ implementation")
# It warns if a letter is in no font.
@pytest.mark.filterwarnings("error:Glyph")
@pytest.mark.parametrize("topic, name", PICTURES)
def test_names_are_readable(style, topic, name):
    """None covers another, or is cut, and there are no legends."""
    figure = drawn(topic, name)
    assert cut(figure) <= 1
    for axes in figure.axes:
        assert covered(axes) == [] and axes.get_legend() is None
        if name == "picture" and axes.get_title("left") and axes.lines:
            assert axes.get_ylabel() == ""


@pytest.mark.filterwarnings("ignore:__array__ implementation")
@pytest.mark.parametrize("topic, name", PICTURES)
@pytest.mark.parametrize("style", ["en"], indirect=True)
def test_every_word_has_a_translation(style, monkeypatch, topic, name):
    """Each word that a picture shows went through `_`, or is code."""
    module = importlib.import_module(f"docs.{topic}")
    monkeypatch.setattr(module, "_", "«{}»".format, raising=False)
    for text in shown(drawn(topic, name)):
        # Bytes of a file are in the letters of code.
        if text.get_family() == ["monospace"]:
            continue
        rest = re.sub(r"«[^»]*»|\$[^$]*\$", "", text.get_text())
        found = set(re.findall(r"[a-zA-Z][\w.]+", rest)) - NAMES
        assert not found, text.get_text()


def test_names_of_lines_that_meet(style):
    """Each in its line's colour, inside, nearer to it than to others."""
    _figure, axes = plt.subplots()
    x = np.linspace(0, 1, 50)
    for slope in 0.2, 0.25, 0.9:
        axes.plot(x, 1 - slope * x, label=f"slope {slope}")
    axes.plot(x, x, color="0.8", label="grey")
    axes.set(ylabel="height")
    picture.named(axes)
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
    plot.draw("losses", "picture", tmp_path / "a.svg")
    assert "<svg" in (tmp_path / "a.svg").read_text()
    assert not plt.get_fignums()
    with pytest.raises(AttributeError, match="nosuch"):
        plot.draw("losses", "nosuch", tmp_path / "b.svg")
    assert not (tmp_path / "b.svg").exists()


@pytest.mark.parametrize("font", [picture.chinese_font(), None])
def test_a_plot_speaks_the_page_s_language(tmp_path, monkeypatch, font):
    """English without a font; what follows speaks Chinese again."""
    monkeypatch.setattr(picture, "chinese_font", lambda: font)
    try:
        plot.draw("losses", "picture", tmp_path / "a.svg", LANGUAGE)
        assert words._("loss") == "损失"
    finally:
        words.use("en")
    assert words._("loss") == "loss"
    # matplotlib writes each text as a comment beside its shape.
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ("<!-- 斜率 -->" if font else "<!-- slope -->") in svg
