"""How a bug is planted, and how the tests run against it.

A process of its own imports the changed source instead of the module's,
and runs the tests: see processes.py.
"""

import ast
import contextlib
import difflib
import functools
import importlib.abc
import importlib.util
import io
import linecache
import os
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scratch.front_door.source import ROOT


@dataclass(frozen=True)
class Change:
    """Another source for one file: a bug, or a solution."""

    name: str
    # as in "optim.Adam.update": scratch/optim.py, class, method
    where: str

    @property
    def topic(self) -> str:
        """The file's name, without .py."""
        return self.where.split(".")[0]

    @property
    def path(self) -> Path:
        """The file in which it is planted."""
        return ROOT / f"scratch/{self.topic}.py"

    def source(self) -> str:
        """The source of the whole file, changed."""
        raise NotImplementedError


@dataclass(frozen=True)
class Bug(Change):
    """A few other lines in one function, class or file, and its story."""

    # old lines: new lines
    patch: dict[str, str]
    # what the programmer thought
    thought: str
    # the test that must catch it
    proof: str
    # the repository and thread where it was seen
    seen: str = ""
    # the exception, if it is caught because the code no longer runs
    crash: str = ""

    def source(self) -> str:
        """The source of the whole file, with the new lines."""
        return planted(self)


def planted(bug: Bug) -> str:
    """The source of the whole file, with the new lines.

    Raises ValueError unless each old line is in its place exactly once.
    """
    source = bug.path.read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    node: Any = ast.parse(source)
    start, end = 0, len(lines)
    for name in bug.where.split(".")[1:]:
        node = next(child for child in node.body
                    if getattr(child, "name", None) == name)
        start, end = node.lineno - 1, node.end_lineno
    body = "".join(lines[start:end])
    for old, new in bug.patch.items():
        if body.count(old) != 1:
            raise ValueError(f"{bug.name}: there must be {old!r} once in "
                             f"{bug.where}, got it {body.count(old)} times")
        body = body.replace(old, new)
    return "".join([*lines[:start], body, *lines[end:]])


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports one module from its changed source."""

    def __init__(self, change: Change):
        self.name = f"scratch.{change.topic}"
        self.path, self.source = str(change.path), change.source()
        # A traceback shows the planted line.
        linecache.cache[self.path] = (
            len(self.source), None, self.source.splitlines(True),
            self.path)

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self,
                                               origin=self.path)

    def get_source(self, fullname):
        return self.source

    def exec_module(self, module):
        module.__file__ = self.path
        exec(compile(self.source, self.path, "exec"), module.__dict__)


def plant(change: Change) -> None:
    """Let this process import the changed source, from now on.

    It must not have imported the topic yet: a fork, see processes.py.
    """
    sys.meta_path.insert(0, _Finder(change))


@dataclass
class Verdict:
    """What the tests say about a bug."""

    bug: str
    caught: bool = False
    # the name of the test that caught it
    test: str = ""
    # how many, the failing one included; None: the test draws none
    examples: int | None = None
    # AssertionError, Failed (an exception is missing), or a crash
    raised: str = ""
    message: str = ""
    notes: list[str] = field(default_factory=list)
    output: str = ""


class _Witness:
    """A pytest plugin: counts examples, keeps the first failure."""

    def __init__(self, verdict: Verdict):
        self.verdict, self.count = verdict, 0

    def pytest_collection_modifyitems(self, items):
        for item in items:
            handle = getattr(item.obj, "hypothesis", None)
            if handle is not None:
                handle.inner_test = self._counted(handle.inner_test)

    def _counted(self, inner_test):
        @functools.wraps(inner_test)
        def test(*args, **options):
            self.count += 1
            try:
                return inner_test(*args, **options)
            except Exception:
                if self.verdict.examples is None:
                    self.verdict.examples = self.count
                raise

        return test

    def pytest_runtest_setup(self, item):
        self.count, self.verdict.examples = 0, None

    def pytest_runtest_makereport(self, item, call):
        import pytest
        if call.excinfo is not None and not call.excinfo.errisinstance(
                pytest.skip.Exception) and not self.verdict.caught:
            error = call.excinfo.value
            self.verdict.caught = True
            self.verdict.raised = type(error).__name__
            self.verdict.test = item.nodeid.split("/")[-1]
            self.verdict.message = f"{type(error).__name__}: {error}"
            self.verdict.notes = list(getattr(error, "__notes__", []))


# Where a test should fail, and nobody reads how: a third faster.
QUIET = ("--tb=no", "--assert=plain")


def prove(bug: Change | None, tests: list[str], *options: str,
          plugins: Sequence[Any] = ()) -> Verdict:
    """Run the tests in this process, with the bug or with none.

    Raises RuntimeError if pytest cannot run them.
    """
    import pytest
    verdict = Verdict(bug.name if bug else "")
    # The fork imports this project, wherever it was started.
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    output = io.StringIO()
    with (contextlib.redirect_stdout(output),
          contextlib.redirect_stderr(output)):
        if bug is not None:
            plant(bug)
        status = pytest.main(
            [*(f"tests/{test}" for test in tests), "-x", "-q",
             "--no-header", "-p", "no:cacheprovider",
             # pytest cannot rewrite what the parent has imported.
             "-W", "ignore::pytest.PytestAssertRewriteWarning",
             *options],
            plugins=[_Witness(verdict), *plugins])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        # A bug that breaks the import proves nothing.
        raise RuntimeError(f"{verdict.bug}: {output.getvalue()}")
    verdict.output = output.getvalue()
    return verdict


def smallest(bug: Bug) -> Verdict:
    """Run a bug's proof against it, to find the smallest example.

    If hypothesis finds none, it is the example that the test pins.
    """
    for profile in "slide", "museum":
        verdict = prove(bug, [bug.proof], "--hypothesis-seed=0",
                        f"--hypothesis-profile={profile}")
        if verdict.caught:
            break
    return verdict


def diff(change: Change) -> str:
    """The changed lines, for a slide: with a sign, and less indented."""
    lines = [line for line in difflib.unified_diff(
        change.path.read_text(encoding="utf-8").splitlines(),
        change.source().splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))]
    # The blank lines around a new definition are left out.
    full = [i for i, line in enumerate(lines) if line[1:].strip()]
    lines = lines[full[0]:full[-1] + 1]
    code = textwrap.dedent("\n".join(line[1:] for line in lines))
    return "\n".join(f"{line[0]} {text}" for line, text in zip(
        lines, code.split("\n")))
