"""What the programs print, in the reader's language.

The code speaks English. What it prints is looked up, line by line, in
docs/locale/zh_CN/LC_MESSAGES/messages.po. There {0}, {1}, ... stand for
what the code puts in: a number, a name, or another message.
"""

import ast
import os
import re
import sys
import unicodedata
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parents[2] / "docs/locale"
LANGUAGES = ("en", "zh_CN")
CATALOGUES = ("messages", "museum")
# What stands between two messages on one line, and the same in Chinese.
# A sentence has its full stop in its message.
BETWEEN = {"(?<=[.?!]) ": "", ": ": "\uff1a", "; ": "\uff1b",
           " \u00b7 ": " \u00b7 ", ", ": "\u3001"}
# What begins so is the end of a longer line.
ENDS = (" ", ",", ";", ".", ":")
# Chinese letters, and marks that stay with the next or the last one.
HAN = r"[\u2e80-\u2fff\u3021-\u9fff]"
OPENING = "\uff08\u201c\u300a"
CLOSING = "\uff0c\u3002\uff1b\uff1a\uff01\uff1f\uff09\u201d\u300b\u3001"
# A changed line in a patch is code.
CODE = ("- ", "+ ")


class Catalogue:
    """The messages of a language. To call it translates a text.

    What has no message stays as it is.
    """

    def __init__(self, messages: dict[str, str]):
        self.whole = {message: translation for message, translation
                      in messages.items() if "{" not in message}
        # First those that say most of the line themselves.
        self.patterns = [
            (_pattern(message), translation) for message, translation
            in sorted(messages.items(), key=_fixed, reverse=True)
            if "{" in message or message.startswith(ENDS)]
        # A line is split in many ways, into the same parts.
        self._phrase = cache(self._look_up)

    def __call__(self, text: str) -> str:
        return "\n".join(map(self._line, text.split("\n")))

    def _line(self, line: str) -> str:
        words = line.strip()
        if not words or words.startswith(CODE):
            return line
        found = self._phrase(words)
        if found == words:
            found = self._cells(words)
        return line.replace(words, found, 1)

    def _look_up(self, words: str) -> str:
        if words in self.whole:
            return self.whole[words]
        name, _, rest = words.partition(": ")
        if rest in self.whole and " " not in name:
            return f"{self._phrase(name)}\uff1a{self.whole[rest]}"
        for pattern, translation in self.patterns:
            match = pattern.fullmatch(words)
            # A line of several cells is no sentence.
            if match and ("  " not in words
                          or r"\ \ " in pattern.pattern):
                before, *values = map(self._phrase, match.groups(""))
                return before + translation.format(*values)
        if len(words) > 2 and words[0] == words[-1] == '"':
            inside = self._phrase(words[1:-1])
            return (words if inside == words[1:-1]
                    else f"\u201c{inside}\u201d")
        if "  " in words:
            return words
        for between, chinese in BETWEEN.items():
            parts = re.split(between, words, maxsplit=1)
            found = [*map(self._phrase, parts)] if parts[1:] else parts
            if found != parts:
                return chinese.join(found)
        return words

    def _cells(self, words: str) -> str:
        """A label and its text, or the heads of a table.

        The text stays where it starts, a head but the first where it
        ends.
        """
        cells = re.split("( {2,})", words)
        heads = len(cells) > 3
        line = ""
        for i, cell in enumerate(cells[::2]):
            start = width("".join(cells[:2 * i]))
            found = self._phrase(cell)
            if heads and i:
                start += width(cell) - width(found)
            line += " " * max(start - width(line), i and 1) + found
        return line


def _pattern(message: str) -> re.Pattern[str]:
    """What the message matches. Group 1: what comes before it."""
    before = "(.+?)" if message.startswith(ENDS) else "()"
    return re.compile(before + "(.*?)".join(
        map(re.escape, re.split(r"\{\d+\}", message))))


def _fixed(item: tuple[str, str]) -> int:
    return len(re.sub(r"\{\d+\}", "", item[0]))


def width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF")
               for letter in text)


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns.

    Chinese breaks between any two characters, but no line begins with
    a full stop or ends with an opening bracket.
    """
    # A character or a word, with the marks around it; or blanks.
    pieces = re.findall(
        rf"(?=\S)[{OPENING}]*"
        rf"(?:{HAN}|[^\s\u2e80-\u9fff{OPENING}{CLOSING}]+)?"
        rf"[{CLOSING}]*|\s+", text)
    lines = [""]
    for piece in pieces:
        if lines[-1] and width(lines[-1] + piece.rstrip()) > columns:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


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


def told(text: str) -> str:
    """The text in the language of this process."""
    return text if _language == "en" else catalogue(_language)(text)
