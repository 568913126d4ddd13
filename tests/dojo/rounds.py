"""A round: one bug, in a copy of a file, in a folder of the learner's.

The folder holds the copy, the symptom and progress.json, which remembers
the round. The bug's name is in it as a hash: nobody reads it by chance.
"""

import ast
import functools
import hashlib
import json
import random
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import (DataError, nearest, reading,
                                             writing)
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
SHARED = {"_optimizer": "optim", "_scheduler": "lr_scheduler"}


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


def start(folder: Path, bug: Bug, seed: int) -> Round:
    """Write the copy and progress.json. Raises DataError, WriteError."""
    copy = folder / bug.path.name
    for path in copy, folder / "progress.json":
        if path.exists():
            raise DataError(f"{str(path)!r} exists; choose another "
                            "--folder")
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
        raise DataError(f"no round in {str(folder)!r}; begin one: "
                        "python -m tests.dojo start")
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


def lines(folder: Path, bug: Bug) -> str:
    """The numbers of the lines to look at, in the planted file."""
    source = bug.source()
    found = []
    for new in bug.patch.values():
        at = source[:source.index(new)].count("\n") + 1
        found.append(f"{at}" if "\n" not in new.strip("\n") else
                     f"{at} to {at + new.count(chr(10))}")
    return ", ".join(found)


def formula(bug: Bug) -> str:
    """The docstring of what is changed: it has the formula."""
    node: Any = ast.parse(bug.source())
    docs = ast.get_docstring(node)
    for name in bug.where.split(".")[1:]:
        node = next(child for child in node.body
                    if getattr(child, "name", None) == name)
        docs = ast.get_docstring(node) or docs
    return docs or ""


def story(bug: Bug) -> str:
    """The patch, what the programmer thought, and where it was seen."""
    seen = f"\nSeen in {bug.seen}." if bug.seen else ""
    return (f"{bug.name}: {bug.thought}{seen}\n"
            f"{bug.wing}/{place(bug)}\n{diff(bug)}")
