"""The small things of a lecture page.

`{number}` as a role: an expression over the names of docs/TOPIC.py.
`{lecturer}` as a directive: notes that only `n` shows, in the deck.
"""

import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

from docs.site import words
from docs.site.experiment import companion
from docs.site.fault import here


class Number(SphinxRole):
    """{number}`lr * k:.2f`: what f"{lr * k:.2f}" is in docs/TOPIC.py."""

    def run(self):
        self.env.note_dependency(
            f"{self.env.srcdir}/{self.env.docname}.py")
        try:
            text = computed(self.env.docname, self.text)
        # Whatever it is, the page and the line have to be named.
        except Exception as error:
            here(self.inliner.reporter, self.env.doc2path(self.env.docname))
            message = self.inliner.reporter.error(
                f"number {self.text!r}: {type(error).__name__}: {error}",
                line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [
                message]
        return [nodes.inline(self.rawtext, text, classes=["number"])], []


@cache
def computed(topic: str, text: str) -> str:
    """The expression's value, formatted, with a true minus sign.

    ValueError for a function that is not called.
    """
    shown = eval(f"f'''{{{text}}}'''", vars(companion(topic)))
    if shown.startswith("<"):
        raise ValueError(f"must be a number, got {shown}")
    return (shown.replace("-", "\u2212")
            if re.fullmatch(r"[-+\d.,e%]+", shown) else shown)


class Lecturer(SphinxDirective):
    """Notes for whoever stands in front."""

    has_content = True

    def run(self):
        box = nodes.container(classes=["lecturer"])
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class LinesOfImages(SphinxTransform):
    """A picture that is missing is named with the line of its text."""

    default_priority = 10

    def apply(self, **options):
        """Give each image the line of what it stands in."""
        for image in self.document.findall(nodes.image):
            around = image
            while not around.line and around.parent is not None:
                around = around.parent
            image.line = around.line


def measure(app) -> None:
    """What is timed is timed before the proofs take all the cores."""
    if app.builder.format == "html" and Path(app.srcdir, "data.py").exists():
        companion("data").times()


def add_context(app, pagename, templatename, context, doctree) -> None:
    """The way to the same page in the other language."""
    chinese = app.config.language == "zh_CN"
    up = "../" * pagename.count("/")
    other = f"{up}../{pagename}.html" if chinese else (
        f"{up}zh_CN/{pagename}.html")
    name, code = ("English", "en") if chinese else ("\u4e2d\u6587", "zh")
    context["lecture"] = {
        "other": other, "name": name, "code": code,
        "bar": words._("this lecture"),
        "slides": words._("Slides: key p; lecturer's notes: n")}


def setup(app):
    """Called by Sphinx."""
    app.add_transform(LinesOfImages)
    app.add_role("number", Number())
    app.add_directive("lecturer", Lecturer)
    app.connect("builder-inited", words.load)
    app.connect("builder-inited", measure, priority=400)
    app.connect("html-page-context", add_context)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
