"""The words that code writes on a page, in the page's language.

Their catalogue is docs/locale/LANGUAGE/LC_MESSAGES/words.po; that of
the museum's thoughts is museum.po beside it.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from sphinx import locale
from sphinx.util.i18n import CatalogInfo

from scratch.front_door import language as spoken
from scratch.front_door.source import ROOT
from tests.museum.plant import Bug

LOCALE = ROOT / "docs/locale"
_lazy = locale.get_translation("words")
_thought = locale.get_translation("museum")
_language = "en"


def _(message: str) -> str:
    """The message in the language of the build."""
    return str(_lazy(message))


def in_a_row(sentences: Iterable[str]) -> str:
    """Sentences in a row; a full stop in Chinese needs no blank."""
    return re.sub("(?<=[\u3002\uff1a]) ", "", " ".join(sentences))


def labelled(label: str, words: str) -> str:
    """A label, its colon and what it labels."""
    return _("{label}: {words}").format(label=label, words=words)


def thought(bug: Bug) -> str:
    """What the programmer of a bug thought, in the build's language."""
    return str(_thought(bug.thought))


def said(text: str) -> str:
    """What a command prints, in the build's language."""
    return spoken.catalogue(_language)(text)


def load(app) -> None:
    """Load the catalogues of a build."""
    use(app.config.language)


def use(language: str) -> None:
    """Load the catalogues of a language; compile those that changed.

    Sphinx compiles the catalogues of the pages, but later than this.
    """
    global _language
    _language = language
    folder = LOCALE / language / "LC_MESSAGES"
    for name in "words", "museum":
        catalog = CatalogInfo(folder, name, "utf-8")
        if Path(catalog.po_path).exists() and catalog.is_outdated():
            catalog.write_mo(language)
        # Otherwise the words of an earlier language stay.
        locale.translators.pop(("general", name), None)
        locale.init([LOCALE], language, name)
