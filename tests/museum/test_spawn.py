"""Without fork, as on Windows: slower, and nothing else differs."""

import os
import subprocess
import sys

from scratch.front_door.source import ROOT

SCRIPT = """
from tests.museum import BUGS
from tests.museum.processes import prove_all
if __name__ == "__main__":
    bug = BUGS["relu-slope-1-at-0"]
    for verdict in prove_all([
            (bug, [bug.proof], ("--hypothesis-profile=glance",)),
            (None, [bug.proof], ("--hypothesis-profile=glance",))]):
        print(verdict.bug, verdict.caught)
"""


def test_a_bug_is_caught_by_a_spawned_process(tmp_path):
    """It imports torch afresh, and the planted source."""
    path = tmp_path / "plant 植入.py"
    path.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, path], capture_output=True, text=True,
        env={**os.environ, "TESTS_START_METHOD": "spawn",
             "PYTHONPATH": str(ROOT)}, timeout=300)
    assert done.stdout.splitlines() == [
        "relu-slope-1-at-0 True", " False"], done.stderr
