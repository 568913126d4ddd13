"""Without fork, as on Windows: slower, and nothing else differs."""

import json
import os
import subprocess
import sys

from scratch.front_door.source import ROOT

SCRIPT = """
from tests.museum import BUGS
from tests.museum.processes import prove_all
if __name__ == "__main__":
    for name in "relu-slope-1-at-0", "adam-no-t":
        bug = BUGS[name]
        for verdict in prove_all([(bug, [bug.proof], (
                "--hypothesis-profile=museum", "--hypothesis-seed=0")),
                (None, [bug.proof], ("--hypothesis-profile=glance",))]):
            print(verdict.bug, verdict.caught)
"""


def test_bugs_are_caught_by_spawned_processes(tmp_path):
    """Each imports torch afresh, and the planted source."""
    path = tmp_path / "plant 植入.py"
    path.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, path], capture_output=True, text=True,
        env={**os.environ, "TESTS_START_METHOD": "spawn",
             "PYTHONPATH": str(ROOT)}, timeout=300)
    assert done.stdout.splitlines() == [
        "relu-slope-1-at-0 True", " False", "adam-no-t True", " False"], (
            done.stderr)


def test_evidence_by_spawned_processes():
    """What the pages show is found without fork, too."""
    request = [["relu-slope-1-at-0", "", "", None]]
    done = subprocess.run(
        [sys.executable, "-m", "tests.museum.evidence", "bugs"], cwd=ROOT,
        input=json.dumps(request), capture_output=True, text=True,
        env={**os.environ, "TESTS_START_METHOD": "spawn"}, timeout=300)
    found, = json.loads(done.stdout)
    assert found["test"] == "test_activations.py::test_relu"
    assert "with the bug 1, torch 0" in found["example"]
