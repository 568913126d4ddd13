"""Write each lecture as a Jupyter notebook.

    python -m docs.site.notebooks
    python -m docs.site.notebooks FOLDER optim cnn --language zh_CN

The files are TOPIC.ipynb, without a folder in docs/_build/notebooks.
They have the sources of the pages: the prose of docs/TOPIC.md with its
numbers, and for each directive a cell that imports and draws. No code
of the project is copied, except what an exercise is about to change.
Jupyter shows them; execute.py runs them.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docs.site import cells, translate, words
from docs.site.evidence import tests
from docs.site.lecture import computed
from docs.site.words import _, labelled, thought
from scratch import CONTENTS
from scratch.front_door.source import ROOT
from tests.exercises import EXERCISES
from tests.exercises.attempt import main_name, start
from tests.museum import BUGS
from tests.museum.processes import in_forks, warm_up

FOLDER = ROOT / "docs/_build/notebooks"
Cell = tuple[str, str]

# The first cell, with the topic and the language for begin().
FIRST = """\
import sys
from pathlib import Path

# {comment}
here = Path.cwd()
root = next((folder for folder in [here, *here.parents]
             if (folder / "docs/site/cells.py").exists()), None)
if root is None:
    raise FileNotFoundError(
        "the notebook must be in a folder of the project, such as "
        f"docs/_build/notebooks, got {{here}}")
sys.path.insert(0, str(root))

from docs.site.cells import begin, both, check, draw, source
from tests.exercises import EXERCISES
from tests.museum import BUGS
from tests.museum.plant import diff

begin("{language}")
from docs import {topic}
"""


class Page:
    """A page as cells: pairs of "markdown" or "code", and the text."""

    def __init__(self, topic: str, folder: Path, language: str):
        self.topic, self.language = topic, language
        self.up = Path(os.path.relpath(ROOT / "docs", folder)).as_posix()
        self.text = (ROOT / f"docs/{topic}.md").read_text(encoding="utf-8")
        self.known = (translate.known(topic)
                      if language == translate.LANGUAGE else {})

    def cells(self) -> Iterator[Cell]:
        """The cells, in the order of the page."""
        title, rest = self.text.split("\n", 1)
        yield "markdown", self.prose(title)
        yield "code", FIRST.format(
            topic=self.topic, language=self.language, comment=_(
                "This notebook uses the project in whose folder it is."))
        yield from self.blocks(rest)

    def blocks(self, text: str) -> Iterator[Cell]:
        """Prose, a cell for each heading, and directives."""
        prose: list[str] = []
        lines = iter(text.split("\n"))
        for line in lines:
            fence = re.fullmatch(r"(`{3,})(?:\{([\w-]+)\})? ?(.*)", line)
            if fence is None:
                if line.startswith("#"):
                    yield from self.markdown("\n".join(prose))
                    prose = []
                prose.append(line)
                continue
            inside = list(iter(lines.__next__, fence[1]))
            if fence[2] is None:
                prose += [line, *inside, fence[1]]
                continue
            yield from self.markdown("\n".join(prose))
            prose = []
            yield from self.directive(fence[2], fence[3], inside)
        yield from self.markdown("\n".join(prose))

    def markdown(self, text: str) -> Iterator[Cell]:
        """A cell of prose, if there is any."""
        if text.strip():
            yield "markdown", self.prose(text.strip())

    def directive(self, kind: str, name: str,
                  lines: list[str]) -> Iterator[Cell]:
        """The cells of a directive. Raises ValueError for a new kind."""
        options = {}
        while lines and (option := re.match(r":(\w+): ?(.*)", lines[0])):
            options[option[1]] = option[2]
            lines = lines[1:]
        content = "\n".join(lines)
        match kind:
            case "plot":
                yield "code", f"{name}()"
            case "mirror":
                yield from self.mirror(name, content, options["proof"])
            case "experiment":
                yield from self.markdown(content)
                yield "code", self.experiment(name)
            case "bug":
                yield from self.bug(name, content)
            case "exercise":
                yield from self.exercise(name, content)
            case "gaps":
                yield "markdown", _("The tests measure it:") + (
                    "\n\n```sh\npython -m pytest "
                    f"tests/test_{self.topic}.py\n```")
            case "literalinclude":
                path = (ROOT / "docs" / name).resolve().relative_to(
                    ROOT).as_posix()
                yield "code", f'source("{path}", "{options["pyobject"]}")'
            case "lecturer":
                # For the lecturer alone.
                pass
            case _:
                raise ValueError(f"no cell for the directive {kind!r}")

    def mirror(self, name: str, content: str, proof: str) -> Iterator[Cell]:
        """The formula, both sides, and the tests that compare them."""
        # Of a method, its class.
        topic, inside = name.split(".")[:2]
        yield from self.markdown(content)
        yield "code", (
            f"from scratch.{topic} import {inside} as by_hand\n"
            f"from torch_ref.{topic} import {inside} as by_torch\n\n"
            f'both("{name}")')
        yield "markdown", labelled(_("The proof"), _(", ").join(
            f"`tests/{test}`" for test in tests(topic, proof)))

    def experiment(self, name: str) -> str:
        """A drawing at the first position of its slider."""
        comment = _("Another position of the slider: draw(experiment, 3)")
        return f"experiment = {name}()\n# {comment}\ndraw(experiment)"

    def bug(self, name: str, content: str) -> Iterator[Cell]:
        """What someone thought, the lines that change, what comes of it."""
        bug = BUGS[name]
        said = labelled(f"`{name}`", escaped(thought(bug)))
        yield "markdown", (f"**{said}**\n\n"
                           f"`scratch/{bug.topic}.py`, `{bug.where}`")
        yield "code", f'print(diff(BUGS["{name}"]))'
        caught = _("Caught by {test}.").format(
            test=f"`tests/{bug.proof}`")
        yield "markdown", f"{self.prose(content.strip())}\n\n{caught}"

    def exercise(self, name: str, content: str) -> Iterator[Cell]:
        """The task, what to change, and its check."""
        text = start(EXERCISES[name])
        change = _("Change this cell; the rest of {file} stays.").format(
            file=f"scratch/{EXERCISES[name].topic}.py")
        solution = _("A solution:")
        yield "markdown", self.prose(content)
        yield "code", f"# {change}\n{text}"
        yield "code", (f'check("{name}", {main_name(text)})\n'
                       f"# {solution} "
                       f'print(diff(EXERCISES["{name}"]))')

    def prose(self, text: str) -> str:
        """Markdown for Jupyter: translated, with numbers and formulas."""
        text = "\n\n".join(map(self.translated, re.split(r"\n{2,}", text)))
        text = re.sub(r"\{number\}`([^`]+)`", lambda match: escaped(
            computed(self.topic, match[1])), text)
        text = re.sub(r"\{math\}`([^`]+)`", r"$\1$", text)
        return re.sub(r"\[([^\]]*)\]\(([\w.]*)(#[\w-]*)?\)", self.link, text)

    def translated(self, block: str) -> str:
        """A paragraph, heading, list or table in the page's language."""
        if block.startswith("```"):
            return block
        if block.startswith("$$"):
            return re.sub(r"\$\$(.+?)\$\$", lambda match:
                          f"$$ {_(match[1].strip())} $$", block, flags=re.S)
        if block.startswith("|"):
            return "\n".join("|".join(map(self.message, line.split("|")))
                             for line in block.split("\n"))
        # A heading, or the items of a list.
        parts = re.split(r"^(#+ |- )", block, flags=re.M)
        return "".join(part if re.fullmatch(r"#+ |- ", part)
                       else self.message(part) for part in parts)

    def message(self, text: str) -> str:
        """A message of the catalogue, between the same blanks."""
        message = " ".join(text.split())
        return text.replace(text.strip(), self.known[message]
                            ) if message in self.known else text

    def link(self, match: re.Match[str]) -> str:
        """A link to a lecture leads to its notebook, any other to docs/."""
        text, file, place = match[1], match[2], match[3] or ""
        page = file.removesuffix(".md")
        if place:
            place = f"#{heading(page or self.topic, place[1:])}"
        if page in CONTENTS:
            file = f"{page}.ipynb"
        elif file:
            file = f"{self.up}/{file}"
        return f"[{text or title_of(page)}]({file}{place})"


