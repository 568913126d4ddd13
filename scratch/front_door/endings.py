"""How a command ends: what it could not write, its exit status."""

import contextlib
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from scratch.front_door.command_line import (CRASHED, DONE, INTERRUPTED,
                                             MISSING, PIPE_CLOSED,
                                             USAGE, DataError,
                                             WriteError, say)


def guarded(prog: str, body: Callable[[list[str]], int],
            argv: list[str] | None) -> int:
    """The exit status of `body(argv)`. A failure prints one line.

    argv None stands for the arguments of the command.
    """
    _open_streams()
    try:
        with _terminable():
            return body(sys.argv[1:] if argv is None else argv)
    except (BrokenPipeError, WriteError) as error:
        return _unwritten(prog, error)
    except DataError as error:
        say(f"{prog}: {error}")
        return MISSING
    except OSError as error:
        # What fails to write raises WriteError.
        name = f" {error.filename!r}" if error.filename else ""
        say(f"{prog}: cannot read{name}: {error.strerror or error}")
        return MISSING
    except ModuleNotFoundError as error:
        say(f"{prog}: the package {error.name} is missing, "
            "pip install . installs it")
        return MISSING
    except KeyboardInterrupt:
        say(f"{prog}: interrupted")
        return INTERRUPTED
    except Exception:
        say(traceback.format_exc(), end="")
        return CRASHED


class Attempt:
    """After `with attempt:`, go on, even if it could not write.

    A full disk or a closed pipe must not cost what is written later.
    `status` is the exit status so far.
    """

    def __init__(self, prog: str):
        self.prog, self.status = prog, DONE

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        if not isinstance(error, BrokenPipeError | WriteError):
            return False
        status = _unwritten(self.prog, error)
        # 2 says more than 141.
        self.status = min(self.status or status, status)
        return True


def _unwritten(prog: str, error: BrokenPipeError | WriteError) -> int:
    if isinstance(error, BrokenPipeError):
        # Quiet, as `cat` is when `head` has read enough.
        return PIPE_CLOSED
    say(f"{prog}: {error}")
    return USAGE


def _open_streams() -> None:
    """Closed streams lead nowhere; any file name can be printed."""
    for name in "stdin", "stdout", "stderr":
        if getattr(sys, name) is None:
            # It takes the free descriptor, which no file may get.
            setattr(sys, name, open(os.devnull, "r+"))
    # Not a stand-in for it, as in a notebook.
    if (isinstance(sys.stdout, io.TextIOWrapper)
            and sys.stdout.errors == "strict"):
        sys.stdout.reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM leaves no half-written file either.

    But torchrun's processes may wait for each other, and would not
    hear it.
    """
    if ("WORLD_SIZE" in os.environ or threading.current_thread()
            is not threading.main_thread()):
        yield
        return

    def stop(number: int, frame: Any) -> None:
        """Unwind, and end with a shell's status of that signal."""
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
