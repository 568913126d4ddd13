"""The front door: `python -m scratch [LESSON ...]`.

Every lesson is trained twice, by hand and by torch, in lockstep.
"""

import argparse
import difflib
import os
import shutil
import sys
from pathlib import Path

from scratch import __version__
from scratch.front_door import BACKPROP, KEEP, LESSONS
from torch_ref.front_door.command_line import (
    DISAGREE, DONE, Parser, add_common_options, add_data_options,
    check_writable, guarded, positive, whole)

IMAGES = "softmax_regression"


def parse(argv: list[str]) -> argparse.Namespace:
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
    add("--read", metavar="NAME",
        help="print both sides of NAME, such as optim.Adam, and stop; "
             "next to each other from 150 columns on")
    add("--keep-gradients", action="store_true",
        help="linear_regression with the gradients never cleared")
    add("--backprop", action="store_true",
        help="train by gradients written out, without autograd: "
             + ", ".join(BACKPROP))
    add("--epochs", type=whole(1), metavar="N",
        help="instead of each lesson's own number")
    add("--lr", type=positive, metavar="X",
        help="learning rate instead of each lesson's own")
    add("--dtype", choices=["float64", "float32"], default="float64",
        help="default float64; float32 draws other points, too")
    add_data_options(parser)
    add_common_options(parser, "lessons.png")
    add("--show", action="store_true", help="draw live while training")
    add("--animate", type=Path, metavar="PATH.gif",
        help="write what --show draws as a GIF")
    add("--version", action="version", version=__version__)
    args = parser.parse_args(argv)
    args.parser, args.argv = parser, argv
    if args.read is None and not args.list:
        _choose_lessons(args)
        _check_paths(args)
    return args


def _choose_lessons(args: argparse.Namespace) -> None:
    error = args.parser.error
    for name in args.lessons:
        if name not in LESSONS:
            near = difflib.get_close_matches(name, LESSONS, 1, 0)
            choices = ", ".join(n for n in LESSONS if n != KEEP)
            error(f"no lesson {name!r}, nearest is {near[0]!r}, "
                  f"choose from {choices}")
    # Each lesson once, in the order in which it was named first.
    args.lessons = list(dict.fromkeys(args.lessons))
    if args.keep_gradients:
        if args.lessons not in ([], ["linear_regression"]):
            error("--keep-gradients goes with linear_regression, given "
                  + " ".join(args.lessons))
        args.lessons = [KEEP]
    if args.backprop:
        args.lessons = args.lessons or list(BACKPROP)
        for name in args.lessons:
            if name not in BACKPROP:
                error(f"--backprop goes with {', '.join(BACKPROP)}, "
                      f"given {name}")
    args.lessons = args.lessons or list(LESSONS)
    if args.data != "digits" and IMAGES not in args.lessons:
        error(f"--data {args.data} goes with {IMAGES}, given "
              + " ".join(args.lessons))


def _check_paths(args: argparse.Namespace) -> None:
    # Before the training, not after it.
    error = args.parser.error
    check_writable(args.parser, figure=args.figure,
                   animate=args.animate)
    if args.animate and args.animate == args.figure:
        error("--figure and --animate: wanted two paths, given "
              f"{str(args.figure)!r} twice")
    if args.animate and args.animate.suffix.lower() != ".gif":
        error("--animate: wanted a path that ends in .gif, "
              f"given {str(args.animate)!r}")


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    return guarded("python -m scratch", _main, argv)


def _main(argv: list[str]) -> int:
    args = parse(argv)
    if args.list:
        for name, about in LESSONS.items():
            print(f"{name:35} {about}")
        return DONE
    if args.read is not None:
        return _read(args)
    # torch comes in here: --help and bad usage do without it.
    from scratch.front_door.run import run
    return DONE if run(args) else DISAGREE


def _read(args: argparse.Namespace) -> int:
    from scratch.front_door.read import in_terminal
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    try:
        print(in_terminal(args.read, shutil.get_terminal_size().columns,
                          colour))
    except LookupError as error:
        args.parser.error(f"--read: {error.args[0]}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
