"""A long check in a process of its own, while the other tests run."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass
class Beside:
    """python -m ARGV, begun before the first test, for one test."""

    test: str
    argv: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    def begin(self) -> None:
        """Start it, unless it has been started."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.argv], cwd=ROOT, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment})

    def end(self) -> tuple[int, str]:
        """Wait for it: its exit status, and all that it said."""
        self.begin()
        output, _ = self.process.communicate()
        return self.process.returncode, output
