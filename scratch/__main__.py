"""The front door: `python -m scratch [LESSON ...]`.

Every lesson is trained twice, by hand and by torch, in lockstep.
"""

import argparse
import contextlib
import difflib
import math
import os
import sys
import tempfile
from pathlib import Path

from scratch import __version__
from scratch.front_door import KEEP, LESSONS

AGREE, DISAGREE, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130


class Parser(argparse.ArgumentParser):
    """argparse, with one line for bad input instead of two or more."""

    def error(self, message):
        self.exit(USAGE, f"{self.prog}: {message} (--help says more)\n")


def positive(text: str) -> float:
    """A number above 0."""
    with contextlib.suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(
        f"wanted a number above 0, given {text!r}")


def whole(least: int):
    """A whole number from `least` on."""
    def convert(text: str) -> int:
        with contextlib.suppress(ValueError):
            if least <= int(text) < 2 ** 63:
                return int(text)
        raise argparse.ArgumentTypeError(
            f"wanted a whole number from {least} on, given {text!r}")
    return convert


def parse(argv: list[str] | None) -> argparse.Namespace:
    """The command line, checked as far as it goes without torch."""
    parser = Parser(
        prog="python -m scratch",
        description="Train every lesson twice, by hand and by torch, "
                    "from the same start on the same batches, and say "
                    "how far apart the two ever were.",
        epilog="Exit status: 0 all agree, 1 some disagree, 2 bad "
               "usage, 3 data or a package missing, 130 interrupted.")
    add = parser.add_argument
    add("lessons", nargs="*", metavar="LESSON",
        help="which to train; all of them if none is named")
    add("--list", action="store_true", help="list the lessons and stop")
    add("--keep-gradients", action="store_true",
        help="linear_regression with the gradients never cleared")
    add("--seed", type=whole(0), default=0, metavar="N",
        help="for data, start and shuffling (default 0)")
    add("--epochs", type=whole(1), metavar="N",
        help="instead of each lesson's own number")
    add("--lr", type=positive, metavar="X",
        help="learning rate instead of each lesson's own")
    add("--dtype", choices=["float64", "float32"], default="float64",
        help="default float64; float32 draws other points, too")
    add("--device", choices=["auto", "cpu", "cuda", "mps"],
        default="auto", help="auto: the GPU if there is one (default)")
    figure = parser.add_mutually_exclusive_group()
    figure.add_argument("--figure", type=Path, metavar="PATH",
                        default=Path("lessons.png"),
                        help="where to save it (default lessons.png)")
    figure.add_argument("--no-figure", dest="figure",
                        action="store_const", const=None)
    add("--show", action="store_true", help="draw live while training")
    add("--animate", type=Path, metavar="PATH.gif",
        help="write what --show draws as a GIF")
    add("--json", action="store_true",
        help="one object for each lesson instead of the table")
    add("--quiet", action="store_true",
        help="no table, no progress bar")
    add("--version", action="version", version=__version__)
    args = parser.parse_args(argv)
    if args.list:
        return args
    for name in args.lessons:
        if name not in LESSONS:
            near = difflib.get_close_matches(name, LESSONS, 1, 0)
            choices = ", ".join(n for n in LESSONS if n != KEEP)
            parser.error(f"no lesson {name!r}, nearest is {near[0]!r}, "
                         f"choose from {choices}")
    # Each lesson once, in the order in which it was named first.
    args.lessons = list(dict.fromkeys(args.lessons))
    if args.keep_gradients:
        if args.lessons not in ([], ["linear_regression"]):
            parser.error("--keep-gradients goes with "
                         "linear_regression, given "
                         + " ".join(args.lessons))
        args.lessons = [KEEP]
    args.lessons = args.lessons or list(LESSONS)
    # Before the training, not after it:
    for option, path in ("--figure", args.figure), ("--animate",
                                                    args.animate):
        try:
            if path:
                check_writable(path)
        except OSError as error:
            parser.error(f"{option}: cannot write {str(path)!r}: "
                         f"{error.strerror or error}")
    if args.animate and args.animate == args.figure:
        parser.error("--figure and --animate: wanted two paths, given "
                     f"{str(args.figure)!r} twice")
    if args.animate and args.animate.suffix.lower() != ".gif":
        parser.error("--animate: wanted a path that ends in .gif, "
                     f"given {str(args.animate)!r}")
    args.parser = parser
    return args


def check_writable(path: Path) -> None:
    """OSError unless a file can be made at that path."""
    if path.is_dir():
        raise IsADirectoryError(21, "it is a directory")
    with tempfile.TemporaryFile(dir=path.parent):
        pass
    if path.exists():
        with path.open("r+b"):
            pass


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    try:
        args = parse(argv)
        if args.list:
            for name, about in LESSONS.items():
                print(f"{name:35} {about}")
            return AGREE
        # torch comes in here: --help and bad usage do without it.
        from scratch.front_door.run import run
        agree = run(args)
        sys.stdout.flush()
        return AGREE if agree else DISAGREE
    except OSError as error:
        # A full disk, or a reader that has gone away. What Python still
        # holds for stdout would fail again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"python -m scratch: cannot write: {error}",
              file=sys.stderr)
        return USAGE
    except ModuleNotFoundError as error:
        print(f"python -m scratch: {error.name} is missing, "
              "pip install . brings it", file=sys.stderr)
        return MISSING
    except KeyboardInterrupt:
        print("python -m scratch: interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
