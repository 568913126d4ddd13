"""Runs a test file against implementations of ours, one by one.

A process of its own: `python -m tests.judge.grade`, for strength.py.
"""

import contextlib
import io
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

from tests.judge.implementation import recognise
from tests.judge.impostors import implementation, impostors


class Witness:
    """A pytest plugin: the first failure."""

    def __init__(self) -> None:
        self.message = ""

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Called by pytest."""
        import pytest
        if call.excinfo is not None and not call.excinfo.errisinstance(
                pytest.skip.Exception) and not self.message:
            self.message = (
                f"{item.name}: {call.excinfo.exconly()}"
            ).splitlines()[0][:300]


def install(of: str, found: Any) -> None:
    """Let `from module import Name` import it."""
    path, _, name = of.rpartition(".")
    parts = path.split(".")
    for i in range(1, len(parts) + 1):
        module = types.ModuleType(".".join(parts[:i]))
        module.__path__ = []
        sys.modules[module.__name__] = module
        if i > 1:
            setattr(sys.modules[".".join(parts[:i - 1])], parts[i - 1],
                    module)
    setattr(sys.modules[path], name, found)


def grade(tests: Path, of: str, found: Any) -> dict[str, Any]:
    """Do the tests pass with this implementation?"""
    import pytest
    before = set(sys.modules)
    install(of, found)
    witness = Witness()
    status = pytest.main(
        [str(tests), "-x", "-q", "--no-header", "-p", "no:cacheprovider",
         "-c", os.devnull, "--rootdir", str(tests.parent)],
        plugins=[witness])
    for name in set(sys.modules) - before:
        # The next run imports the tests again.
        if getattr(sys.modules[name], "__file__", None) is None or Path(
                str(sys.modules[name].__file__)).is_relative_to(
                    tests.parent):
            del sys.modules[name]
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return {"passed": False,
                "message": witness.message or f"pytest ends with {status}"}
    return {"passed": status == pytest.ExitCode.OK,
            "message": witness.message}


def main() -> None:
    """Read the request; print a line of JSON for each name."""
    request = json.load(sys.stdin)
    answers = sys.stdout
    sys.path.insert(0, str(Path(request["tests"]).parent))
    kind = recognise(request["of"].rpartition(".")[2])[0]
    import pytest
    import torch
    # What takes seconds once is not the tests' fault: both imports,
    # torch's first optimiser and first slope, and pytest's plugins.
    p = torch.zeros(1, requires_grad=True)
    p.sum().backward()
    torch.optim.Adam([p]).step()
    with (contextlib.redirect_stdout(io.StringIO()),
          contextlib.redirect_stderr(io.StringIO())):
        pytest.main(["-p", "no:cacheprovider", "-c", os.devnull, os.devnull])
    answers.write("ready\n")
    answers.flush()
    of = {switch.name: switch for switch in impostors(kind)}
    for name in request["names"]:
        thrown = {of[name].place: of[name].setting} if name else {}
        with (contextlib.redirect_stdout(io.StringIO()),
              contextlib.redirect_stderr(io.StringIO())):
            answer = grade(Path(request["tests"]), request["of"],
                           implementation(kind, thrown))
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
