"""Errors that name their page and line."""

from docutils.parsers.rst import DirectiveError
from sphinx.util.docutils import SphinxDirective


def fault(directive: SphinxDirective, message: str) -> DirectiveError:
    """An error of this directive, to be raised.

    A `plot` further up, which is reStructuredText, leaves its own way
    to count lines behind.
    """
    here(directive.state.document.reporter,
         directive.env.doc2path(directive.env.docname))
    return directive.error(message)


def here(reporter, path) -> None:
    """Lines are those of the page itself."""
    reporter.get_source_and_line = lambda line=None: (str(path), line)
