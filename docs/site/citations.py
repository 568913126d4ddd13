"""Make each citation a link that shows its source.

"Kingma and Ba (2015)" on a page leads to its entry in
docs/references.md, and shows the entry while the pointer or the
keyboard is on it. notes.css and notes.js do the showing.
"""

import html
import re
from functools import cache
from pathlib import Path

from docutils import nodes

from scratch.front_door.source import ROOT

PAGE = "references"
ENTRY = re.compile(r"^- (([^(]+) \((\d{4})\)\..*?)\s*<\S+?>\. *\n?\s*Used in",
                   re.M | re.S)
# What is not searched: links, code, formulas, headings.
WHOLE = (nodes.reference, nodes.literal, nodes.literal_block, nodes.math,
         nodes.math_block, nodes.raw, nodes.title)


@cache
def entries() -> dict[tuple[str, str], str]:
    """First author and year -> the entry in Markdown, without its link."""
    page = (ROOT / f"docs/{PAGE}.md").read_text()
    return {(re.split("[, ]", authors)[0], year): " ".join(text.split())
            for text, authors, year in ENTRY.findall(page)}


@cache
def pattern() -> re.Pattern:
    """A first author, at most 60 characters, and the year of an entry.

    No other year and no full stop may stand between them, except that
    of "et al.". Chinese pages have no space before a name, and other
    brackets.
    """
    return re.compile("|".join(
        rf"(?<![A-Za-z]){name}(?![A-Za-z])"
        rf"(?:et al\.|(?!\d{{4}})[^.。]){{0,60}}?{year}(?!\d)[)）]?"
        for name, year in entries()))


def found(text: str) -> list[tuple[int, int, tuple[str, str]]]:
    """Where citations begin and end in a text, and their entries.

    A closing bracket belongs to it if the opening one does.
    """
    rows = []
    for match in pattern().finditer(text):
        cited, end = match[0], match.end()
        if cited[-1] in ")）" and not re.search("[(（]", cited):
            end -= 1
        key = next((name, year) for name, year in entries()
                   if cited.startswith(name) and year in cited)
        rows.append((match.start(), end, key))
    return rows


def label(key: tuple[str, str]) -> str:
    """The id of an entry, as "kingma-2015"."""
    return "-".join(key).lower()


def name_entries(app, doctree) -> None:
    """Give each entry of the page of sources its id.

    What stands before its link is English on a Chinese page, too.
    """
    if app.env.docname != PAGE:
        return
    for item in doctree.findall(nodes.list_item):
        text = item.astext()
        years = re.findall(r"\((\d{4})\)", text)
        item["ids"].append(label((re.split("[, ]", text)[0], years[0])))
        line = item[0]
        end = line.first_child_matching_class(nodes.reference)
        # docutils makes lang="en" of it.
        cited = nodes.inline("", "", *line[:end], classes=["language-en"])
        line[:end] = [cited]


def link_all(app, doctree, docname: str) -> None:
    """Replace each citation of a page by its link."""
    if docname == PAGE or app.builder.format != "html" or (
            PAGE not in app.env.found_docs):
        return
    page = app.builder.get_relative_uri(docname, PAGE)
    count = 0
    for text in list(doctree.findall(nodes.Text)):
        node = text.parent
        while node is not None and not isinstance(node, WHOLE):
            node = node.parent
        rows = found(text.astext()) if node is None else []
        if not rows:
            continue
        parts: list[nodes.Node] = []
        at = 0
        for start, end, key in rows:
            count += 1
            parts += [nodes.Text(text[at:start]), nodes.raw(
                "", linked(text[start:end], key, page, f"source-{count}"),
                format="html")]
            at = end
        text.parent.replace(text, [*parts, nodes.Text(text[at:])])


def linked(cited: str, key: tuple[str, str], page: str, name: str) -> str:
    """The citation as HTML: a link, and the entry that it shows."""
    entry = re.sub(r"\*(.*?)\*", r"<i>\1</i>",
                   html.escape(entries()[key]))
    return (f'<span class="cite"><a href="{page}#{label(key)}" '
            f'aria-describedby="{name}">{html.escape(cited)}</a>'
            f'<span class="entry" lang="en" role="tooltip" id="{name}">'
            f"{entry}</span></span>")


def note(app, docname: str, source: list[str]) -> None:
    """A changed entry changes the pages that cite it."""
    if pattern().search(source[0]):
        app.env.note_dependency(str(Path(app.srcdir, f"{PAGE}.md")))


def setup(app):
    """Called by Sphinx."""
    app.connect("source-read", note)
    app.connect("doctree-read", name_entries)
    app.connect("doctree-resolved", link_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
