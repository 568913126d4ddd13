"""The glossary: each word of the field with its Chinese beside it.

docs/glossary.md has the words in English: those that it explains, and,
in the directive `{terms}`, others. Their Chinese is in the glossary's
catalogue. A build in either language shows both.
"""

import re
from functools import cache

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from docs.site.translate import DOCS, FOLDER, known

PAGE = "glossary"
LIST = re.compile(r"^```\{(?:glossary|terms)\}\n(.*?)^```$", re.M | re.S)


@cache
def chinese() -> dict[str, str]:
    """Each term of the page -> its Chinese, as in the catalogue.

    Terms that wait for their Chinese are left out.
    """
    page = (DOCS / f"{PAGE}.md").read_text()
    translated = known(PAGE)
    return {term: translated[term] for lines in LIST.findall(page)
            for term in re.findall(r"^\S.*$", lines, re.M)
            if term in translated}


class Terms(SphinxDirective):
    """The directive `terms`: a table with a row for each line."""

    has_content = True

    def run(self):
        body = nodes.tbody()
        for line, (source, number) in zip(self.content, self.content.items):
            word = nodes.paragraph(line, line)
            word.source, word.line = source, number + 1
            body += nodes.row("", nodes.entry("", word), nodes.entry(),
                              term=line)
        group = nodes.tgroup("", nodes.colspec(colwidth=1),
                             nodes.colspec(colwidth=1), body, cols=2)
        return [nodes.table("", group, classes=["terms"])]


def show_both(app, doctree) -> None:
    """Put the other language's word beside each; sort by the first.

    Sphinx has translated the page when this is called.
    """
    if app.env.docname != PAGE:
        return
    app.env.note_dependency(str(FOLDER / f"{PAGE}.po"))
    others, language = chinese(), "zh"
    if app.config.language != "en":
        others, language = {
            key: term for term, word in chinese().items()
            for key in (term, word)}, "en"
    for term in doctree.findall(nodes.term):
        word = term.astext()
        other = others.get(word, word)
        if other != word:
            term += [nodes.Text(" "), _word(nodes.inline, other, language)]
    for row in doctree.findall(nodes.row):
        # Not by its Chinese, which two terms may share.
        other = others.get(row["term"], "")
        row[1] += _word(nodes.paragraph, other, language)
    for kind in nodes.tbody, nodes.definition_list:
        for rows in doctree.findall(kind):
            rows[:] = sorted(rows, key=_order)


def _word(kind: type, text: str, language: str) -> nodes.Element:
    # A class from which docutils makes the attribute lang.
    return kind("", text, classes=["other", f"language-{language}"])


def _order(node: nodes.Element) -> bytes:
    """A key to sort by: the alphabet, then Chinese by its sound.

    GBK has the common characters in that order.
    """
    return node.astext().lower().encode("gbk", "replace")


def setup(app):
    """Called by Sphinx."""
    app.add_directive("terms", Terms)
    app.connect("doctree-read", show_both)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
