"""Text in a terminal: how wide it is, and where a line breaks."""

import re
import unicodedata

# Chinese letters, and marks that stay with the next or the last one.
HAN = r"[\u2e80-\u2fff\u3021-\u9fff]"
OPENING = "\uff08\u201c\u300a"
CLOSING = "\uff0c\u3002\uff1b\uff1a\uff01\uff1f\uff09\u201d\u300b\u3001"


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
