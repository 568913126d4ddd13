"""Run a long check in a process of its own, beside the other tests.

A test module calls it BACKGROUND. tests/conftest.py starts it before the
first test, runs the test that waits for it last, and ends it at the end
of the session, whatever happens.
"""

import contextlib
import platform
import subprocess
from dataclasses import dataclass, field

from scratch.front_door.source import ROOT
from tests.compare.terminal import started

# Elsewhere torch fuses a product and a sum, even if told not to.
X86 = platform.machine() in ("x86_64", "AMD64")


@dataclass
class Background:
    """python -m ARGV, started before the first test, for one test."""

    # The name of the test that waits for it.
    test: str
    argv: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    ends: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self, profile: str | None = None) -> None:
        """Start it, unless it runs already.

        profile: hypothesis's profile, passed on if ARGV starts pytest.
        """
        if self.process is None:
            argv = list(self.argv)
            if profile and argv[0] == "pytest":
                argv.append(f"--hypothesis-profile={profile}")
            self.process = self.ends.enter_context(started(
                "-m", *argv, environment=self.environment, cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT))

    def wait(self) -> tuple[int, str]:
        """Wait until it ends: its exit status and its output."""
        self.start()
        output, _ = self.process.communicate()
        return self.process.returncode, output

    def stop(self) -> None:
        """End it, if it still runs."""
        self.ends.close()
