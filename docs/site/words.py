"""The words that the extensions put on a page, in its language.

They are collected in docs/locale/LANGUAGE/LC_MESSAGES/words.po.
"""

from pathlib import Path

from sphinx import locale

LOCALE = Path(__file__).parents[1] / "locale"
_lazy = locale.get_translation("words")


def _(message: str) -> str:
    """The message in the language of the build."""
    return str(_lazy(message))


def load(app) -> None:
    """Once Sphinx has compiled the catalogues."""
    locale.init([LOCALE], app.config.language, "words")
