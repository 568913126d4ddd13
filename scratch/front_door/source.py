"""The two sides of a name, side by side: `--read optim.Adam`.

The source is read as text, so nothing here imports torch. The lecture
pages show exactly what the terminal shows.
"""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scratch import CONTENTS
from scratch.front_door.command_line import nearest

ROOT = Path(__file__).parents[2]
HAND, TORCH = "scratch", "torch_ref"
COLUMNS = 72
# two panes, and a rule between them
WIDE = 2 * COLUMNS + 6


@dataclass(frozen=True)
class Excerpt:
    """Some lines of a file: where they are, and what they are."""

    # from the project's root, as in "scratch/optim.py"
    path: str
    # the first line, counted from 1
    line: int
    text: str

    @property
    def place(self) -> str:
        """As in "scratch/optim.py:104"."""
        return f"{self.path}:{self.line}"


def public_names(path: str) -> list[str]:
    """Functions, classes and constants, in the order of the file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return [name for name in _definitions(tree)
            if not name.startswith("_")]


def excerpt(path: str, name: str = "") -> Excerpt:
    """A function, class, method or constant; without a name, the file.

    Raises LookupError, with the nearest name, if it does not exist.
    """
    source = (ROOT / path).read_text(encoding="utf-8")
    if not name:
        return Excerpt(path, 1, source.rstrip())
    node: Any = ast.parse(source)
    for part in name.split("."):
        inside = _definitions(node)
        if part not in inside:
            public = [one for one in inside if not one.startswith("_")]
            hint = f"; {nearest(part, public)}" if public else ""
            raise LookupError(f"{path} has no {name!r}{hint}")
        node = inside[part]
    marks = [d.lineno for d in getattr(node, "decorator_list", [])]
    first, last = min([node.lineno, *marks]), node.end_lineno
    text = "\n".join(source.splitlines()[first - 1:last])
    return Excerpt(path, first, text)


def both_sides(name: str) -> tuple[Excerpt, Excerpt]:
    """By hand and by torch, of "topic", "topic.name" or "name".

    Raises LookupError if a side lacks it.
    """
    topic, _, inside = name.partition(".")
    if topic not in CONTENTS:
        # A name without its topic, if only one topic has it.
        owners = [one for one in CONTENTS
                  if name in public_names(f"{TORCH}/{one}.py")]
        if len(owners) == 1:
            topic, inside = owners[0], name
    if topic not in CONTENTS:
        raise LookupError(
            f"no topic {topic!r}; {nearest(topic, CONTENTS)}")
    return (excerpt(f"{HAND}/{topic}.py", inside),
            excerpt(f"{TORCH}/{topic}.py", inside))


def in_terminal(name: str, width: int, colour: bool) -> str:
    """Side by side, or one below the other if it is too narrow."""
    painted = [_painted(side, colour) for side in both_sides(name)]
    if width < WIDE:
        return "\n\n".join("\n".join(text for _, text in pane)
                           for pane in painted)
    left, right = painted
    short = len(left) - len(right)
    left, right = (left + [("", "")] * max(-short, 0),
                   right + [("", "")] * max(short, 0))
    # Colour codes take no width.
    return "\n".join(
        f"{text}{' ' * (COLUMNS - len(plain))}  |  {other}".rstrip()
        for (plain, text), (_, other) in zip(left, right))


def _painted(side: Excerpt, colour: bool) -> list[tuple[str, str]]:
    """Each line, plain and with colour codes."""
    plain = side.text.split("\n")
    text = plain
    if colour:
        from pygments import highlight
        from pygments.formatters import TerminalFormatter
        from pygments.lexers import PythonLexer
        text = highlight(side.text, PythonLexer(stripnl=False),
                         TerminalFormatter()).split("\n")
    rule = "-" * len(side.place)
    return [(side.place, side.place), (rule, rule), *zip(plain, text)]


def _definitions(node: ast.AST) -> dict[str, ast.AST]:
    """What a module or a class defines, by name."""
    found: dict[str, ast.AST] = {}
    if not isinstance(node, ast.Module | ast.ClassDef):
        return found
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            found[child.name] = child
        elif isinstance(child, ast.Assign):
            found.update((target.id, child) for target in child.targets
                         if isinstance(target, ast.Name))
        elif (isinstance(child, ast.AnnAssign)
              and isinstance(child.target, ast.Name)):
            found[child.target.id] = child
    return found
