"""The cards of the museum, without a browser."""

import re

import pytest

from scratch.front_door.source import ROOT
from tests.museum import BUGS, ROOMS

pytest.importorskip("sphinx")


@pytest.fixture(scope="module")
def page():
    """The table of docs/bugs.md as cards, as HTML, without the losses."""
    from docs.site.cards import Places, card
    rows = re.findall(r"^\| `(.*?)` .* (\S+|no draw) \|$",
                      (ROOT / "docs/bugs.md").read_text(), re.M)
    examples, places = dict(rows), Places(ROOT / "docs")
    return {bug.name: "".join(node.astext() for node in card(
        bug, topic, examples[bug.name], places, shown=False))
        for topic, bugs in ROOMS.items() for bug in bugs}


def test_each_bug_has_a_card(page):
    """With its address, its test, its command, and balanced tags."""
    assert list(page) == list(BUGS)
    for name, card in page.items():
        bug = BUGS[name]
        assert f'id="{name}"' in card and f'href="#{name}"' in card
        assert f"tests/{bug.proof}" in card
        assert f"python -m tests.museum {name}<" in card
        for tag in "details", "div", "span", "p", "a", "code":
            assert card.count(f"</{tag}>") == len(
                re.findall(rf"<{tag}[ >]", card)), (name, tag)


def test_a_card_says_whose_convention_it_is(page):
    """A convention has its owner; a bug has none."""
    assert "Keras, TensorFlow: 1e-7</span>." in page["adam-eps-1e-7"]
    assert 'class="exhibit convention seen"' in page["adam-eps-1e-7"]
    assert "One of a family" in page["adam-eps-1e-7"]
    assert 'class="exhibit seen"' in page["adam-no-t"]
    assert ">Convention<" not in page["adam-no-t"]


def test_links_of_a_card_lead_somewhere(page):
    """To a mirror or a page of the lectures, and to a bug's box there."""
    from docs.site.cards import Places
    places = Places(ROOT / "docs")
    for name, card in page.items():
        for target, anchor in re.findall(r'href="(\w+)\.html(?:#(.*?))?"',
                                         card):
            assert (ROOT / f"docs/{target}.md").exists(), name
            if anchor:
                assert anchor in places.mirrors or anchor == f"bug-{name}"
    assert 'href="optim.html#optim.Adam"' in page["adam-no-t"]
    assert 'href="optim.html#bug-adam-no-t"' in page["adam-no-t"]
    # no mirror of its own
    assert 'href="data.html"' in page["shuffle-x-without-y"]


@pytest.mark.parametrize("seen, links", [
    ("a/b-C #35 and #90", ["a/b-C", "a/b-C/issues/35", "a/b-C/issues/90"]),
    ("a/b.jl PR #2, c/d", ["a/b.jl", "a/b.jl/issues/2", "c/d"]),
    ("a/b-3 (Net).", ["a/b-3"]),
    ("somebody, and MLX before PR #1640", []),
    ("13 places, 1e-20 to 1e-7", [])])
def test_where_it_was_seen(seen, links):
    """A repository and its threads are links; a name alone is not."""
    from docs.site.cards import linked
    shown = linked(seen)
    assert re.findall(r'href="https://github.com/(.*?)"', shown) == [
        link for link in links]
    assert re.sub("<.*?>", "", shown) == seen


def test_a_curve_that_diverges_leaves_the_drawing():
    """Losses become points; a loss that is not finite is far above."""
    from docs.site.sketch import sketch
    drawing = sketch({
        "without": [2.0, 1.0, 0.0], "with": [2.0, 9.0, None],
        "title": "A bowl.", "code": "f(a < b)", "of": "loss",
        "stopped": ""})
    wrong, = re.findall(r'class="wrong" points="(.*?)"', drawing)
    right, = re.findall(r'class="right" points="(.*?)"', drawing)
    # the top of the drawing is 1.3 times the largest loss: 2.6
    assert right == "0,35 200,92 400,150"
    assert wrong == "0,35 200,-150 400,-150"
    assert "Loss from 0 to 2.6, steps 1 to 3" in drawing
    assert "A bowl. <code>f(a &lt; b)</code>" in drawing
    assert "stops" not in drawing and "not finite from step 3" in drawing


def test_a_training_that_stops_says_where():
    """At the step after its last loss; a bug without a curve says so."""
    from docs.site.sketch import sketch
    drawing = sketch({
        "without": [1.0] * 200, "with": [1.0], "title": "", "code": "",
        "of": "rate", "stopped": "ValueError: x"})
    assert "stops at step 2: <code>ValueError: x</code>" in drawing
    assert "Learning rate from 0" in drawing
    right, = re.findall(r'class="right" points="(.*?)"', drawing)
    assert len(right.split()) <= 60 and right.endswith(" 400,35")
    assert "<svg" not in sketch({}) and "stays the same" in sketch({})
