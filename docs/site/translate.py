"""The catalogues of the other language: what has to be translated.

    python -m docs.site.translate

brings docs/locale/zh_CN up to date with the pages, and lists what is
untranslated or stale.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from scratch import CONTENTS
from scratch.front_door.source import ROOT

DOCS = ROOT / "docs"
LANGUAGE = "zh_CN"
FOLDER = DOCS / f"locale/{LANGUAGE}/LC_MESSAGES"
# The pages that are translated: those that have a catalogue.
TRANSLATED = [page for page in ("index", *CONTENTS)
              if (FOLDER / f"{page}.po").exists()]
# Those of the extensions, and of what the pages above compute.
WORDS = "words"
HEADER = f"""\
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
# A formula, or a name alone, is the same in every language.
NEUTRAL = re.compile(r"\s.*|`[^`]*`|\[`[^`]*`\]\([^)]*\)|\d+", re.DOTALL)
# What a translation keeps: {name:.3f} and `code`; also {math}`x`.
KEPT = re.compile(r"\{[^}]*\}`[^`]*`|`[^`]+`|\{[^}]*\}|\]\([^)]*\)")


@cache
def templates() -> dict[str, list[str]]:
    """What the pages say today: the messages of each."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "sphinx", "-qW", "-b",
                        "gettext", DOCS, folder], check=True)
        found = {name: [str(message.id) for message in
                        _read(Path(folder, f"{name}.pot")) if message.id]
                 for name in TRANSLATED}
    sources = [*sorted((DOCS / "site").glob("*.py")),
               *(path for name in TRANSLATED
                 if (path := DOCS / f"{name}.py").exists())]
    found[WORDS] = list(dict.fromkeys(
        str(row[1]) for path in sources for row
        in extract_from_file("python", path, keywords={"_": None})))
    return {name: [message for message in messages
                   if not NEUTRAL.fullmatch(message)]
            for name, messages in found.items()}


def faults() -> Iterator[str]:
    """A line for each message that is untranslated, stale or broken."""
    for name, messages in templates().items():
        path = FOLDER / f"{name}.po"
        catalog = _read(path) if path.exists() else Catalog()
        for message in messages:
            given = catalog.get(message)
            if given is None or not given.string or given.fuzzy:
                yield f"{path.name}: untranslated: {message!r}"
            elif _kept(message) != _kept(str(given.string)):
                yield (f"{path.name}: wanted {_kept(message)}, given "
                       f"{_kept(str(given.string))} for {message!r}")
        known = [message.id for message in catalog if message.id]
        yield from (f"{path.name}: stale: {text!r}"
                    for text in map(str, [*known, *catalog.obsolete])
                    if text not in messages)


def update() -> None:
    """Write each catalogue anew; what is translated stays."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, messages in templates().items():
        path = FOLDER / f"{name}.po"
        before = _read(path) if path.exists() else Catalog()
        after = Catalog()
        for message in messages:
            given = before.get(message)
            after.add(message, given.string if given else "")
        with path.open("wb") as file:
            file.write(HEADER.encode())
            write_po(file, after, width=75, omit_header=True)


def _kept(text: str) -> list[str]:
    return sorted(KEPT.findall(text))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


if __name__ == "__main__":
    update()
    lines = list(faults())
    print("\n".join([*lines, f"{len(lines)} messages to look at"]))
    sys.exit(1 if lines else 0)
