"""How strong is a test? It is run against the right one and wrong ones.

`python -m tests.judge --tests TESTFILE --of module.Name`: the tests
import Name from module; here they get an implementation of ours, with
torch's interface, in a process of its own.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import DataError
from scratch.front_door.source import ROOT
from tests.judge.example import in_words
from tests.judge.functions import Function
from tests.judge.impostors import impostors
from tests.judge.implementation import recognise
from tests.judge.optimisers import Optimiser

# Seconds in which torch is imported, on a slow computer too.
PATIENCE = 120


def strength(tests: Path, of: str, seconds: float,
             heard: Callable[[int, int], None] = lambda done, count: None,
             ) -> dict[str, Any]:
    """What the tests say about each implementation.

    heard(done, count) is called before each run.
    Raises DataError if they fail on the right one, or cannot run.
    """
    module, _, name = of.rpartition(".")
    kinds = recognise(name)
    if not module or not kinds or not isinstance(
            kinds[0], Function | Optimiser):
        raise DataError("--of must be module.Name, with the name of an "
                        f"optimiser, activation or loss, got {of!r}")
    if not tests.is_file():
        raise DataError(f"cannot read {str(tests)!r}: no such file")
    text = tests.read_text(encoding="utf-8", errors="replace")
    if module.split(".")[0] not in text:
        raise DataError(f"{tests.name} does not import {module}")
    kind = kinds[0]
    switches = impostors(kind)
    work = ["", *(switch.name for switch in switches)]
    found: dict[str, dict[str, Any]] = {}
    while len(found) < len(work):
        rest = [name for name in work if name not in found]
        heard(len(found), len(work))
        for name, answer in _run(tests, of, rest, seconds):
            if not name and answer["message"].startswith("no answer"):
                raise DataError(
                    f"{tests.name}, run with the right implementation: "
                    f"{answer['message']}; --timeout allows more")
            if not name and not answer["passed"]:
                raise DataError(
                    "the tests fail on the right implementation, which "
                    "has torch's interface, Adam(params, lr=...) and "
                    f"step() for instance: {answer['message']}")
            found[name] = answer
            heard(len(found), len(work))
    passed = [switch for switch in switches
              if found[switch.name]["passed"]]
    return {"tests": str(tests), "of": of, "kind": kind.name,
            "count": len(switches), "passed": [
                {"name": switch.name, "thought": switch.thought,
                 "example": in_words(switch.name, f"of.{kind.name}")}
                for switch in passed]}


def tell(found: dict[str, Any]) -> str:
    """In plain words."""
    passed, count = found["passed"], found["count"]
    name = Path(found["tests"]).name
    if not passed:
        return (f"{name}: your tests catch all {count} implementations "
                f"of {found['kind']} that are not torch's.")
    lines = [f"{name}: your tests let {len(passed)} of {count} "
             f"implementations of {found['kind']} pass that are not "
             "torch's:"]
    for one in passed:
        lines += [f'  {one["name"]}  "{one["thought"]}"']
        if one["example"]:
            lines.append(f"    would catch it: {one['example']}")
    return "\n".join(lines)


def _run(tests: Path, of: str, names: list[str],
         seconds: float) -> Any:
    """Pairs of name and answer; a hang counts as caught."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.judge.grade"], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1",
             "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "Agg"})
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps({
        "tests": str(tests.resolve()), "of": of, "names": names}))
    process.stdin.close()
    lines: queue.Queue[str] = queue.Queue()

    def read(stream: Any) -> None:
        for line in stream:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, args=(process.stdout,),
                     daemon=True).start()
    try:
        # It imports torch first.
        lines.get(timeout=PATIENCE)
        for name in names:
            try:
                line = lines.get(timeout=seconds)
            except queue.Empty:
                yield name, {"passed": False, "message":
                             f"no answer in {seconds:g} s"}
                return
            if not line:
                yield name, {"passed": False,
                             "message": "the process has ended"}
                return
            yield name, json.loads(line)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
