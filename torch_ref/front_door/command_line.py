"""What both command lines share: options, messages, exit status."""

import argparse
import contextlib
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

DONE, DISAGREE, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130
DATA = ("digits", "mnist", "fashion")


class DataError(Exception):
    """Data is missing or damaged: one line that says which and why."""


class Parser(argparse.ArgumentParser):
    """argparse, with one line for bad input instead of two or more."""

    def error(self, message: str) -> NoReturn:
        """Say it on one line and leave."""
        self.exit(USAGE, f"{self.prog}: {message} (--help says more)\n")


def positive(text: str) -> float:
    """A number above 0."""
    with contextlib.suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(
        f"wanted a number above 0, given {text!r}")


def whole(least: int) -> Callable[[str], int]:
    """A whole number from `least` on."""
    def convert(text: str) -> int:
        """The number, or argparse's error."""
        with contextlib.suppress(ValueError):
            if least <= int(text) < 2 ** 63:
                return int(text)
        raise argparse.ArgumentTypeError(
            f"wanted a whole number from {least} on, given {text!r}")
    return convert


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """--data, --data-dir, --download."""
    default = os.environ.get("SCRATCH_DATA") or "data"
    # argparse takes % for a format
    shown = default.replace("%", "%%")
    add = parser.add_argument
    add("--data", choices=DATA, default="digits",
        help="digits: 8 x 8, come with scikit-learn (default); mnist, "
             "fashion: 28 x 28, 70,000 images each, read from files")
    add("--data-dir", type=lambda text: Path(os.path.expanduser(text)),
        default=default, metavar="DIR",
        help="where the files lie, in torchvision's layout (default "
             f"SCRATCH_DATA or ./data, now {shown})")
    add("--download", action="store_true",
        help="fetch the files into --data-dir if they are not there")


def add_common_options(parser: argparse.ArgumentParser,
                       figure: str) -> None:
    """--seed, --device, --figure, --no-figure, --json, --quiet."""
    add = parser.add_argument
    add("--seed", type=whole(0), default=0, metavar="N",
        help="for data, start and shuffling (default 0)")
    add("--device", choices=["auto", "cpu", "cuda", "mps"],
        default="auto", help="auto: the GPU if there is one (default)")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--figure", type=Path, metavar="PATH",
                        default=Path(figure),
                        help=f"where to save it (default {figure})")
    either.add_argument("--no-figure", dest="figure",
                        action="store_const", const=None)
    add("--json", action="store_true",
        help="print JSON, not text for people")
    add("--quiet", action="store_true",
        help="no text for people, no progress bar")


def check_writable(parser: argparse.ArgumentParser,
                   **paths: Path | None) -> None:
    """A usage error unless a file can be made at each path."""
    for option, path in paths.items():
        try:
            if path:
                _try_to_write(path)
        except OSError as error:
            parser.error(f"--{option}: cannot write {str(path)!r}: "
                         f"{error.strerror or error}")


def guarded(prog: str, body: Callable[[list[str]], int],
            argv: list[str] | None) -> int:
    """The exit status of `body(argv)`; one line for a failure.

    argv None: what the command was called with.
    """
    try:
        status = body(sys.argv[1:] if argv is None else argv)
        # Not sys.stdout.flush(): there may be no standard output.
        print(end="", flush=True)
        return status
    except DataError as error:
        _say(prog, error)
        return MISSING
    except OSError as error:
        # A full disk, or a reader that has gone away. What Python still
        # holds for stdout would fail again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _say(prog, f"cannot write: {error}")
        return USAGE
    except ModuleNotFoundError as error:
        _say(prog, f"{error.name} is missing, "
             "pip install . brings it")
        return MISSING
    except KeyboardInterrupt:
        _say(prog, "interrupted")
        return INTERRUPTED


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


def _say(prog: str, message: object) -> None:
    print(f"{prog}: {message}", file=sys.stderr)


def _try_to_write(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(21, "it is a directory")
    if path.exists() and not path.is_file():
        raise OSError(22, "it is not a regular file")
    with tempfile.TemporaryFile(dir=path.resolve().parent):
        pass
    if path.exists():
        with path.open("r+b"):
            pass
