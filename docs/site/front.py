"""The directive `path`: the lectures of the front page, as pictures.

    ```{path}
    1. [`tensors`](tensors.md): NumPy and torch side by side
    2. [`activations`](activations.md): relu, sigmoid, tanh
    ```

Each line becomes a card with the first picture of its page, and the
page's title for its name. Nothing is drawn twice.
"""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

log = getLogger(__name__)
# A graph is drawn during the build, see graph.py.
GRAPH = re.compile(r'<div class="experiment graph">.*?(<svg.*?</svg>)',
                   re.DOTALL)


class Path(SphinxDirective):
    """The directive `path`."""

    has_content = True

    def run(self):
        box = nodes.container(classes=["path"])
        self.state.nested_parse(self.content, self.content_offset, box)
        self.env.metadata[self.env.docname]["path"] = True
        return [box]


def picture(doctree: nodes.document) -> nodes.Node | None:
    """The first picture of a page, or its first graph; None without."""
    for node in doctree.findall(
            lambda node: isinstance(node, nodes.image | nodes.raw)):
        if isinstance(node, nodes.image):
            copy = node.deepcopy()
            # The name beside it says what it belongs to.
            copy["ids"], copy["alt"] = [], ""
            return copy
        drawn = GRAPH.search(node.astext())
        if drawn:
            return nodes.raw(
                "", '<div class="graph" aria-hidden="true">'
                f"{drawn[1]}</div>", format="html")
    return None


def fill(app, doctree, docname) -> None:
    """Give each card its picture and its title, once all are there."""
    if app.builder.format != "html":
        return
    for box in doctree.findall(nodes.container):
        if "path" not in box["classes"]:
            continue
        start = next(box.findall(nodes.enumerated_list)).get("start", 1)
        for number, item in enumerate(box.findall(nodes.list_item), start):
            link = next(item.findall(nodes.reference), None)
            topic = (link["refuri"] if link else "").removesuffix(".html")
            # A missing page is reported where the link is.
            if link is None or topic not in app.env.found_docs:
                continue
            shown = picture(app.env.get_doctree(topic))
            if shown is None:
                log.warning("path: %s must have a picture, got none",
                            topic, location=link.parent)
                continue
            line = link.parent.astext()[len(link.astext()):]
            name = nodes.strong("", app.env.titles[topic].astext())
            anchor = nodes.reference("", "", name, refuri=link["refuri"],
                                     internal=True)
            frame = nodes.container("", shown, classes=["picture"])
            stop = nodes.container("", nodes.Text(str(number)),
                                   classes=["stop"])
            item.children = []
            item += [stop, frame, nodes.paragraph("", "", anchor),
                     nodes.paragraph("", line.lstrip(":\uff1a "))]


def renew(app, env) -> list[str]:
    """Pages with a path are written anew with every change elsewhere."""
    return [name for name, data in env.metadata.items() if "path" in data]


def setup(app):
    """Called by Sphinx."""
    app.add_directive("path", Path)
    app.connect("doctree-resolved", fill)
    app.connect("env-updated", renew)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
