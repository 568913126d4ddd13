"""What the programs print, in the reader's language.

The code speaks English. What it prints is looked up, line by line, in
docs/locale/zh_CN/LC_MESSAGES/messages.po.
"""

import ast
import os
import re
import sys
from functools import cache
from pathlib import Path

from scratch.front_door.catalogue import Catalogue

LOCALE = Path(__file__).parents[2] / "docs/locale"
LANGUAGES = ("en", "zh_CN")
# Where two have a message, the last one counts.
CATALOGUES = ("words", "museum", "messages")


def read(path: Path) -> dict[str, str]:
    """The translated messages of a catalogue of gettext."""
    found = {}
    for notes, *texts in re.findall(
            r'((?:^#.*\n)*)^msgid((?:\s*".*")+)\s*'
            r'^msgstr((?:\s*".*")+)',
            path.read_text(encoding="utf-8"), re.M):
        message, translation = (
            ast.literal_eval(f"({text})") for text in texts)
        if message and translation and "fuzzy" not in notes:
            found[message] = translation
    return found


@cache
def catalogue(language: str) -> Catalogue:
    """The messages of a language; of English none.

    They lie in the repository, not in the installed package: without
    them, the programs speak English.
    """
    found: dict[str, str] = {}
    for name in CATALOGUES:
        path = LOCALE / language / f"LC_MESSAGES/{name}.po"
        if path.exists():
            found |= read(path)
    return Catalogue(found)


def wanted(given: str | None = None) -> str:
    """--language, or else that of the terminal, if it can show it."""
    names = "LC_ALL", "LC_MESSAGES", "LANG"
    system = next(filter(None, map(os.environ.get, names)), "")
    language = given or (
        "zh_CN" if system.startswith("zh_CN") else "en")
    # The console of Linux has no Chinese letters.
    plain = os.environ.get("TERM") == "linux"
    try:
        "\u4e2d\uff0c\u201c".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError, AttributeError):
        plain = True
    return "en" if plain else language


_language = "en"


def use(language: str) -> None:
    """Speak this language from now on."""
    global _language
    _language = language


def spoken() -> str:
    """The language of this process."""
    return _language


def told(text: str) -> str:
    """The text in the language of this process."""
    return text if _language == "en" else catalogue(_language)(text)
