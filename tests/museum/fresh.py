"""Import scratch anew, with a bug in one of its files.

A fork for each bug, as in processes.py, is for what runs pytest. What
runs 40 steps of a training is faster in one process.
"""

import importlib.abc
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any

from scratch.front_door.source import ROOT
from tests.museum.plant import Change


class Fresh:
    """`fresh.optim` is scratch.optim, as it is imported now."""

    def __getattr__(self, topic: str) -> Any:
        return import_module(f"scratch.{topic}")


@contextmanager
def planted_in(change: Change | None) -> Iterator[Fresh]:
    """The topics with the change, or as they are; then all as before."""
    before = _forget()
    finder = _Finder(change)
    sys.meta_path.insert(0, finder)
    try:
        yield Fresh()
    finally:
        sys.meta_path.remove(finder)
        _forget()
        sys.modules.update(before)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Compiles each file once, and the changed one on top."""

    def __init__(self, change: Change | None):
        self.code = {} if change is None else {
            change.path: compile(change.source(), change.path, "exec")}

    def find_spec(self, fullname, path=None, target=None):
        file = ROOT / f"{fullname.replace('.', '/')}.py"
        return importlib.util.spec_from_loader(
            fullname, self, origin=str(file)
        ) if fullname.startswith("scratch.") and file.exists() else None

    def exec_module(self, module):
        file = Path(module.__spec__.origin)
        exec(self.code.get(file) or _compiled(file), module.__dict__)


@cache
def _compiled(file: Path) -> CodeType:
    return compile(file.read_text(encoding="utf-8"), file, "exec")


def _forget() -> dict[str, Any]:
    """Take the topics out of what Python has imported."""
    # The package too: a topic is an attribute of it.
    return {name: sys.modules.pop(name) for name in list(sys.modules)
            if name.split(".")[0] == "scratch"}
