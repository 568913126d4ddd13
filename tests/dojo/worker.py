"""Tests and trainings with the learner's copy in place of the topic.

A fresh process for each: the copy is imported instead of the project's
file. Nothing is forked, so that it is the same on every system.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scratch.front_door.source import ROOT
from tests.museum import BUGS
from tests.museum.plant import Bug, Change, prove, smallest
from tests.museum.processes import warm_up

# Seconds after which a copy that hangs is stopped.
PATIENCE = 300
# A training in which a topic's bugs may show: lesson, run.
LESSONS = {
    "activations": ("classification_net", ""),
    "backprop": ("classification_net", ""),
    "checkpoint": ("checkpoint", ""), "cnn": ("cnn", ""),
    "data": ("regression_net", ""), "init": ("regression_net", ""),
    "linear_regression": ("linear_regression", ""),
    "logistic_regression": ("logistic_regression", ""),
    "losses": ("regression_net", ""), "mlp": ("regression_net", ""),
    "softmax_regression": ("softmax_regression", "")}


@dataclass(frozen=True)
class Copy(Change):
    """The learner's file."""

    file: str = ""

    def source(self) -> str:
        """As it is now."""
        return Path(self.file).read_text(encoding="utf-8")


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Answer a request in a process of its own.

    Raises TimeoutError, or RuntimeError with the last line of an error.
    """
    process = subprocess.run(
        [sys.executable, "-m", "tests.dojo.worker"], cwd=ROOT,
        input=json.dumps(request), capture_output=True, text=True,
        encoding="utf-8", timeout=PATIENCE,
        env={**os.environ, "PYTHONUTF8": "1", "MPLBACKEND": "Agg",
             "ATEN_CPU_CAPABILITY": "default"})
    if process.returncode != 0:
        lines = process.stderr.strip().splitlines() or ["it has ended"]
        raise RuntimeError(lines[-1])
    return json.loads(process.stdout.splitlines()[-1])


def check(bug: str, file: str) -> dict[str, Any]:
    """Run the bug's proof, and the topic's, against the copy."""
    planted = BUGS[bug]
    change = Copy(bug, planted.where, file)
    topic = f"test_{planted.topic}.py"
    tests = [planted.proof]
    if (ROOT / "tests" / topic).exists():
        tests.append(topic)
    verdict = prove(change, tests, "--hypothesis-seed=0",
                    "--hypothesis-profile=museum")
    return {"caught": verdict.caught, "test": verdict.test,
            "message": verdict.message}


def symptom(bug: str) -> dict[str, Any]:
    """The failing test, its smallest example, and two loss curves."""
    planted = BUGS[bug]
    verdict = smallest(planted)
    return {"test": verdict.test, "notes": verdict.notes,
            "message": verdict.message, "curves": _curves(planted)}


def _curves(planted: Bug) -> dict[str, Any]:
    """The losses of a training with the bug, which is planted by now."""
    from tests.museum.evidence import losses
    run = planted.where.split(".")[1] if planted.topic == "optim" else ""
    lesson, label = LESSONS.get(planted.topic, ("", ""))
    if planted.topic in ("optim", "_optimizer"):
        lesson = "optimizers"
        label = {"SGD": "momentum", "RMSprop": "RMSprop"}.get(run, "Adam")
    if not lesson or planted.topic == "cnn":
        return {}
    return losses(lesson, label, None)


def main() -> None:
    """Read a request, print the answer as the last line."""
    request = json.load(sys.stdin)
    warm_up()
    what: Any = {"check": check, "symptom": symptom}[request.pop("what")]
    answer = what(**request)
    print("\n" + json.dumps(answer))


if __name__ == "__main__":
    main()
