"""The person's code in a process of its own, which may hang or die."""

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from scratch.front_door.source import ROOT


class Stopped(Exception):
    """The process hangs, or has ended: one line says which."""


class Process:
    """A child that loads a file and answers requests about it.

    It is started afresh after it has hung or died. A fresh interpreter
    is the same on every system: nothing is forked.
    """

    def __init__(self, path: Path, torch: bool, timeout: float):
        self.path, self.torch, self.timeout = path, torch, timeout
        # by one definition: lines, and the first of them
        self.printed = 0, ""
        self.child: Any = None
        self.folder = tempfile.TemporaryDirectory(
            prefix="judge-", ignore_cleanup_errors=True)

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_error: Any) -> None:
        self.stop()
        self.folder.cleanup()

    def start(self) -> None:
        """Start the child; it imports while the judge prepares."""
        if self.child is not None:
            return
        environment = {
            **os.environ, "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1", "MPLBACKEND": "Agg",
            "OMP_NUM_THREADS": "1", "DISPLAY": "", "PYTHONPATH": "",
            "HOME": self.folder.name}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.judge.child"], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=environment,
            # Where it exists: what the child starts ends with it.
            start_new_session=hasattr(os, "killpg"))
        self.replies: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._read, daemon=True, args=(
            self.child.stdout, self.replies)).start()
        self._send((str(self.path), self.folder.name, self.torch))
        self.loaded = False

    def ask(self, driver: str, name: str, *arguments: Any) -> Any:
        """drive(definition, *arguments) in the child.

        Raises Stopped if it takes longer than `timeout` seconds.
        """
        self.start()
        if not self.loaded:
            # Importing torch takes long where the disk is slow.
            reply = self._receive(self.timeout + 60)
            if "error" in reply:
                raise Stopped(f"{reply['error']}{reply['at']}")
            self.loaded = True
        self._send((driver, name, arguments))
        reply = self._receive(self.timeout)
        lines, first = self.printed
        more, found = reply["printed"]
        self.printed = lines + more, first or found
        return reply["found"]

    def _send(self, request: Any) -> None:
        with contextlib.suppress(OSError):
            # If the child is gone, the missing reply says so.
            pickle.dump(request, self.child.stdin)
            self.child.stdin.flush()

    def _receive(self, seconds: float) -> Any:
        try:
            reply = self.replies.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            raise Stopped(
                f"no answer in {seconds:g} s: it was stopped") from None
        if reply is None:
            status = self.child.wait()
            self.stop()
            raise Stopped(f"its process ended with status {status}")
        return reply

    @staticmethod
    def _read(stream: Any, replies: Any) -> None:
        while True:
            try:
                replies.put(pickle.load(stream))
            except Exception:
                # Closed, or not from us: a reply that never ends.
                replies.put(None)
                return

    def stop(self) -> None:
        """End the child and everything that it has started."""
        child, self.child = self.child, None
        if child is None:
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(child.pid, signal.SIGKILL)
            else:
                # Windows: with what it has started.
                subprocess.run(["taskkill", "/F", "/T", "/PID",
                                str(child.pid)], capture_output=True)
        child.wait()
        for stream in child.stdin, child.stdout:
            with contextlib.suppress(OSError):
                stream.close()
