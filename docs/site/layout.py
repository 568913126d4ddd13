"""Give each section a class that says how a wide page lays it out.

opening: a page's title and its question, and a picture right of them
prose:   words alone, in two columns
beside:  words, and right of them the one table or block of code
pairs:   bugs, drawings or exercises, side by side

Subsections below words take both columns. A section of any other kind
has no class. layout.css has the rules for each. Of an odd number of
drawings or exercises the last one gets the class `wide`: it has its row
to itself.
"""

from unicodedata import east_asian_width

from docutils import nodes
from sphinx import addnodes

WORDS = (nodes.paragraph, nodes.bullet_list, nodes.enumerated_list,
         nodes.math_block)
# Fewer letters than four lines stay in one column.
LEAST = 240
# What takes no room on a page.
HIDDEN = (nodes.title, nodes.target, nodes.comment, addnodes.index)


def layout(section: nodes.section) -> str:
    """The class of a section, or ""."""
    inside = kinds(section)
    if isinstance(section.parent, nodes.document):
        return "opening" if "figure" in inside else ""
    if "exercise" in inside or inside.count("drag") > 1:
        return "pairs"
    if "bug" in inside:
        # Words below bugs would stand beside one of them.
        below = inside[inside.index("bug"):]
        return "" if "words" in below else "pairs"
    if "words" not in inside or not isinstance(
            section.parent.parent, nodes.document):
        return ""
    if set(inside) <= {"words", "section"}:
        return "prose" if width(section) >= LEAST else ""
    return "beside" if inside.count("block") == 1 else ""


def width(section: nodes.section) -> int:
    """How many letters its words have; a Chinese one counts twice."""
    text = "".join(child.astext() for child in section.children
                   if kind(child) == "words")
    return sum(2 if east_asian_width(letter) in "WF" else 1
               for letter in text)


def kinds(section: nodes.section) -> list[str]:
    """What stands below the title of a section, see `kind`."""
    return [kind(child) for child in section.children
            if not isinstance(child, HIDDEN)
            and "lecturer" not in child.get("classes", [])]


def kind(node: nodes.Element) -> str:
    """What a child of a section is, or ""."""
    if isinstance(node, WORDS):
        return "words"
    if isinstance(node, nodes.table | nodes.literal_block):
        return "block"
    # The HTML of a bug begins here. Its words are a node of their own.
    if isinstance(node, nodes.raw) and node.astext().startswith(
            '<details class="bug"'):
        return "bug"
    return next((name for name in ("figure", "section", "drag", "exercise")
                 if name in (node.tagname, *node.get("classes", []))), "")


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
