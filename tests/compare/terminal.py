"""Runs commands in processes of their own."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

from scratch.front_door.source import ROOT


@contextlib.contextmanager
def started(*argv: str, environment: Mapping[str, str] = MappingProxyType({}),
            **options):
    """python ARGV, which can import this project; it ends with the block.

    If it still runs then, it is interrupted, so that it can end its own
    children, and killed 10 seconds later. A shell ignores SIGINT for
    what it runs in the background, and a child would inherit that.
    """
    def listen():
        signal.signal(signal.SIGINT, signal.default_int_handler)

    posix = os.name == "posix"
    with subprocess.Popen(
            [sys.executable, *argv],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            text=True, preexec_fn=listen if posix else None,
            **options) as process:
        try:
            yield process
        finally:
            try:
                process.send_signal(
                    signal.SIGINT if posix else signal.SIGTERM)
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                pass
            finally:
                process.kill()


def heavy_imports(module: str, *calls: list[str]) -> tuple[str, str]:
    """Call a front door's main(); what it prints, what it imports."""
    script = ("import sys\n"
              f"from {module}.__main__ import main\n"
              f"for argv in {calls}:\n"
              "    try:\n"
              "        main(argv)\n"
              "    except SystemExit:\n"
              "        pass\n"
              "heavy = {'torch', 'numpy', 'matplotlib', 'sklearn'}\n"
              "print(sorted(heavy & set(sys.modules)))\n")
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT,
                            capture_output=True, text=True)
    *printed, imported = result.stdout.splitlines()
    return "\n".join(printed), imported
