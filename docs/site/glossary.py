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
from docs.site.words import _

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
            body += nodes.row("", nodes.entry("", word), nodes.entry())
        head = nodes.row()
        # Chinese pages have the Chinese first: these two change places.
        for title in _("English"), _("Chinese"):
            head += nodes.entry("", nodes.paragraph("", title,
                                                    translatable=False))
        group = nodes.tgroup("", nodes.colspec(colwidth=1),
                             nodes.colspec(colwidth=1),
                             nodes.thead("", head), body, cols=2)
        return [nodes.table("", group, classes=["terms"])]


def show_both(app, doctree) -> None:
    """Put the other language's word beside each; sort by the first.

    Sphinx has translated the page when this is called.
    """
    if app.env.docname != PAGE:
        return
    app.env.note_dependency(str(FOLDER / f"{PAGE}.po"))
    pairs, language = chinese(), "zh"
    if app.config.language != "en":
        pairs = {word: term for term, word in pairs.items()}
        language = "en"
    for term in doctree.findall(nodes.term):
        word = term.astext()
        if pairs.get(word, word) != word:
            term += [nodes.Text(" "), nodes.inline(
                "", pairs[word], classes=["other", f"language-{language}"])]
    for body in doctree.findall(nodes.tbody):
        for row in body:
            word = row.astext().strip()
            row[1] += nodes.paragraph("", pairs.get(word, word),
                                      classes=[f"language-{language}"])
        body[:] = sorted(body, key=order)
    for words in doctree.findall(nodes.definition_list):
        words[:] = sorted(words, key=order)


def order(node: nodes.Element) -> bytes:
    """A key to sort by: the alphabet, then Chinese by its sound.

    GB 2312, as part of GBK, has the common characters in that order.
    """
    return node.astext().lower().encode("gbk", "replace")


def setup(app):
    """Called by Sphinx."""
    app.add_directive("terms", Terms)
    app.connect("doctree-read", show_both)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
