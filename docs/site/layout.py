"""Give each section a class that says how a wide page lays it out.

opening: a page's title and its question, and a picture or a drawing right
         of them
prose:   words, in two columns
beside:  words, and right of them the one table or block of code
steps:   words, and right of the last ones before it each block
pairs:   bugs, drawings or exercises, side by side

Subsections below words take both columns, and so does a block that is
too wide for one. A section of any other kind has no class. layout.css
has the rules for each. Of an odd number of drawings or exercises the
last one gets the class `wide`: it has its row to itself.
"""

from unicodedata import east_asian_width

from docutils import nodes
from sphinx import addnodes

WORDS = (nodes.paragraph, nodes.bullet_list, nodes.enumerated_list,
         nodes.math_block, nodes.block_quote)
# Letters of a line of text.
LINE = 60
# Fewer letters than four lines stay in one column. The first words of a
# page do so too, unless they are the page.
LEAST = 4 * LINE
PAGE = 30 * LINE
# So many lines of words more than of code leave a hole below the code.
HOLE = 12
# Columns of code, letters of a row and rows of a table beside words. A
# cell of more letters has several lines.
CODE, ROW, ROWS, CELL = 72, 100, 20, 40
# What takes no room on a page.
HIDDEN = (nodes.title, nodes.target, nodes.comment, addnodes.index)


def layout(section: nodes.section) -> str:
    """The class of a section, or ""."""
    inside = kinds(section)
    if isinstance(section.parent, nodes.document) and (
            {"figure", "drag"} & set(inside)):
        return "opening"
    if "exercise" in inside or inside.count("drag") > 1:
        return "pairs"
    if "bug" in inside:
        # Words below bugs would stand beside one of them.
        below = inside[inside.index("bug"):]
        return "" if "words" in below else "pairs"
    top = isinstance(section.parent, nodes.document)
    if "words" not in inside or not (top or isinstance(
            section.parent.parent, nodes.document)):
        return ""
    return text(section, inside, top)


def text(section: nodes.section, inside: list[str], top: bool) -> str:
    """The class of a section of words, with tables and code or not."""
    if not set(inside) <= {"words", "section", "block"}:
        return ""
    blocks = [child for child in section.children if kind(child) == "block"]
    if not blocks:
        return "prose" if width(section) >= (PAGE if top else LEAST) else ""
    if len(blocks) > 1:
        return "steps"
    code = isinstance(blocks[0], nodes.literal_block)
    lines = len(blocks[0].astext().splitlines())
    if code and width(section) / LINE > lines + HOLE:
        return "prose"
    return "beside"


def width(section: nodes.section) -> int:
    """How many letters its words have; a Chinese one counts twice."""
    words = "".join(child.astext() for child in section.children
                    if kind(child) == "words")
    return sum(2 if east_asian_width(letter) in "WF" else 1
               for letter in words)


def kinds(section: nodes.section) -> list[str]:
    """What stands below the title of a section, see `kind`."""
    return [kind(child) for child in section.children
            if not isinstance(child, HIDDEN)
            and "lecturer" not in child.get("classes", [])]


def kind(node: nodes.Element) -> str:
    """What a child of a section is, or ""."""
    if isinstance(node, WORDS):
        return "words"
    if "computed" in node.get("classes", []) and len(node) == 1:
        node = node[0]
    if isinstance(node, nodes.table | nodes.literal_block):
        return "block" if fits(node) else ""
    # The HTML of a bug begins here. Its words are a node of their own.
    if isinstance(node, nodes.raw) and node.astext().startswith(
            '<details class="bug"'):
        return "bug"
    return next((name for name in ("figure", "section", "drag", "exercise")
                 if name in (node.tagname, *node.get("classes", []))), "")


def fits(block: nodes.Element) -> bool:
    """Whether there is room for a table or code in one column."""
    if isinstance(block, nodes.literal_block):
        return all(len(line) <= CODE for line in block.astext().splitlines())
    rows = list(block.findall(nodes.row))
    return len(rows) <= ROWS and all(
        sum(min(CELL, len(cell.astext())) for cell in row) <= ROW
        for row in rows)


def lay_out(app, doctree: nodes.document) -> None:
    """Give each section its class."""
    for section in doctree.findall(nodes.section):
        found = layout(section)
        if found:
            section["classes"].append(found)
        for name in "drag", "exercise":
            boxes = [child for child in section.children
                     if kind(child) == name]
            if len(boxes) > 1 and len(boxes) % 2:
                boxes[-1]["classes"].append("wide")


def setup(app):
    """Called by Sphinx."""
    app.connect("doctree-read", lay_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