@cache
def headings(page: str) -> list[str]:
    """The titles of a page, the page's own first."""
    text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
    return re.findall(r"^#+ (.*)", text, re.M)


def title_of(page: str) -> str:
    """What a link without a text shows."""
    return headings(page)[0]


def heading(page: str, anchor: str) -> str:
    """The anchor that Jupyter gives a heading, from that of Sphinx."""
    return next(title.replace(" ", "-") for title in headings(page)
                if re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))
                == anchor)


def escaped(text: str) -> str:
    """Text that Markdown must not take for anything else."""
    return re.sub(r"([\\`*_\[\]<>$|])", r"\\\1", text)


def as_json(cells: list[Cell]) -> str:
    """A notebook in the format 4.5, not yet run."""
    rows = []
    for n, (kind, text) in enumerate(cells):
        row: dict[str, Any] = {
            "cell_type": kind, "id": f"cell-{n}", "metadata": {},
            "source": text.rstrip().splitlines(keepends=True)}
        if kind == "code":
            row |= {"execution_count": None, "outputs": []}
        rows.append(row)
    return json.dumps({
        "cells": rows, "nbformat": 4, "nbformat_minor": 5, "metadata": {
            "kernelspec": {"display_name": "Python 3", "name": "python3",
                           "language": "python"},
            "language_info": {"name": "python"}}},
        ensure_ascii=False, indent=1) + "\n"


def write(topic: str, folder: Path, language: str) -> Path:
    """Write the notebook of a topic; return its file."""
    cells.begin()
    words.use(language)
    path = folder / f"{topic}.ipynb"
    path.write_text(as_json(list(Page(topic, folder, language).cells())),
                    encoding="utf-8")
    return path


def main(arguments: Sequence[str]) -> int:
    """Write the notebooks, on all cores; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.site.notebooks",
        description="Write each lecture, or some, as a Jupyter notebook.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER,
                        metavar="FOLDER")
    parser.add_argument("topics", nargs="*", metavar="TOPIC")
    parser.add_argument("--language", default="en",
                        choices=["en", translate.LANGUAGE])
    options = parser.parse_args(arguments)
    topics, folder = options.topics or list(CONTENTS), options.folder
    if unknown := set(topics) - set(CONTENTS):
        parser.error(f"TOPIC must be one of {', '.join(CONTENTS)}, "
                     f"got {', '.join(sorted(unknown))}")
    folder.mkdir(parents=True, exist_ok=True)
    warm_up(exact=False)
    # The last lectures train the most: they begin.
    for path in in_forks([(write, (topic, folder.resolve(), options.language))
                          for topic in topics[::-1]]):
        print(f"{path.name:28}{path.stat().st_size // 1024:4} KB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
