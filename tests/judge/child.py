"""The person's code runs here, in a process of its own.

`python -m tests.judge.child` reads requests from standard input and
writes replies to standard output, both pickled. What the person's code
prints is counted, not shown; what it reads is empty.
"""

import __future__

import ast
import contextlib
import importlib
import io
import os
import pickle
import sys
import traceback
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.judge.source import folders

# Bytes that one process may allocate, where the system can limit it.
MEMORY = 4 << 30
# Lines of what is printed that are kept.
KEPT = 3


# What NumPy stands in for, where it is not installed.
LIKE_NUMPY = {"cupy", "jax.numpy", "autograd.numpy", "mxnet.np"}


class Counter(io.TextIOBase):
    """Standard output of the person's code: counted and thrown away."""

    def __init__(self) -> None:
        self.lines, self.first = 0, ""

    def writable(self) -> bool:
        """Anyone may print."""
        return True

    def write(self, text: str) -> int:
        """Count the lines, keep the first few."""
        self.lines += text.count("\n")
        if len(self.first) < 200:
            self.first += text[:200]
        return len(text)


class Missing(types.ModuleType):
    """A module that is not installed: everything in it is missing, too.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _missing(f"{self.__name__}.{name}")


def _missing(name: str) -> Any:
    """Stands for a name that cannot be imported; may be a base class."""
    def fail(*_args: Any, **_options: Any) -> Any:
        raise ImportError(f"needs {name}, which cannot be imported")

    def inherit(cls: type, *_args: Any, **_options: Any) -> Any:
        if cls.__dict__.get("_is_missing"):
            fail()
        return object.__new__(cls)

    # As a decorator it would be called, as a base class only inherited.
    return type(name.split(".")[-1], (), {
        "_is_missing": True, "__new__": inherit,
        "__init__": lambda self, *args, **options: None})


class Person:
    """The definitions of a person's file, each run when it is needed.

    The rest of the file is not run: trainings, prints, windows.
    """

    def __init__(self, path: str, folder: str):
        self.path = path
        # What is written beside __file__ lands in the judge's folder.
        self.space: dict[str, Any] = {
            "__name__": "__judged__",
            "__file__": os.path.join(folder, os.path.basename(path))}
        # name of a module: why it cannot be imported
        self.missing: dict[str, str] = {}
        # name of a definition: why it cannot be made
        self.broken: dict[str, str] = {}
        tree = ast.parse(Path(path).read_bytes(), path)
        self.statements = list(_flat(tree.body))
        self.done: set[int] = set()

    def find(self, name: str) -> Any:
        """The class, function or method of a dotted name."""
        first, *rest = name.split(".")
        self._define({first})
        if first not in self.space:
            why = [self.broken.get(first, ""), *self.missing.values()]
            raise NameError(f"{first} cannot be defined: "
                            + "; ".join(filter(None, why)))
        found = self.space[first]
        for part in rest:
            found = getattr(found, part)
        return found

    def _define(self, names: set[str]) -> None:
        """Run, in the file's order, what the names are made of."""
        chosen: set[int] = set()
        while True:
            more = {i for i, node in enumerate(self.statements)
                    if i not in chosen and _binds(node) & names}
            if not more:
                break
            chosen |= more
            names = names.union(*(_uses(self.statements[i])
                                  for i in more))
        for i in sorted(chosen - self.done):
            self.done.add(i)
            self._statement(self.statements[i])

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node)
            return
        try:
            self._run(node)
        except Exception as error:
            # A type or a decorator, as numba's, may be missing: it runs
            # without.
            if isinstance(node, ast.FunctionDef) and self.missing:
                node.decorator_list = []
                with contextlib.suppress(Exception):
                    self._run(node, __future__.annotations.compiler_flag)
                    return
            # A decorator, a base or a constant needs what is missing.
            for name in _binds(node):
                self.broken[name] = describe(self.path, error)["error"]

    def _run(self, node: ast.stmt, flags: int = 0) -> None:
        code = compile(ast.Module([node], []), self.path, "exec", flags)
        exec(code, self.space)

    def _import(self, node: Any) -> None:
        for alias in node.names:
            one = type(node)(**{**dict(ast.iter_fields(node)),
                                "names": [alias]})
            if getattr(node, "level", 0):
                # The file is not imported as a part of its package.
                one = (ast.ImportFrom(node.module, [alias], 0)
                       if node.module else ast.Import([alias]))
            name = alias.asname or alias.name.split(".")[0]
            try:
                self._run(ast.copy_location(one, node))
            except BaseException as error:
                module = getattr(node, "module", None) or alias.name
                whole = (alias.name if isinstance(node, ast.Import)
                         else f"{module}.{alias.name}")
                if whole in LIKE_NUMPY and name != whole.split(".")[0]:
                    self.space[name] = importlib.import_module("numpy")
                    continue
                self.missing[module] = f"{type(error).__name__}: {error}"
                if name != "*" and name not in self.space:
                    self.space[name] = (
                        Missing(alias.name) if isinstance(
                            node, ast.Import)
                        else _missing(f"{module}.{alias.name}"))


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What defines names; of `try`, the other way before the first."""
    for node in body:
        if isinstance(node, ast.Try | ast.If):
            for handler in getattr(node, "handlers", []):
                yield from _flat(handler.body)
            yield from _flat(node.orelse)
            yield from _flat(node.body)
        elif isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef
                        | ast.ClassDef | ast.Assign | ast.AnnAssign):
            yield node


def _binds(node: ast.AST) -> set[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0]
                for alias in node.names}
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return {one.id for target in targets if target is not None
            for one in ast.walk(target) if isinstance(one, ast.Name)}


def _uses(node: ast.AST) -> set[str]:
    """The names in a statement; * stands for what else is imported."""
    return {one.id for one in ast.walk(node)
            if isinstance(one, ast.Name)} | {"*"}


def call(path: str, function: Any, *arguments: Any) -> dict[str, Any]:
    """function(*arguments), or {"error": ..., "line": ...}."""
    me = os.getpid()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = function(*arguments)
    except BaseException as error:
        found = describe(path, error)
    if os.getpid() != me:
        # The person's code has forked: only one goes on.
        os._exit(0)
    return found


def describe(path: str, error: BaseException) -> dict[str, Any]:
    """An exception, and the person's own line that raised it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename == path]
    text = "".join(traceback.format_exception_only(error)).strip()
    if isinstance(error, SystemExit):
        text = f"it calls exit({error.code})"
    if isinstance(error, MemoryError):
        text = (f"MemoryError: it needs more than {MEMORY >> 30} GiB "
                f"{error}").strip()
    last = frames[-1] if frames else None
    # As it is shown: with the person's own line, if there is one.
    return {"error": text[:300],
            "at": f" (line {last.lineno}: {last.line})" if last else ""}


