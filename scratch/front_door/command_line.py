"""What the two command lines share: options, messages, exit status."""

import argparse
import contextlib
import difflib
import json
import math
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

DONE, DISAGREE, USAGE, MISSING = 0, 1, 2, 3
# As sysexits.h has it, and as a shell reports a signal.
CRASHED, INTERRUPTED, PIPE_CLOSED = 70, 130, 141
STATUS = ("2 bad usage, 3 data or a package is missing or damaged, "
          "70 a bug in this program (please report it), "
          "130 interrupted, 141 the reader closed the pipe")
DATA = ("digits", "mnist", "fashion")


class DataError(Exception):
    """A file is missing, damaged or wrong: one line says which."""


class Parser(argparse.ArgumentParser):
    """argparse, with one line for bad input instead of several."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit."""
        self.exit(USAGE, f"{self.prog}: {message} (--help says more)\n")


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
    """The exit status of `body(argv)`. A failure prints one line.

    argv None stands for the arguments of the command.
    """
    try:
        status = body(sys.argv[1:] if argv is None else argv)
        # Not sys.stdout.flush(): stdout may be closed.
        print(end="", flush=True)
        return status
    except DataError as error:
        _say(prog, error)
        return MISSING
    except BrokenPipeError:
        # Quiet, as `cat` is when `head` has read enough.
        _drop_output()
        return PIPE_CLOSED
    except OSError as error:
        # A full disk, for example.
        _drop_output()
        _say(prog, f"cannot read or write: {error}")
        return USAGE
    except ModuleNotFoundError as error:
        _say(prog, f"the package {error.name} is missing, "
             "pip install . installs it")
        return MISSING
    except KeyboardInterrupt:
        _say(prog, "interrupted")
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        return CRASHED


def _drop_output() -> None:
    """Discard what is buffered: to write it would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
