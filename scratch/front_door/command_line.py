"""What the command lines share: exit status, output, messages."""

import contextlib
import difflib
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from scratch.front_door.language import told

DONE, DISAGREE, USAGE, MISSING = 0, 1, 2, 3
# As sysexits.h has it, and as a shell reports a signal.
CRASHED, INTERRUPTED, PIPE_CLOSED = 70, 130, 141
FAILURES = ("3 data or a package is missing or damaged, "
            "70 a bug in this program (please report it), "
            "130 interrupted, 141 the reader closed the pipe, "
            "143 terminated")
STATUS = f"2 bad usage, {FAILURES}"


class DataError(Exception):
    """A file is missing, damaged or wrong: one line says which."""


class WriteError(Exception):
    """What could not be written, and why, in one line."""


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn an OSError inside into a DataError that names the file.

    If the error names none, it is `path`.
    """
    try:
        yield
    except OSError as error:
        name = str(error.filename or path)
        raise DataError(f"cannot read {name!r}: "
                        f"{error.strerror or error}") from error


@contextlib.contextmanager
def writing(path: Path | None) -> Iterator[None]:
    """Turn an OSError inside into a WriteError that names the path.

    None stands for standard output.
    """
    try:
        yield
    except BrokenPipeError:
        # No fault: the reader has read enough.
        raise
    except OSError as error:
        what = repr(str(path)) if path else "standard output"
        raise WriteError(f"cannot write {what}: "
                         f"{error.strerror or error}") from error


def show(text: str, end: str = "\n") -> None:
    """Print at once: what fails must fail here, not at the exit."""
    show_as_is(told(text), end)


def show_as_is(text: str, end: str = "\n") -> None:
    """The same for code and JSON, which no language changes."""
    try:
        with writing(None):
            print(text, end=end, flush=True)
    except (BrokenPipeError, WriteError):
        _discard(sys.stdout)
        raise


def say(text: str, end: str = "\n") -> None:
    """Print to standard error, if that can be written."""
    try:
        print(told(text), end=end, file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    # What is buffered would fail again at the exit.
    with (contextlib.suppress(OSError),
          open(os.devnull, "w") as nowhere):
        os.dup2(nowhere.fileno(), stream.fileno())


def nearest(name: str, choices: Iterable[str]) -> str:
    """The choice that was probably meant, or else all choices."""
    choices = list(choices)
    near = ([choice for choice in choices if name
             and choice.startswith(name)]
            or difflib.get_close_matches(name, choices, 1))
    return (f"did you mean {near[0]!r}?" if near
            else f"choose from {', '.join(choices)}")


def to_json(value: Any) -> str:
    """One line of JSON. NaN and infinity become null."""
    return json.dumps(_finite(value), allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
