"""Search in Chinese, without a dictionary of words.

A run of Chinese characters is indexed as its pairs, and a query is cut
the same way: what is found holds all the pairs. Sphinx's own way wants
another package, and its script names a stemmer that it does not bring.
"""

import re

from sphinx.search import SearchLanguage

HAN = "\u4e00-\u9fff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")


class Chinese(SearchLanguage):
    """Words as they are, and pairs of characters."""

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
        """What is indexed."""
        return len(word) > 1


def pairs(run: str) -> list[str]:
    """A word as it is, a run of Chinese as its pairs."""
    if len(run) < 3 or not re.match(f"[{HAN}]", run):
        return [run]
    return [run[i:i + 2] for i in range(len(run) - 1)]


def setup(app):
    """Called by Sphinx."""
    app.add_search_language(Chinese)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
