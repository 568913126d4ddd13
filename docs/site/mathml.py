"""Convert formulas to MathML with docutils: a page needs no script.

A formula that cannot be converted stops the build. One with words,
\\text{for example}, is a message of the catalogue of words.
"""

import re
import unicodedata
import xml.etree.ElementTree as ET

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.errors import ExtensionError
from sphinx.util.logging import getLogger

from docs.site.words import _

log = getLogger(__name__)

THIN = "0.1667em"
# A root over a lower letter would hang below its line.
TALL = "0.75em"
# What may not begin a line.
STOP = re.compile("[.,;:!?)，。；：！？）、]+")


def converted(node: nodes.Element, block: bool) -> str:
    """Return the formula of a node as MathML; symbols get `data-sym`.

    Raises ValueError, which quotes the formula, if it is not valid.
    """
    tex = _(node.astext().strip())
    # docutils would close an open brace silently.
    bare = re.sub(r"\\.", "", tex)
    if bare.count("{") != bare.count("}"):
        raise ValueError(
            f"formula {tex!r}: must have as many {{ as }}, got "
            f"{bare.count('{')} and {bare.count('}')}")
    try:
        math = tex2mathml(tex, as_block=block)
        # It writes an HTML entity after a function such as \log.
        root = ET.fromstring(math.replace(
            ' xmlns="http://www.w3.org/1998/Math/MathML"', "").replace(
            "&ApplyFunction;", "\u2061"))
    except (MathError, ET.ParseError) as error:
        raise ValueError(f"formula {tex!r}: {error}") from error
    space(root)
    lift(root)
    mark(root, node.get("symbols", ()))
    # A word space follows.
    if not block and len(root) and root[-1].text == "=":
        root[-1].set("rspace", "0")
    return ET.tostring(root, encoding="unicode",
                       short_empty_elements=False)


def space(root: ET.Element) -> None:
    """Space what a browser spaces unlike a textbook.

    Nothing stands beside a bar or a slash. A name such as log or max
    has a thin space before its argument, and none before a bracket.
    """
    for parent in root.iter():
        beside = [None, *parent, None]
        for before, one, after in zip(beside, beside[1:], beside[2:]):
            if one is None:
                continue
            core = one[0] if one.tag == "munder" else one
            name = core.text if core.tag == "mo" else None
            if name in ("|", "/"):
                core.set("lspace", "0")
                core.set("rspace", "0")
            elif name in ("max", "min", "\u2061"):
                core.set("lspace", "0" if name == "\u2061"
                         or before is None or before.tag == "mo"
                         else THIN)
                core.set("rspace", "0" if after is None
                         or after.tag == "mspace" or after.text == "("
                         else THIN)


def lift(root: ET.Element) -> None:
    """Make a letter alone below a root as tall as a capital."""
    for one in root.iter("msqrt"):
        if [child.tag for child in one] == ["mi"]:
            letter = one[0]
            one[:] = [ET.Element("mpadded", height=TALL)]
            one[0].append(letter)


def mark(element: ET.Element, symbols) -> None:
    """Set `data-sym` on each symbol.

    A subscript is part of the symbol (β1 is not β2), a power is not.
    """
    if element.tag == "msubsup" and spelt(element) in symbols:
        letter, below, above = element
        element.tag = "msup"
        element[:] = [ET.Element("msub"), above]
        element[0][:] = [letter, below]
    if spelt(element) in symbols:
        element.set("data-sym", spelt(element))
        return
    for child in element:
        mark(child, symbols)


def spelt(element: ET.Element) -> str:
    """The name of a letter in `:symbols:`, such as "β1"."""
    parts = {"mi": [element], "msub": element[:2],
             "msubsup": element[:2], "mover": element[:2]}
    text = "".join(t for part in parts.get(element.tag, [])
                   for t in part.itertext())
    return unicodedata.normalize("NFKC", "".join(text.split()))


def join(app, doctree: nodes.document) -> None:
    """Put a formula and the stop or comma after it in one inline node.

    A line would end between them: to a browser a formula is a picture.
    """
    for node in list(doctree.findall(nodes.math)):
        after = node.next_node(descend=False, siblings=True)
        stop = isinstance(after, nodes.Text) and STOP.match(after)
        if stop:
            joined = nodes.inline(classes=["joined"])
            node.replace_self(joined)
            joined += [node, nodes.Text(stop[0])]
            # `replace` would take the first text that equals `after`.
            parent = joined.parent
            parent[parent.index(joined) + 1] = nodes.Text(after[stop.end():])


def _write(translator, node: nodes.Element, block: bool) -> None:
    try:
        math = converted(node, block)
    except ValueError as error:
        log.warning("%s", error, location=node)
        raise nodes.SkipNode from error
    translator.body.append(
        f'<div class="math">{math}</div>\n' if block else math)
    raise nodes.SkipNode


def setup(app):
    """Called by Sphinx."""
    if app.config.html_math_renderer != "mathml":
        raise ExtensionError("html_math_renderer must be 'mathml', got "
                             f"{app.config.html_math_renderer!r}")
    app.add_html_math_renderer(
        "mathml", (lambda self, node: _write(self, node, False), None),
        (lambda self, node: _write(self, node, True), None))
    app.connect("doctree-read", join)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
