"""A long check in a process of its own, while the other tests run."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field

from scratch.front_door.source import ROOT

# Elsewhere torch fuses a product and a sum, whatever it is told.
X86 = platform.machine() in ("x86_64", "AMD64")


@dataclass
class Beside:
    """python -m ARGV, begun before the first test, for one test."""

    test: str
    argv: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    def begin(self, profile: str | None = None) -> None:
        """Start it, unless it has been started.

        profile: hypothesis's, handed on to a pytest.
        """
        if self.process is None:
            argv = list(self.argv)
            if profile and argv[0] == "pytest":
                argv.append(f"--hypothesis-profile={profile}")
            self.process = subprocess.Popen(
                [sys.executable, "-m", *argv], cwd=ROOT, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment})

    def end(self) -> tuple[int, str]:
        """Wait for it: its exit status, and all that it said."""
        self.begin()
        output, _ = self.process.communicate()
        return self.process.returncode, output

    def stop(self) -> None:
        """Nobody waits for it any more."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.communicate()
