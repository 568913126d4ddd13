"""Which class a section gets, see docs/site/layout.py. No browser."""

import pytest

pytest.importorskip("sphinx")

from docutils import nodes  # noqa: E402

from docs.site.layout import LEAST, lay_out  # noqa: E402


def box(kind):
    """A directive's box."""
    return nodes.container(classes=[kind])


def bug():
    """The nodes of a bug: HTML, words, HTML."""
    return [nodes.raw("", '<details class="bug" id="bug-x">'),
            box("words"), nodes.raw("", "</details>")]


MAKE = {
    "p": lambda: [nodes.paragraph("", "words " * LEAST)],
    "short": lambda: [nodes.paragraph("", "words")],
    "wide": lambda: [nodes.paragraph("", "\u8bcd" * (LEAST // 2))],
    "ul": lambda: [nodes.bullet_list("", nodes.list_item(
        "", nodes.paragraph("", "words " * LEAST)))],
    "math": lambda: [nodes.math_block()],
    "table": lambda: [nodes.table()],
    "code": lambda: [nodes.literal_block("", "line\n" * 20)],
    "command": lambda: [nodes.literal_block("", "line")],
    "long": lambda: [nodes.literal_block("", "letter " * 11)],
    "rows": lambda: [nodes.table("", *(
        nodes.row("", nodes.entry("", nodes.Text("word")))
        for _ in range(30)))],
    "row": lambda: [nodes.table("", nodes.row("", *(nodes.entry(
        "", nodes.Text("words " * 9)) for _ in range(3))))],
    "cell": lambda: [nodes.table("", nodes.row("", nodes.entry(
        "", nodes.Text("words " * 40))))],
    "computed": lambda: [nodes.container(
        "", nodes.table(), classes=["computed"])],
    "figure": lambda: [nodes.figure()],
    "raw": lambda: [nodes.raw("", '<div class="table-wrapper gaps">')],
    "target": lambda: [nodes.target()],
    "section": lambda: [nodes.section()],
    "bug": bug,
} | {kind: lambda kind=kind: [box(kind)]
     for kind in ("drag", "exercise", "lecturer", "mirror", "preface")}


def laid_out(inside, depth):
    """A section with that inside, under `depth` others."""
    document = around = nodes.document(None, None)
    for _ in range(depth + 1):
        section = nodes.section()
        section += nodes.title()
        around += section
        around = section
    for kind in inside.split():
        section += MAKE[kind]()
    lay_out(None, document)
    return section


@pytest.mark.parametrize("depth, inside, expected", [
    (0, "p figure preface section", "opening"),
    (0, "p code drag section", "opening"),
    (0, "p preface section", ""),
    (0, "p", ""),
    (0, "p p section", "prose"),
    (0, "p code", "beside"),
    (0, "p rows", ""),
    (1, "p p", "prose"),
    (1, "target p math p lecturer", "prose"),
    (1, "ul", "prose"),
    (1, "p section section", "prose"),
    (1, "short section", ""),
    (1, "short", ""),
    (1, "wide", "prose"),
    (1, "section", ""),
    (1, "mirror", ""),
    (1, "p figure p", ""),
    (2, "p p", ""),
    (1, "p table p", "beside"),
    (1, "code p lecturer", "beside"),
    (1, "table", ""),
    (1, "p table p code p", "steps"),
    (1, "p computed p", "beside"),
    (1, "p cell", "beside"),
    # Too wide or too tall.
    (1, "p long", ""),
    (1, "p row", ""),
    (1, "p rows", ""),
    # Below one line of code, beside many of words, there is a hole.
    (1, "p command", "prose"),
    (1, "short command", "beside"),
    (1, "p table section", "beside"),
    (2, "p table", ""),
    # The gaps take both columns, below their words.
    (1, "p raw", ""),
    (1, "drag drag", "pairs"),
    (1, "drag", ""),
    (1, "exercise", "pairs"),
    (1, "bug bug", "pairs"),
    (2, "p code bug", "pairs"),
    (1, "bug p", ""),
])
def test_class(depth, inside, expected):
    """By what stands in a section, and how deep it is."""
    assert laid_out(inside, depth)["classes"] == [expected] * bool(expected)


@pytest.mark.parametrize("inside, wide", [
    ("drag drag drag", [2]), ("target exercise exercise exercise", [3]),
    ("exercise exercise", []), ("exercise", []), ("bug bug bug", [])])
def test_wide(inside, wide):
    """The last of an odd number of boxes has its row to itself."""
    boxes = laid_out(inside, 1).children[1:]
    assert [i for i, one in enumerate(boxes)
            if "wide" in one.get("classes", [])] == wide
