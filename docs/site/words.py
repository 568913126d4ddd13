"""The words that code writes on a page, in the page's language.

Their catalogue is docs/locale/LANGUAGE/LC_MESSAGES/words.po.
"""

from pathlib import Path

from sphinx import locale
from sphinx.util.i18n import CatalogInfo

from scratch.front_door.source import ROOT

LOCALE = ROOT / "docs/locale"
_lazy = locale.get_translation("words")


def _(message: str) -> str:
    """The message in the language of the build."""
    return str(_lazy(message))


def load(app) -> None:
    """Load the catalogue of a build."""
    use(app.config.language)


def use(language: str) -> None:
    """Load the catalogue of a language; compile it first if it changed.

    Sphinx compiles the catalogues of the pages, but later than this.
    """
    catalog = CatalogInfo(LOCALE / language / "LC_MESSAGES", "words", "utf-8")
    if Path(catalog.po_path).exists() and catalog.is_outdated():
        catalog.write_mo(language)
    # Otherwise the words of an earlier language stay.
    locale.translators.pop(("general", "words"), None)
    locale.init([LOCALE], language, "words")
