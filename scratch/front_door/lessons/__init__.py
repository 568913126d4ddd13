"""The lessons: each file has the data, recipe and picture of one.

Every file in this folder is registered. Its class defines `name` and
`topic`; `--list` shows the first line of the class's docstring. A
variant of the lesson is a subclass in the same file. The files are
read as text, so that `--list` need not import torch.
"""

import ast
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from scratch import CONTENTS
from scratch.front_door.command_line import DataError


@dataclass(frozen=True)
class Entry:
    """A lesson, as far as it is known without importing it."""

    name: str
    topic: str
    about: str
    # whether --backprop and --autograd train it, and whether --data
    # concerns it
    backprop: bool
    images: bool
    # whether --dtype float32 trains it
    float32: bool
    # where its class is
    module: str
    kind: str

    def load(self) -> Any:
        """The lesson's class."""
        return getattr(import_module(self.module), self.kind)


@cache
def entries() -> dict[str, Entry]:
    """Every lesson by its name, in the reading order of the topics.

    Raises DataError if two lessons have the same name.
    """
    files = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    found = [entry for path in files for entry in _in_file(path)]
    order = list(CONTENTS)
    # A stable sort: within a topic as in its files.
    found.sort(key=lambda entry: order.index(entry.topic))
    names = {entry.name: entry for entry in found}
    if len(names) < len(found):
        raise DataError("lessons must have different names, got "
                        + ", ".join(sorted(e.name for e in found)))
    return names


def of_topic(topic: str) -> list[str]:
    """The names of a topic's lessons; none for a topic without one."""
    return [name for name, entry in entries().items()
            if entry.topic == topic]


def _in_file(path: Path) -> list[Entry]:
    """Its lessons; one that derives from another has its constants.

    Raises DataError for a lesson without a name or a known topic.
    """
    found, constants = [], {"Lesson": {
        "backprop": False, "images": False, "float32": True}}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.ClassDef) or not node.bases:
            continue
        base = ast.unparse(node.bases[0])
        if base not in constants:
            continue
        own = {**constants[base], **_constants(node)}
        constants[node.name] = own
        if "name" not in own or own.get("topic") not in CONTENTS:
            raise DataError(
                f"{path}: {node.name} must give a name and a topic of "
                f"scratch.CONTENTS, got {own.get('name')!r} and "
                f"{own.get('topic')!r}")
        about = (ast.get_docstring(node) or "").split("\n")[0]
        found.append(Entry(
            own["name"], own["topic"], about.rstrip("."),
            own["backprop"], own["images"], own["float32"],
            f"{__name__}.{path.stem}", node.name))
    return found


def _constants(node: ast.ClassDef) -> dict[str, Any]:
    """The constants that the class assigns, by name."""
    return {target.id: line.value.value for line in node.body
            if isinstance(line, ast.Assign)
            and isinstance(line.value, ast.Constant)
            for target in line.targets if isinstance(target, ast.Name)}
