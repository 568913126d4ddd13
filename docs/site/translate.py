"""Update the Chinese catalogues: what is translated, and what waits.

    python -m docs.site.translate

brings docs/locale/zh_CN up to date with the pages. A message is one
paragraph, title or caption. If its English has changed, its translation
is kept and marked `fuzzy`, gettext's own mark: it waits, and the page
shows the English until someone has checked it.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from docs.judge import formula
from docs.site.comments import comments
from docs.site.messages import certain, possible
from scratch.front_door.source import ROOT
from scratch.front_door.wrapping import width
from tests.judge.example import convention
from tests.judge.graders import RECIPES
from tests.judge.implementation import kinds
from tests.museum import BUGS
from tests.museum.plant import Bug

DOCS = ROOT / "docs"
LANGUAGE = "zh_CN"
FOLDER = DOCS / f"locale/{LANGUAGE}/LC_MESSAGES"
# The pages that are translated: those that have a catalogue.
TRANSLATED = [path.stem for path in sorted(FOLDER.glob("*.po"))
              if (DOCS / f"{path.stem}.md").exists()]
# The catalogue of what the code writes: docs/site/, and docs/TOPIC.py
# of each page above.
WORDS = "words"
# That of what the programs print.
MESSAGES = "messages"
# That of what the programmers of the museum's bugs thought.
THOUGHTS = "museum"
HEADER = f"""\
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
# A formula, or names or a number alone, are the same in every language.
NEUTRAL = re.compile(r"\s.*|`[^`]*`(, `[^`]*`)*|\[`[^`]*`\]\([^)]*\)"
                     r"|-?\d[\d,.]*(e-\d+)?", re.DOTALL)
# What a translation keeps: {name:.3f} and `code`; also {math}`x`. Not
# the words in a formula.
KEPT = re.compile(
    r"\{[^}]*\}`[^`]*`|`[^`]+`|(?<!\\text)\{[^}]*\}|\]\([^)]*\)")
# A label, and the blanks before what it labels. Behind a name, which may
# be of any length, no text has its column.
LABEL = re.compile(r"^(?!\{).*\S {2,}")
# Words stand alone, in small letters; names alone are no message.
PROSE = re.compile(r"(^| )[a-z]{2,}('s)?,? | [a-z]{2,}$")
ADVICE = f"""\
A waiting message is shown in English. In {FOLDER.relative_to(ROOT)},
write its translation into its empty msgstr; if it is marked `#, fuzzy`,
correct the old translation and delete the mark. Run this again."""


