"""How formulas are spaced, and what stays beside them."""

import xml.etree.ElementTree as ET

import pytest

pytest.importorskip("sphinx")

from docutils import nodes  # noqa: E402
from docutils.frontend import get_default_settings  # noqa: E402
from docutils.utils import new_document  # noqa: E402

from docs.site.mathml import converted, join  # noqa: E402


@pytest.mark.parametrize("tex, before, after", [
    (r"a = \max(x, 0)", "max", ("0", "0")),
    (r"\max_j x_j", "max", ("0", "0.167em")),
    (r"\log p", "\u2061", ("0", "0.167em")),
    (r"\log(p)", "\u2061", ("0", "0")),
    ("3 |x|", "|", ("0", "0")),
    ("w^2 =", "=", (None, "0")),
    ("w = 2", "=", (None, None)),
    ("a + b", "+", (None, None)),
])
def test_spaces(tex, before, after):
    """As TeX sets them: log p, max(x, 0), |x|."""
    root = ET.fromstring(converted(nodes.math(tex, tex), False))
    signs = [sign for sign in root.iter("mo") if sign.text == before]
    assert signs
    for sign in signs:
        assert (sign.get("lspace"), sign.get("rspace")) == after


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
