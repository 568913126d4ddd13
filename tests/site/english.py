"""What is in English on a built page or in a picture of another language.

Left out are code, formulas and what is marked `lang="en"`; what stands
in the brackets or quotation marks of the other language, as a term or a
quotation; and names, see `words`.
"""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from operator import itemgetter
from typing import Any

from docs.site.citations import ENTRY
from docs.site.translate import known
from scratch import CONTENTS
from scratch.front_door.source import ROOT
from tests.exercises import EXERCISES
from tests.museum import BUGS

# What has no end tag, and what does not end a text.
VOID = set("area base br col embed hr img input link meta source track "
           "wbr".split())
INLINE = set("a b code em i kbd math q samp small span strong sub sup "
             "u".split())
OUT = set("code kbd math pre samp script style".split())
# What begins with it, an example of a bug, is in English still.
EXAMPLE = known("words")["The smallest example, in words"]
SHOWN = set("alt aria-description aria-label aria-roledescription "
            "aria-valuetext label placeholder title".split())
# What scripts and styles read, and nobody sees.
HIDDEN = {f"data-{name}" for name in (
    "content_root do from key kind sym to value".split())}
# In these dicts of JSON, keys name lines and points of a drawing.
NAMED = {"contours", "lines", "paths", "points"}
# （softmax）, （ulp，末位单位）, “no warning”
QUOTED = re.compile("（[a-zA-Z ,-]+[，；）]|“[^“”\u4e00-\u9fff]*”")
# In code they are words, unless Python quotes them in an error.
TOLD = re.compile("(?!.*Error: )(|.* )(each|the|of|half|smoothed) ")
# What a script fills in: {loss}
FILLED = re.compile(r"\{\w+\}")
# A word before a bracket is a function: exp(x)
TOKEN = re.compile(r"[A-Za-z0-9_][\w./#='’-]*(?![\w(])", re.ASCII)
# docs/conf.py, betas=, PyTorch, MNIST
NAME = re.compile(r".*([/_#=\d]|\.\w|\w[A-Z])", re.ASCII)
AUTHORS = {name for _entry, authors, _year in ENTRY.findall(
    (ROOT / "docs/references.md").read_text(encoding="utf-8"))
    for name in re.findall(r"[A-Z]\w+", authors)}


class Reader(HTMLParser):
    """The texts of a page that may have words."""

    def __init__(self):
        super().__init__()
        self.texts: list[str] = []
        self.text = ""
        # Of each open element: its name, and whether it is left out.
        self.open = [("", False)]
        self.json = False

    def handle_starttag(self, tag, attrs):
        """Read the attributes."""
        values = {name: value or "" for name, value in attrs}
        self.end_text(tag)
        out = (self.open[-1][1] or tag in OUT
               or values.get("lang") == "en")
        if not out:
            self.texts += [value for name, value in values.items()
                           if name in SHOWN or name.startswith("data-")
                           and name not in HIDDEN]
        self.json = values.get("type") == "application/json"
        if tag not in VOID:
            self.open.append((tag, out))

    def handle_endtag(self, tag):
        """Leave the element, and what has no end tag inside it."""
        self.end_text(tag)
        self.json = False
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        """Read a text; of JSON, its strings."""
        if self.json:
            self.texts += strings(json.loads(data))
        else:
            within = [*map(itemgetter(0), self.open)]
            told = ("code" in within and "pre" not in within
                    and TOLD.match(data))
            self.text += data if told or not self.open[-1][1] else " "

    def end_text(self, tag):
        """Unless the element stands in a line of words."""
        if tag not in INLINE:
            if not self.text.startswith(EXAMPLE):
                self.texts.append(self.text)
            self.text = ""


def strings(value: Any, keys: bool = False) -> Iterator[str]:
    """The strings in a value of JSON; keys: those of a dict, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from [name] * keys
            yield from strings(one, name in NAMED)


def texts(page: str) -> list[str]:
    """The texts of a page of HTML, without its code."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    return [*reader.texts, reader.text]


def drawn(svg: str) -> list[str]:
    """What matplotlib has written into a picture, without formulas."""
    return [re.sub(r"\$[^$]*\$", " ", text)
            for text in re.findall(r"<!-- (.*?) -->", svg, re.S)]


def words(text: str) -> list[str]:
    """The English words of a text.

    A word of one letter is none, nor is a name: of a bug, an exercise
    or an author; or what has one of / _ # =, a digit, a dot inside, or
    a capital that is not the first letter.
    """
    found = []
    for token in TOKEN.findall(FILLED.sub(" ", QUOTED.sub(
            " ", text))):
        token = token.strip(".'’-")
        if token.removeprefix("bug-") in {*BUGS, *EXERCISES, *CONTENTS}:
            continue
        if not NAME.match(token):
            found += [part for part in token.split("-")
                      if len(part) > 1 and part not in AUTHORS]
    return found
