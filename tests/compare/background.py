"""Run a long check in a process of its own, beside the other tests.

A test module calls it BACKGROUND. tests/conftest.py starts as many as
there are cores, and the next when one ends; the tests that wait for
them run last. At the end of the session all are ended.
"""

import contextlib
import platform
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import IO

from scratch.front_door.device import cores
from scratch.front_door.source import ROOT
from tests.compare.terminal import started

# Elsewhere torch fuses a product and a sum, even if told not to.
X86 = platform.machine() in ("x86_64", "AMD64")


@dataclass
class Background:
    """python -m ARGV, beside the other tests, for one test."""

    # The name of the test that waits for it.
    test: str
    argv: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    output: IO | None = None
    ends: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def queue(self, profile: str | None = None) -> None:
        """Let `take_turns` start it.

        profile: hypothesis's profile, passed on if ARGV starts pytest.
        """
        if profile and self.argv[0] == "pytest":
            self.argv.append(f"--hypothesis-profile={profile}")
        QUEUE.append(self)

    def start(self) -> None:
        """Start it, unless it runs already."""
        if self.process is None:
            self.output = self.ends.enter_context(
                tempfile.TemporaryFile("w+", encoding="utf-8"))
            self.process = self.ends.enter_context(started(
                "-m", *self.argv, environment=self.environment, cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=self.output,
                stderr=subprocess.STDOUT))

    def wait(self) -> tuple[int, str]:
        """Wait until it ends: its exit status and its output."""
        self.start()
        while self.process.poll() is None:
            take_turns()
            time.sleep(0.1)
        self.output.seek(0)
        return self.process.returncode, self.output.read()

    def stop(self) -> None:
        """End it, if it still runs."""
        self.ends.close()


# In the order in which they start.
QUEUE: list[Background] = []


def take_turns() -> None:
    """Start the next ones, while fewer than the cores run.

    More may run already: one that a test waits for starts at once.
    """
    running = [one for one in QUEUE
               if one.process and one.process.poll() is None]
    waiting = [one for one in QUEUE if one.process is None]
    for one in waiting[:max(0, cores() - len(running))]:
        one.start()
