"""How a solution is merged into the source of its topic.

- A definition takes the place of the one of the same name: a function,
  an assignment, or the members of a class, one by one.
- A new definition goes above the next definition that the solution and
  the source share, or else to the end.
- A function or class without a docstring keeps the one it has in the
  source.
- Imports that the source lacks go below its own. Imports from the topic
  itself are for the reader, flake8 and mypy; they are left out.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Replace the lines from the first index up to the second by others.
Edit = tuple[int, int, list[str]]
Block = ast.Module | ast.ClassDef


def merged(source: str, solution: str, module: str) -> str:
    """The source with the solution in it.

    module is the name of the source, as in "scratch.optim". Raises
    ValueError unless the solution has only imports and definitions.
    """
    old, new = File(source), File(solution)
    edits = [*_imports(old, new, module),
             *_members(old, old.tree, new, new.tree)]
    lines = old.lines.copy()
    # From the bottom up: the indices above stay valid.
    for first, end, text in sorted(edits, key=lambda edit: edit[:2])[::-1]:
        lines[first:end] = text
    return "".join(lines)


@dataclass
class Place:
    """The lines of a function or class, as indices."""

    # of its decorators, or of the comments above it
    head: int
    docstring: int
    # after the docstring, if there is one
    code: int
    end: int


class File:
    """The lines of a file, and its tree."""

    def __init__(self, text: str):
        self.lines = text.splitlines(keepends=True)
        self.tree = ast.parse(text)

    def first(self, node) -> int:
        """The first line of a statement or of the comments above it."""
        first = min([node.lineno, *(decorator.lineno for decorator in
                                    getattr(node, "decorator_list", []))])
        while first > 1 and self.lines[first - 2].lstrip().startswith("#"):
            first -= 1
        return first - 1

    def text(self, node) -> list[str]:
        """The lines of a statement and of the comments above it."""
        return self.lines[self.first(node):node.end_lineno]

    def place(self, node) -> Place:
        """The parts of a function or class."""
        firsts = [*map(self.first, node.body), node.end_lineno]
        has_docstring = ast.get_docstring(node) is not None
        return Place(self.first(node), firsts[0], firsts[has_docstring],
                     node.end_lineno)


def _imports(old: File, new: File, module: str) -> Iterator[Edit]:
    """Imports that the source lacks, for the line below its last."""
    there = [node for node in old.tree.body
             if isinstance(node, ast.Import | ast.ImportFrom)]
    known = {alias.asname or alias.name
             for node in there for alias in node.names}
    below = there[-1].end_lineno or 0
    for node in new.tree.body:
        if (not isinstance(node, ast.Import | ast.ImportFrom)
                or getattr(node, "module", None) == module):
            continue
        node.names = [alias for alias in node.names
                      if (alias.asname or alias.name) not in known]
        if node.names:
            yield below, below, [ast.unparse(node) + "\n"]


def _members(old: File, old_block: Block, new: File,
             new_block: Block) -> Iterator[Edit]:
    """The edits for the definitions in a file or in a class."""
    there: dict[str, Any] = {defines(node): node for node in old_block.body
                             if defines(node)}
    end = old_block.body[-1].end_lineno or 0
    for i, node in enumerate(new_block.body):
        name = defines(node)
        if name in there:
            yield _replaced(old, there[name], new, node)
            if isinstance(node, ast.ClassDef):
                yield from _members(old, there[name], new, node)
        elif name:
            blank = _blank(node, new_block)
            below = [old.first(there[defines(other)]) for other
                     in new_block.body[i:] if defines(other) in there]
            if below:
                yield below[0], below[0], [*new.text(node), *blank]
            else:
                yield end, end, [*blank, *new.text(node)]
        elif not _is_import_or_docstring(node):
            raise ValueError("a solution must hold imports and definitions "
                             f"only, got {ast.unparse(node)!r}")


def _replaced(old: File, old_node, new: File, node) -> Edit:
    """The edit that replaces a definition; of a class, only its head."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return old.first(old_node), old_node.end_lineno, new.text(node)
    was, now = old.place(old_node), new.place(node)
    head = new.lines[now.head:now.docstring]
    docstring = new.lines[now.docstring:now.code]
    if not docstring:
        docstring = old.lines[was.docstring:was.code]
    if isinstance(node, ast.ClassDef):
        # Its members have edits of their own.
        return was.head, was.code, [*head, *docstring]
    return was.head, was.end, [*head, *docstring,
                               *new.lines[now.code:now.end]]


def defines(node: ast.stmt) -> str:
    """The name that a statement defines, or ""."""
    match node:
        case (ast.FunctionDef(name=name) | ast.ClassDef(name=name)
              | ast.Assign(targets=[ast.Name(id=name)])
              | ast.AnnAssign(target=ast.Name(id=name))):
            return name
    return ""


def _is_import_or_docstring(node: ast.stmt) -> bool:
    match node:
        case (ast.Import() | ast.ImportFrom()
              | ast.Expr(value=ast.Constant(value=str()))):
            return True
    return False


def _blank(node: ast.stmt, block: Block) -> list[str]:
    """The blank lines between a new definition and its neighbour."""
    if isinstance(block, ast.Module):
        return ["\n", "\n"]
    return [] if isinstance(node, ast.Assign | ast.AnnAssign) else ["\n"]
