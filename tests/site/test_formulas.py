"""How formulas stand among words."""

import re
import xml.etree.ElementTree as ET

import pytest

pytest.importorskip("sphinx")

from docutils import nodes  # noqa: E402
from docutils.frontend import get_default_settings  # noqa: E402
from docutils.utils import new_document  # noqa: E402

from docs.site.mathml import converted, join  # noqa: E402
from docs.site.notebooks import Page  # noqa: E402
from docs.site.words import use  # noqa: E402
from scratch.front_door.source import ROOT  # noqa: E402


@pytest.mark.parametrize("tex, space", [("w^2 =", "0"), ("w = 2", None)])
def test_a_word_space_follows_a_sign_at_the_end(tex, space):
    """A formula that ends with = has no space of its own there."""
    root = ET.fromstring(converted(nodes.math(tex, tex), False))
    assert root.find("mo").get("rspace") == space


@pytest.mark.parametrize("tex, lifted", [
    (r"\sqrt{m}", True), (r"\sqrt{6 / m}", False), (r"\sqrt{v^2}", False)])
def test_a_root_over_a_letter_is_as_tall_as_over_a_capital(tex, lifted):
    """Else its sign hangs below the line."""
    root = ET.fromstring(converted(nodes.math(tex, tex), False))
    assert (root.find("msqrt/mpadded") is not None) == lifted


@pytest.fixture
def chinese():
    """A build in Chinese; the other tests are in English."""
    use("zh_CN")
    yield
    use("en")


def test_the_words_of_a_formula_are_translated(chinese):
    """They are a message of words.po, as the page has them today."""
    page = (ROOT / "docs/dropout.md").read_text()
    tex = re.search(r"\$\$([^$]*\\text[^$]*)\$\$", page)[1]
    words = ET.fromstring(converted(nodes.math(tex, tex), True)).iter("mtext")
    assert [word.text.strip() for word in words] == [
        "\u4ee5\u6982\u7387", "\u5426\u5219"]
    notebook = Page("dropout", ROOT, "zh_CN").translated(f"$${tex}$$")
    assert "& \\text{\u5426\u5219} \\end{cases} $$" in notebook


@pytest.mark.parametrize("after, joined", [
    (". Its", "x."), (").", "x)."), ("，因此", "x，"), (" is", ""),
    ("-axis", ""),
])
def test_a_stop_stays_beside_its_formula(after, joined):
    """A line may not begin with it; the words after it are as before."""
    document = new_document("", get_default_settings())
    line = nodes.paragraph("", "", nodes.math("x", "x"), nodes.Text(after))
    document += line
    join(None, document)
    assert line.astext() == f"x{after}"
    assert [node.astext() for node in line.findall(nodes.inline)] == [
        joined] * bool(joined)


def test_a_stop_moves_none_but_its_own():
    """Docutils finds a text by its words: an equal one may be earlier."""
    document = new_document("", get_default_settings())
    line = nodes.paragraph("", "", nodes.literal("30", "30"), nodes.Text("。"),
                           nodes.math("x", "x"), nodes.Text("。"))
    document += line
    join(None, document)
    assert line.astext() == "30。x。"
