"""A round: one bug, in a copy of a file, in a folder of the learner's.

The folder holds the copy, the symptom and progress.json, which remembers
the round. The bug's name is in it as a hash: nobody reads it by chance.
"""

import ast
import difflib
import functools
import hashlib
import json
import random
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import (DataError, nearest, reading,
                                             writing)
from scratch.front_door.language import told
from scratch.front_door.source import ROOT
from tests.museum import BUGS
from tests.museum.plant import Bug, diff

FORMAT = "a round of the dojo, version 1"
LEVELS = (1, 2, 3)


@dataclass
class Round:
    """What progress.json remembers."""

    seed: int
    # a hash of the bug's name
    bug: str
    # of the file, with the bug in it: an unchanged copy says so
    planted: str
    hints: int = 0
    checks: int = 0
    solved: bool = False
    shown: bool = False
    format: str = field(default=FORMAT)


def secret(name: str) -> str:
    """A name that cannot be read."""
    return hashlib.sha256(f"dojo {name}".encode()).hexdigest()[:16]


# What optimisers and schedules share, and their topics.
SHARED = {"_optimizer": "optim", "_scheduler": "lr_scheduler",
          "_net": "cnn", "_state": "cnn", "_mode": "dropout"}


def level(bug: Bug) -> int:
    """1: few examples find it; 3: it takes many, or one that is pinned.

    As measured in docs/bugs.md.
    """
    examples = _examples().get(bug.name, "")
    if examples == "pinned":
        return 3
    return 1 if not examples.isdigit() or int(examples) <= 2 else (
        2 if int(examples) <= 6 else 3)


def _of_its_own(bug: Bug) -> bool:
    """Does a test of its own topic see it? Else the topic misleads."""
    topic = SHARED.get(bug.topic, bug.topic)
    return bug.proof.startswith((f"test_{topic}.py", "across/"))


@functools.cache
def _examples() -> dict[str, str]:
    """The last column of the table, by the bug's name."""
    page = (ROOT / "docs/bugs.md").read_text(encoding="utf-8")
    rows = [line.rstrip("| ").split("|") for line in page.splitlines()
            if line.startswith("| `")]
    return {row[1].strip(" `"): row[-1].strip() for row in rows}


def choices(topic: str | None, difficulty: int | None) -> list[Bug]:
    """The bugs to choose from. Raises DataError if there is none."""
    topics = sorted({bug.topic.strip("_") for bug in BUGS.values()})
    if topic is not None and topic not in topics:
        raise DataError(f"no topic {topic!r}; {nearest(topic, topics)}")
    found = [bug for bug in BUGS.values() if _of_its_own(bug)
             and topic in (None, bug.topic.strip("_"),
                           SHARED.get(bug.topic))
             and difficulty in (None, level(bug))]
    if not found:
        raise DataError(f"no bug of level {difficulty} in {topic!r}")
    return found


def vacant(folder: Path, bug: Bug) -> None:
    """Raise DataError if a round is there already."""
    for path in folder / bug.path.name, folder / "progress.json":
        if path.exists():
            raise DataError(f"{str(path)!r} exists; choose another "
                            "--folder")


def start(folder: Path, bug: Bug, seed: int) -> Round:
    """Write the copy and progress.json. Raises WriteError."""
    copy = folder / bug.path.name
    source = bug.source()
    found = Round(seed, secret(bug.name), secret(source))
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with writing(copy):
        copy.write_text(source, encoding="utf-8", newline="\n")
    save(folder, found)
    return found


def save(folder: Path, found: Round) -> None:
    """Write progress.json."""
    path = folder / "progress.json"
    with writing(path):
        path.write_text(json.dumps(asdict(found), indent=2) + "\n",
                        encoding="utf-8")


def resume(folder: Path) -> tuple[Round, Bug]:
    """The round in a folder, and its bug. Raises DataError."""
    path = folder / "progress.json"
    if not path.exists():
        inside = sorted(folder.glob("*/progress.json"))
        raise DataError(f"no round in {str(folder)!r}; " + (
            f"name one of its folders, such as {str(inside[0].parent)!r}"
            if inside else "begin one: python -m tests.dojo start"))
    try:
        with reading(path):
            known: Any = json.loads(path.read_text(encoding="utf-8"))
        found = Round(**known)
        bug = next(bug for bug in BUGS.values()
                   if secret(bug.name) == found.bug)
        if found.format != FORMAT:
            raise ValueError
    except (ValueError, TypeError, StopIteration):
        raise DataError(f"{str(path)!r} is damaged or foreign") from None
    return found, bug


def pick(topic: str | None, difficulty: int | None, seed: int,
         count: int = 1) -> list[Bug]:
    """Different bugs, the same for everyone with this seed."""
    found = choices(topic, difficulty)
    if count > len(found):
        raise DataError(f"--count must be at most {len(found)}, the "
                        f"number of such bugs, got {count}")
    return random.Random(f"dojo {seed}").sample(found, count)


def place(bug: Bug) -> str:
    """Where it is, as in "optim.py, Adam.update"."""
    topic, _, inside = bug.where.partition(".")
    return f"{topic}.py" + (f", {inside}" if inside else "")


def changed(bug: Bug) -> list[tuple[int, int, int, int]]:
    """The lines that the bug changes: first and end, right and planted.
    """
    right = bug.path.read_text(encoding="utf-8").splitlines()
    return [(i, j, k, n) for tag, i, j, k, n in difflib.SequenceMatcher(
        None, right, bug.source().splitlines(), False).get_opcodes()
        if tag != "equal"]


def lines(bug: Bug) -> str:
    """The lines to look at, with their numbers in the planted file."""
    source = bug.source().splitlines()
    found = []
    for _, _, first, end in changed(bug):
        # Of what is missing, the line before it.
        shown = range(first, end) if first < end else [first - 1]
        found += [f"line {n + 1}: {source[n].strip()}" for n in shown
                  if source[n].strip()]
        found += ["  and after it, something is missing"] * (first == end)
    return "\n".join(found)


def formula(bug: Bug) -> str:
    """What should be computed, in words: docstring and comment.

    Both are of the right source: the docstring of what is changed,
    without its references, and the comment nearest above the change.
    """
    text = bug.path.read_text(encoding="utf-8")
    node: Any = ast.parse(text)
    docs, start = ast.get_docstring(node) or "", 0
    for name in bug.where.split(".")[1:]:
        node = next(child for child in node.body
                    if getattr(child, "name", None) == name)
        docs, start = ast.get_docstring(node) or docs, node.lineno
    parts = [part for part in docs.split("\n\n") if "https://" not in part]
    above = text.splitlines()[start:changed(bug)[0][0]]
    comment: list[str] = []
    for line in reversed(above):
        if line.lstrip().startswith("# "):
            comment.insert(0, line.strip().removeprefix("# "))
        elif comment:
            break
    if comment:
        comment.insert(0, told("And near the bug:"))
    return "\n".join([*parts, *comment])


def story(bug: Bug) -> str:
    """The patch, what the programmer thought, and where it was seen."""
    seen = f"\nSeen in {bug.seen}." if bug.seen else ""
    return (f"{bug.name}: {bug.thought}{seen}\n"
            f"scratch/{place(bug)}\n{diff(bug)}")
