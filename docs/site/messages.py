"""The messages of the programs, as their catalogue has them.

A message is one line: its strings as the code joins them, with {0}, {1}
for what the code puts in. Other modules of the same folders hold code
and names of arguments, which no person reads.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from scratch import CONTENTS
from scratch.front_door.lessons import entries
from scratch.front_door.source import ROOT

# From argparse, from the system, from Python, and two heads of a table
# that touch.
FOREIGN = """\
usage: {0}
positional arguments:
options:
show this help message and exit
show program's version number and exit
argument {0}: {1}
expected one argument
invalid choice: {0} (choose from {1})
not allowed with argument {0}
unrecognized arguments: {0}
the following arguments are required: {0}
ambiguous option: {0} could match {1}
ignored explicit argument {0}
invalid {0} value: {1}
No such file or directory
Permission denied
Is a directory
Not a directory
File exists
No space left on device
Read-only file system
{0} object has no attribute {1}
hand torch""".splitlines()
# What is given to these is printed.
CALLS = {"error", "say", "show", "patience", "ArgumentTypeError", "drawn",
         "told"}
OPTIONS = {"help", "description", "epilog", "about"}


def sources() -> list[Path]:
    """The modules whose strings a command prints."""
    found = [ROOT / "scratch/__main__.py", ROOT / "tests/dojo/__main__.py",
             ROOT / "tests/dojo/rounds.py", ROOT / "tests/dojo/worker.py",
             ROOT / "tests/museum/__main__.py"]
    for folder in ("scratch", "torch_ref", "tests/judge",
                   "tests/judge/topics"):
        found += (ROOT / folder).glob("*.py")
    found += (ROOT / "scratch/front_door").rglob("*.py")
    return sorted(path for path in set(found)
                  if not path.name.startswith((
                      # code as people write it, and what stands for it
                      "test_", "forms", "objects")))


def possible() -> dict[str, str]:
    """Every message that the code has, and the file it is in."""
    found = {message: str(path.relative_to(ROOT)) for path in sources()
             for message in _all(_tree(path))}
    # The same sentence of a bug: tests/judge/example.py.
    found |= {message.replace("yours", "with the bug"): path
              for message, path in found.items() if "yours {" in message}
    return found | dict.fromkeys([*FOREIGN, *_listed()], "elsewhere")


def certain() -> list[str]:
    """Those that are printed without any doubt."""
    found = [*FOREIGN]
    for path in sources():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Raise) and isinstance(
                    node.exc, ast.Call):
                found += _inside(node.exc.args)
            elif isinstance(node, ast.Call) and getattr(
                    node.func, "attr", getattr(node.func, "id", "")
                    ) in CALLS:
                found += _inside(node.args)
            elif isinstance(node, ast.keyword) and node.arg in OPTIONS:
                found += _inside([node.value])
    # A word alone is a name.
    return list(dict.fromkeys(message for message in [*found, *_listed()]
                              if " " in message.strip()))


def _listed() -> list[str]:
    """What --list prints; that of a lesson is its docstring."""
    return [*CONTENTS.values(),
            *(entry.about for entry in entries().values())]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _inside(nodes: list[ast.expr]) -> list[str]:
    return [message for node in nodes for message in _all(node)]


def _all(node: ast.AST) -> Iterator[str]:
    """The messages in a node, as long as the code joins them."""
    text, inside = (_joined(node) if isinstance(node, ast.expr)
                    else (None, [*ast.iter_child_nodes(node)]))
    for line in (text or "").split("\n"):
        # The end of a longer line begins with its blank.
        line = line.rstrip() if line[:1] == " " != line[1:2] else line.strip()
        if re.search("[A-Za-z]{2}", line):
            yield _numbered(line)
    for child in inside:
        if not (isinstance(child, ast.Expr)
                and isinstance(child.value, ast.Constant)):
            # All but docstrings.
            yield from _all(child)


def _joined(node: ast.expr) -> tuple[str | None, list[ast.AST]]:
    """The text of a string, an f-string or a sum, and what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        # What str.format puts in.
        return node.value.replace("{}", "\0"), []
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant)
                       else "\0" for part in node.values), [
            part for part in node.values
            if isinstance(part, ast.FormattedValue)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _joined(node.left), _joined(node.right)
        if left[0] is not None or right[0] is not None:
            return "".join("\0" if text is None else text
                           for text in (left[0], right[0])), [
                *left[1], *right[1]]
        return None, [node.left, node.right]
    return None, [*ast.iter_child_nodes(node)]


def _numbered(text: str) -> str:
    """{0}, {1}, ... for the marks."""
    parts = text.replace("{", "{{").replace("}", "}}").split("\0")
    return parts[0] + "".join(f"{{{i}}}{part}"
                              for i, part in enumerate(parts[1:]))
