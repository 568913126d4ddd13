"""The options of the command lines, and how they are read."""

import argparse
import contextlib
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from scratch.front_door.command_line import USAGE, say, show
from scratch.front_door.language import LANGUAGES, told, use, wanted
from scratch.front_door.wrapping import wrapped

DATA = ("digits", "mnist", "fashion")


class Help(argparse.HelpFormatter):
    """Help in the language of the reader, wrapped by its width."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(told(" ".join(text.split())), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        # A line that is indented stays as it is.
        return "\n".join(
            indent + line for part in text.strip().split("\n")
            for line in ([part] if part[:1] == " " else
                         wrapped(told(part), width - len(indent))))


class Parser(argparse.ArgumentParser):
    """argparse, with one line for bad input instead of several."""

    def __init__(self, **options: Any):
        super().__init__(formatter_class=Help, **options)
        self.add_argument(
            "--language", choices=LANGUAGES,
            help="the language of this program (default: zh_CN if "
                 "LANG is zh_CN.UTF-8, else en); never of JSON")

    def parse_known_args(self, args: Any = None,
                         namespace: Any = None) -> Any:
        """As argparse has it, but errors know --language already."""
        early = argparse.ArgumentParser(add_help=False,
                                        exit_on_error=False)
        early.add_argument("--language", choices=LANGUAGES)
        given = None
        with contextlib.suppress(argparse.ArgumentError):
            given = early.parse_known_args(args)[0].language
        use(wanted(given))
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print one line and exit."""
        # The message first: it may be longer than what surrounds it.
        self.exit(USAGE, f"{self.prog}: {told(message)} "
                         "(--help says more)\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse's own says nothing of a full disk.
        (show if file is sys.stdout else say)(message, end="")


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
