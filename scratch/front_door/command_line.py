"""What the two command lines share: options, output, messages."""

import argparse
import contextlib
import difflib
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn, TextIO

DONE, DISAGREE, USAGE, MISSING = 0, 1, 2, 3
# As sysexits.h has it, and as a shell reports a signal.
CRASHED, INTERRUPTED, PIPE_CLOSED = 70, 130, 141
STATUS = ("2 bad usage, 3 data or a package is missing or damaged, "
          "70 a bug in this program (please report it), "
          "130 interrupted, 141 the reader closed the pipe, "
          "143 terminated")
DATA = ("digits", "mnist", "fashion")


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
    try:
        with writing(None):
            print(text, end=end, flush=True)
    except (BrokenPipeError, WriteError):
        _discard(sys.stdout)
        raise


def say(text: str, end: str = "\n") -> None:
    """Print to standard error, if that can be written."""
    try:
        print(text, end=end, file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    # What is buffered would fail again at the exit.
    with (contextlib.suppress(OSError),
          open(os.devnull, "w") as nowhere):
        os.dup2(nowhere.fileno(), stream.fileno())


class Parser(argparse.ArgumentParser):
    """argparse, with one line for bad input instead of several."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit."""
        self.exit(USAGE, f"{self.prog}: {message} (--help says more)\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse's own says nothing of a full disk.
        (show if file is sys.stdout else say)(message, end="")


def nearest(name: str, choices: Iterable[str]) -> str:
    """The choice that was probably meant, or else all choices."""
    choices = list(choices)
    near = ([choice for choice in choices if name
             and choice.startswith(name)]
            or difflib.get_close_matches(name, choices, 1))
    return (f"did you mean {near[0]!r}?" if near
            else f"choose from {', '.join(choices)}")


def positive(text: str) -> float:
    """A number above 0."""
    with contextlib.suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(
        f"must be a number above 0, got {text!r}")


def whole(least: int) -> Callable[[str], int]:
    """An integer of at least `least`."""
    def convert(text: str) -> int:
        """The integer, or argparse's error."""
        with contextlib.suppress(ValueError):
            if least <= int(text) < 2 ** 63:
                return int(text)
        raise argparse.ArgumentTypeError(
            f"must be an integer of at least {least}, got {text!r}")
    return convert


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """--data, --data-dir, --download."""
    default = os.environ.get("SCRATCH_DATA") or "data"
    # argparse takes % for a format
    shown = default.replace("%", "%%")
    add = parser.add_argument
    add("--data", choices=DATA, default="digits",
        help="digits: 8 x 8, from scikit-learn (default); mnist, "
             "fashion: 28 x 28, 70,000 images each, read from files")
    add("--data-dir", type=lambda text: Path(os.path.expanduser(text)),
        default=default, metavar="DIR",
        help="folder of the files, torchvision's layout (default "
             f"SCRATCH_DATA or ./data, now {shown})")
    add("--download", action="store_true",
        help="download the files into --data-dir if they are missing")


def add_common_options(parser: argparse.ArgumentParser,
                       figure: str) -> None:
    """--seed, --device, --figure, --no-figure, --json, --quiet."""
    add = parser.add_argument
    add("--seed", type=whole(0), default=0, metavar="N",
        help="seed of data, initial weights and shuffling (default 0)")
    add("--device", choices=["auto", "cpu", "cuda", "mps"],
        default="auto", help="auto: a GPU if there is one (default)")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--figure", type=Path, metavar="PATH",
                        default=Path(figure),
                        help="where to save the figure (default "
                             f"{figure})")
    either.add_argument("--no-figure", dest="figure",
                        action="store_const", const=None,
                        help="save no figure")
    add("--json", action="store_true",
        help="print JSON instead of text")
    add("--quiet", action="store_true",
        help="print no text and no progress bar")


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