@cache
def templates() -> dict[str, list[str]]:
    """The messages of each catalogue, as the pages have them today."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "sphinx", "-qW", "-b",
                        "gettext", DOCS, folder], check=True)
        found = {name: [str(message.id) for message in
                        _messages(Path(folder, f"{name}.pot"))]
                 for name in TRANSLATED}
    sources = [*sorted((DOCS / "site").glob("*.py")),
               # The titles of the trainings are on the museum's cards.
               ROOT / "tests/museum/curve_table.py",
               *(path for name in TRANSLATED
                 if (path := DOCS / f"{name}.py").exists())]
    found[WORDS] = list(dict.fromkeys([
        *(str(row[1]) for path in sources for row
          in extract_from_file("python", path, keywords={"_": None})),
        # Sphinx cannot translate a formula; mathml.py does.
        *(message.strip() for messages in found.values()
          for message in messages if r"\text{" in message),
        # Options: the label of a slider, a link to the playground.
        *(words for path in sorted(DOCS.glob("*.md"))
          for words in re.findall(r"^:(?:label|play): (.+?)(?: = .*)?$",
                                  path.read_text(), re.M)),
        *(words for name in TRANSLATED
          for words in comments(DOCS / f"{name}.md")),
        *(text for text in said() if PROSE.search(text))
    ]))
    # Of what is composed, a translator knows what will be printed.
    known = possible()
    found[MESSAGES] = list(dict.fromkeys([*certain(), *(
        str(message.id) for message in _messages(FOLDER / "messages.po")
        if message.id in known)]))
    found[THOUGHTS] = list(dict.fromkeys(
        bug.thought for bug in BUGS.values()))
    return {name: [message for message in messages
                   if name == MESSAGES or not NEUTRAL.fullmatch(message)]
            for name, messages in found.items()}


def said() -> Iterator[str]:
    """What the museum and the judge say of sources, tests and torch."""
    for bug in BUGS.values():
        yield bug.seen
        yield owner(bug)
    for kind in kinds().values():
        yield kind.against
        # Not log p: only a formula that is said in words.
        if re.search(r"\b(each|for|with|where|as|half) ", formula(kind)):
            yield formula(kind)
    for recipe in RECIPES:
        yield (recipe.__doc__ or "").rstrip(".")


def owner(bug: Bug) -> str:
    """Whose convention a bug of the museum is, in English, or ""."""
    return convention(bug.name).removeprefix("a convention").removeprefix(
        " of ")


def waits(message: Message) -> bool:
    """Whether a page shows the English of the message."""
    return message.fuzzy or not message.string


def waiting(name: str) -> int | None:
    """How many messages of a catalogue wait; None if there is none."""
    path = FOLDER / f"{name}.po"
    return sum(map(waits, _messages(path))) if path.exists() else None


def known(name: str) -> dict[str, str]:
    """The messages of a catalogue that a page shows in translation."""
    return {str(message.id): str(message.string)
            for message in _messages(FOLDER / f"{name}.po")
            if not waits(message)}


def faults() -> Iterator[str]:
    """Yield a line for each message that is missing, stale or broken.

    Missing or stale: `update` was not run. Broken: a translation that
    is shown has lost a {number}, `code` or a link.
    """
    for name, today in templates().items():
        path = FOLDER / f"{name}.po"
        known = {str(message.id): message for message in _messages(path)}
        yield from (f"{path.name}: missing: {text!r}"
                    for text in today if text not in known)
        yield from (f"{path.name}: stale: {text!r}"
                    for text in known if text not in today)
        for text, message in known.items():
            kept, got = _kept(text), _kept(str(message.string))
            labels = {width("".join(LABEL.findall(words)))
                      for words in (text, str(message.string)) if words}
            if name == MESSAGES and len(labels) > 1:
                yield (f"{path.name}: broken: what stands behind the label "
                       f"must start where it does in {text!r}")
            if not waits(message) and kept != got:
                yield (f"{path.name}: broken: translation must keep {kept}, "
                       f"got {got} for {text!r}")


def update() -> None:
    """Write each catalogue anew, with the messages of today.

    A changed message keeps the translation of its nearest predecessor,
    marked fuzzy. One that is on no page any more is dropped.
    """
    for name, today in templates().items():
        path = FOLDER / f"{name}.po"
        template, merged, after = Catalog(), Catalog(), Catalog()
        for message in _messages(path):
            merged.add(message.id, message.string, flags=message.flags)
        for text in today:
            template.add(text)
        merged.update(template)
        for message in merged:
            if message.id:
                after.add(message.id, message.string or "",
                          flags={"fuzzy"} if message.fuzzy else ())
        with path.open("wb") as file:
            file.write(HEADER.encode())
            write_po(file, after, width=75, omit_header=True)


def report() -> Iterator[str]:
    """A line for each catalogue: translated and waiting messages."""
    yield f"{'catalogue':20} {'translated':>10} {'waiting':>10}"
    rows = [(name, len(messages), waiting(name) or 0)
            for name, messages in templates().items()]
    rows.append(("all", *(sum(column) for column
                          in list(zip(*rows))[1:])))
    for name, messages, left in rows:
        yield f"{name:20} {messages - left:10} {left:10}"


def _kept(text: str) -> list[str]:
    return sorted(KEPT.findall(text))


def _messages(path: Path) -> list[Message]:
    """Those of a catalogue, without its header."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def main() -> int:
    """Update, report, and say what to do next; 1 if one is broken."""
    update()
    broken = list(faults())
    print("\n".join([*report(), "", *broken, ADVICE]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