def limit_memory() -> None:
    """Where the system can: a MemoryError instead of a full computer."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Answer requests until the other side closes the pipe."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    # The person's code gets neither.
    with open(os.devnull, "r+b") as nowhere:
        for number in 0, 1, 2:
            os.dup2(nowhere.fileno(), number)
    sys.stdin = io.StringIO()
    printed = Counter()
    sys.stdout = sys.stderr = printed
    person: Any = None
    root = os.getcwd()
    while True:
        try:
            request = pickle.load(requests)
        except EOFError:
            return
        if person is None:
            path, folder, needs_torch = request
            sys.path[:] = [*map(str, folders(Path(path))), *[
                one for one in sys.path if one not in ("", root)], root]
            if needs_torch:
                import torch
                torch.set_num_threads(1)
            limit_memory()
            os.chdir(folder)
            reply = call(path, _load, path, folder)
            person = reply.pop("person", None) or path
        else:
            driver, name, arguments = request
            reply = {"found": call(person.path, _answer, person, driver,
                                   name, arguments)}
        reply["printed"] = printed.lines, printed.first
        # The next request may be about another definition.
        printed.lines, printed.first = 0, ""
        pickle.dump(reply, replies)
        replies.flush()


def _load(path: str, folder: str) -> dict[str, Any]:
    return {"person": Person(path, folder)}


def _answer(person: Person, driver: str, name: str,
            arguments: tuple[Any, ...]) -> Any:
    drive = importlib.import_module(driver).drive
    return drive(person, name, *arguments,
                 lambda *rest: call(person.path, *rest))


if __name__ == "__main__":
    main()
