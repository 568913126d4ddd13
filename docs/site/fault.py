"""Errors that name their page and line."""

from docutils.parsers.rst import DirectiveError
from sphinx.util.docutils import SphinxDirective


def fault(directive: SphinxDirective, message: str) -> DirectiveError:
    """An error of this directive, for the caller to raise.

    A `plot` further up is reStructuredText and changes how the reporter
    counts lines. Here the count of the page itself is restored.
    """
    here(directive.state.document.reporter,
         directive.env.doc2path(directive.env.docname))
    return directive.error(message)


def here(reporter, path) -> None:
    """Make the reporter count the lines of the page itself."""
    reporter.get_source_and_line = lambda line=None: (str(path), line)
