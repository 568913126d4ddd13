"""Where an exercise starts, and the check of an attempt.

    python -m tests.exercises.attempt optim-maximize < attempt.py

An attempt has the form of a solution: the definitions that change, and
nothing else. A notebook begins with the one that `start` writes.
"""

import ast
import builtins
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.exercises import EXERCISES
from tests.exercises.exercise import Exercise
from tests.exercises.merge import Block, File, defines, merged
from tests.museum.plant import Verdict, prove

MISSING = "raise NotImplementedError"


@dataclass(frozen=True)
class Attempt(Exercise):
    """An exercise with another text in place of its solution."""

    text: str = ""

    def source(self) -> str:
        """The topic's file with the attempt in it."""
        return merged(self.path.read_text(encoding="utf-8"),
                      f"{self.text.rstrip()}\n", f"scratch.{self.topic}")


def start(exercise: Exercise) -> str:
    """The text that an attempt begins with.

    It has each definition that the solution changes, as it stands in
    scratch/, and each public one that the solution adds, without its
    code. Imports for all of them stand above.
    """
    old = File(exercise.path.read_text(encoding="utf-8"))
    new = File(exercise.solution.read_text(encoding="utf-8"))
    code = "\n\n\n".join(_blocks(old, old.tree, new, new.tree))
    imports = "\n".join(sorted(
        _imports(code, old, new, exercise.topic),
        # The standard library first, this project last.
        key=lambda line: ("scratch" in line, "torch" in line, line)))
    return f"{imports}\n\n\n{code}" if imports else code


def _blocks(old: File, old_block: Block, new: File,
            new_block: Block) -> Iterator[str]:
    """The definitions of a file or class that an attempt begins with."""
    there = {defines(node): node for node in old_block.body}
    for node in new_block.body:
        name = defines(node)
        known = there.get(name) if name else None
        if isinstance(node, ast.ClassDef):
            yield _class(old, known, new, node)
        elif known is not None:
            yield "".join(old.text(known)).rstrip()
        elif isinstance(node, ast.FunctionDef) and (
                not name.startswith("_") or name.endswith("__")):
            place, indent = new.place(node), " " * node.body[0].col_offset
            head = "".join(new.lines[place.head:place.code])
            if ast.get_docstring(node) is None:
                head = "".join(new.lines[place.head:place.docstring])
            yield f"{head.rstrip()}\n{indent}{MISSING}"


def _class(old: File, known, new: File, node: ast.ClassDef) -> str:
    """A class: its head, and the members that change or are missing."""
    if isinstance(known, ast.ClassDef):
        place = old.place(known)
        text = "".join(old.lines[place.head:place.docstring]).rstrip()
    else:
        known, place = ast.Module([], []), new.place(node)
        text = "".join(new.lines[place.head:place.code]).rstrip()
    bare = text
    for member in _blocks(old, known, new, node):
        apart = text != bare or bare.endswith('"""')
        method = "def " in member
        text += ("\n\n" if method and apart else "\n") + member
    return text


def _imports(code: str, old: File, new: File, topic: str) -> Iterator[str]:
    """A line for each name that the code takes from elsewhere."""
    tree = ast.parse(code)
    used = {node.id for node in ast.walk(tree)
            if isinstance(node, ast.Name)} - set(dir(builtins))
    used -= {defines(node) for node in tree.body}
    for file in old, new:
        for node in file.tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                node.names = [alias for alias in node.names
                              if (alias.asname or alias.name) in used]
                used -= {alias.asname or alias.name for alias in node.names}
                if node.names:
                    yield ast.unparse(node)
    own = used & {defines(node) for node in old.tree.body}
    if own:
        yield f"from scratch.{topic} import {', '.join(sorted(own))}"


def main_name(text: str) -> str:
    """The first function of an attempt, or class with a method."""
    return next(node.name for node in ast.parse(text).body
                if isinstance(node, ast.FunctionDef)
                or isinstance(node, ast.ClassDef) and any(
                    isinstance(part, ast.FunctionDef)
                    for part in node.body))


def check(name: str, text: str) -> Verdict:
    """Run the check of an exercise against an attempt, in this process.

    Raises ValueError or SyntaxError unless the attempt has the form of
    a solution, RuntimeError if the check cannot run.
    """
    attempt = Attempt(name, EXERCISES[name].where, text)
    attempt.source()
    # The same example each time that the same attempt is checked.
    return prove(attempt, [attempt.proof], "--hypothesis-seed=0")


def main(arguments: list[str]) -> int:
    """Print what the check says; 0 if it passes, 1 if not."""
    if len(arguments) != 1 or arguments[0] not in EXERCISES:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        verdict = check(arguments[0], sys.stdin.read())
    except (ValueError, SyntaxError, RuntimeError) as error:
        print(error)
        return 1
    found = "\n".join([verdict.message, *verdict.notes])
    # Hypothesis goes on to explain which lines of the tests were run.
    print(found.partition("\nExplanation:")[0].strip())
    return 1 if verdict.caught else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
