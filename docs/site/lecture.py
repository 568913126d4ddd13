"""Define a role and a directive for the small things on a page.

The role `{number}` is the value of an expression over docs/TOPIC.py.
The directive `{lecturer}` has notes for the lecturer, which the key `n`
shows among the slides.
"""

import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

from docs.site import deck, translate, words
from docs.site.experiment import companion


class Number(SphinxRole):
    """{number}`lr * k:.2f`: what f"{lr * k:.2f}" is in docs/TOPIC.py."""

    def run(self):
        self.env.note_dependency(
            f"{self.env.srcdir}/{self.env.docname}.py")
        # A catalogue has the expression, not its value.
        if self.env.app.builder.name == "gettext":
            return [nodes.inline(self.rawtext, self.text)], []
        try:
            text = computed(self.env.docname, self.text)
        # Any error must name the page and the line.
        except Exception as error:
            message = self.inliner.reporter.error(
                f"number {self.text!r}: {type(error).__name__}: {error}",
                line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [
                message]
        return [nodes.inline(self.rawtext, text, classes=["number"])], []


@cache
def computed(topic: str, text: str) -> str:
    """Return the formatted value, with a true minus sign.

    Raises ValueError if it is a function, not a number.
    """
    shown = eval(f"f'''{{{text}}}'''", vars(companion(topic)))
    if shown.startswith("<"):
        raise ValueError(f"must be a number, got {shown}")
    return (shown.replace("-", "\u2212")
            if re.fullmatch(r"[-+\d.,e%]+", shown) else shown)


class Lecturer(SphinxDirective):
    """Notes for the lecturer."""

    has_content = True

    def run(self):
        box = nodes.container(classes=["lecturer"])
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class LinesOfImages(SphinxTransform):
    """Give images a line, so that a missing file is reported with it."""

    default_priority = 10

    def apply(self, **options):
        """Take the line of the nearest element around each image."""
        for image in self.document.findall(nodes.image):
            around = image
            while not around.line and around.parent is not None:
                around = around.parent
            image.line = around.line


def measure(app) -> None:
    """Time what a page times, before the proofs use all the cores."""
    if app.builder.format == "html" and Path(app.srcdir, "data.py").exists():
        companion("data").times()


def add_context(app, pagename, templatename, context, doctree) -> None:
    """Pass on what the templates show around each page.

    That is the title of the site, the link to the other language and, in
    Chinese, how many messages of the page are still in English:
    `waiting`, -1 for all.
    """
    chinese = app.config.language == translate.LANGUAGE
    up = "../" * pagename.count("/")
    other = f"{up}../{pagename}.html" if chinese else (
        f"{up}{translate.LANGUAGE}/{pagename}.html")
    name, code = ("English", "en") if chinese else ("\u4e2d\u6587", "zh")
    waiting = translate.waiting(pagename) if chinese and doctree else 0
    context["docstitle"] = words._("By hand and by torch")
    context["lecture"] = {
        "other": other, "name": name, "code": code,
        "waiting": -1 if waiting is None else waiting,
        "bar": words._("this lecture"),
        "deck": deck.is_lecture(pagename) and deck.words(),
        "slides": words._("Slides (key p)")}


def setup(app):
    """Called by Sphinx."""
    app.add_transform(LinesOfImages)
    app.add_role("number", Number())
    app.add_directive("lecturer", Lecturer)
    app.connect("builder-inited", words.load)
    app.connect("builder-inited", measure, priority=400)
    app.connect("html-page-context", add_context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
