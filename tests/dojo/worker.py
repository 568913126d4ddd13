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
# A training in which a bug may show, by the bug's place: lesson, run.
LESSONS = {
    "activations.relu": ("classification_net", ""),
    "activations.sigmoid": ("logistic_regression", ""),
    "activations.log_softmax": ("classification_net", ""),
    "checkpoint": ("checkpoint", ""),
    "data._deal": ("softmax_regression", ""),
    "data.standardize": ("breast_cancer", ""),
    "data.train_test_split": ("softmax_regression", ""),
    "init": ("regression_net", ""),
    "linear_regression": ("linear_regression", ""),
    "logistic_regression.train": ("logistic_regression", ""),
    "losses._pick": ("classification_net", ""),
    "losses._reduce": ("regression_net", ""),
    "losses.binary_cross_entropy": ("logistic_regression", ""),
    "losses.binary_cross_entropy_with_logits": ("breast_cancer", ""),
    "losses.cross_entropy": ("classification_net", ""),
    "losses.mse_loss": ("regression_net", ""),
    "mlp.MLP": ("regression_net", ""), "mlp._deal": ("regression_net", ""),
    "optim.Adam": ("optimizers", "Adam"),
    "optim.RMSprop": ("optimizers", "RMSprop"),
    "optim.SGD": ("optimizers", "momentum"),
    "_optimizer": ("optimizers", "Adam"),
    "softmax_regression": ("softmax_regression", ""),
    "tensors.lerp": ("optimizers", "Adam")}


@dataclass(frozen=True)
class Copy(Change):
    """The learner's file."""

    file: str = ""

    def source(self) -> str:
        """As it is now."""
        return Path(self.file).read_text(encoding="utf-8")


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Answer a request in a process of its own.

    Raises RuntimeError: no answer, or the last line of an error.
    """
    try:
        process = subprocess.run(
            [sys.executable, "-m", "tests.dojo.worker"], cwd=ROOT,
            input=json.dumps(request), capture_output=True, text=True,
            encoding="utf-8", timeout=PATIENCE,
            env={**os.environ, "PYTHONUTF8": "1", "MPLBACKEND": "Agg",
                 "ATEN_CPU_CAPABILITY": "default"})
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"no answer in {PATIENCE} s") from None
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
    """The failing test, and two loss curves."""
    from tests.museum.evidence import losses
    planted = BUGS[bug]
    verdict = smallest(planted)
    lesson, run = training(planted)
    return {"test": verdict.test, "lesson": lesson, "run": run,
            "curves": losses(lesson, run, None) if lesson else {}}


def training(bug: Bug) -> tuple[str, str]:
    """The lesson and the run that use what has the bug; or none."""
    parts = bug.where.split(".")
    return next((LESSONS[place] for place in (
        ".".join(parts[:2]), parts[0]) if place in LESSONS), ("", ""))


def main() -> None:
    """Read a request, print the answer as the last line."""
    request = json.load(sys.stdin)
    warm_up()
    what: Any = {"check": check, "symptom": symptom}[request.pop("what")]
    answer = what(**request)
    print("\n" + json.dumps(answer))


if __name__ == "__main__":
    main()
