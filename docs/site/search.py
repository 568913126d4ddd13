"""Index Chinese for the search, without a dictionary of words.

The terms of a run of Chinese characters are the characters and the pairs
of neighbours. search.js splits a query into pairs, and finds the pages
that have all of them. Sphinx's own Chinese search needs another package,
and its script uses a stemmer that Sphinx does not include.
"""

import re
from collections import Counter
from pathlib import Path

from docutils import nodes
from sphinx.search import SearchLanguage

HAN = "\u4e00-\u9fff"
# A page that has a term so many times comes before one that has it once.
OFTEN = 8
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")


class Chinese(SearchLanguage):
    """Chinese as characters and pairs of them, other words whole."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = Path(__file__).with_suffix(".js").read_text(
        encoding="utf-8")

    def split(self, input: str) -> list[str]:
        """The terms of a text."""
        return [term for run in RUN.findall(input) for term in terms(run)]

    def word_filter(self, word: str) -> bool:
        """Whether a term is indexed: a letter or digit alone is not."""
        return len(word) > 1 or not word.isascii()


def terms(run: str) -> list[str]:
    """The terms of a run of Chinese, or another word whole."""
    if not re.match(f"[{HAN}]", run):
        return [run]
    return [*run, *(run[i:i + 2] for i in range(len(run) - 1))]


def hide(app, doctree, _name):
    """Index what Sphinx does not: joined pairs, and which terms are many.

    Sphinx splits each piece of a paragraph alone: before a link, the
    link, after it. A definition of a substitution is indexed, and shows
    nothing.
    """
    if not app.config.language.startswith(Chinese.lang):
        return
    hidden = nodes.substitution_definition()
    for text in doctree.findall(nodes.TextElement):
        if len(list(text.findall(nodes.Text))) > 1:
            hidden += nodes.Text(re.sub("<[^<]+?>", "", text.astext()))
    count = Counter(Chinese({}).split(doctree.astext().lower()))
    hidden += nodes.meta(name="keywords", content=",".join(
        f"many {term}" for term in count if count[term] >= OFTEN))
    doctree += hidden


def setup(app):
    """Called by Sphinx."""
    app.add_search_language(Chinese)
    app.connect("doctree-resolved", hide)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
