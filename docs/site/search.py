"""Index Chinese for the search, without a dictionary of words.

The terms of a run of Chinese characters are its pairs of neighbours. A
query is split in the same way, and a page is found if it has all pairs.
Sphinx's own Chinese search needs another package, and its script uses a
stemmer that Sphinx does not include.
"""

import re

from sphinx.search import SearchLanguage

HAN = "\u4e00-\u9fff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")


class Chinese(SearchLanguage):
    """Chinese as pairs of characters, other words whole."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = """
function splitQuery(query) {
  return (query.match(/[\\u4e00-\\u9fff]+|[^\\u4e00-\\u9fff\\W]+/g) || [])
    .flatMap((run) => /[\\u4e00-\\u9fff]{3}/.test(run)
      ? [...run].slice(1).map((c, i) => run[i] + c) : [run]);
}
"""

    def split(self, input: str) -> list[str]:
        """The terms of a text."""
        return [term for run in RUN.findall(input) for term in pairs(run)]

    def word_filter(self, word: str) -> bool:
        """Whether a term is indexed."""
        return len(word) > 1


def pairs(run: str) -> list[str]:
    """The pairs of a run of Chinese, or another word whole."""
    if len(run) < 3 or not re.match(f"[{HAN}]", run):
        return [run]
    return [run[i:i + 2] for i in range(len(run) - 1)]


def setup(app):
    """Called by Sphinx."""
    app.add_search_language(Chinese)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
