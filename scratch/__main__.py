"""The front door: `python -m scratch [TOPIC | LESSON ...]`.

Every lesson is trained twice, by hand and by torch, in lockstep. The
topic `cnn` has a program of its own: `python -m scratch cnn`.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from scratch import CONTENTS, __version__
from scratch.front_door.command_line import (DONE, STATUS, nearest,
                                             show, show_as_is)
from scratch.front_door.endings import guarded
from scratch.front_door.lessons import entries, of_topic
from scratch.front_door.options import (Parser, add_common_options,
                                        add_data_options, positive,
                                        whole)
from scratch.front_door.paths import check_outputs

# A lesson that is chosen by an option, not by a name.
KEEP = "linear_regression --keep-gradients"


def parse(argv: list[str]) -> argparse.Namespace:
    """The command line, checked as far as possible without torch."""
    backprop = [e.name for e in entries().values() if e.backprop]
    parser = Parser(
        prog="python -m scratch",
        description="Train every lesson twice, by hand and by torch, "
                    "from the same initial weights on the same "
                    "mini-batches, and report the largest gap between "
                    "the two. The CNN has its own options: "
                    "python -m scratch cnn --help",
        epilog=f"Exit status: 0 all agree, 1 some disagree, {STATUS}.")
    add = parser.add_argument
    add("names", nargs="*", metavar="TOPIC | LESSON",
        help="the lessons to train; a topic stands for its lessons; "
             "default: all")
    add("--list", action="store_true",
        help="list the topics and their lessons, and exit")
    add("--read", metavar="NAME",
        help="print the code of NAME, such as optim.Adam, by hand and "
             "by torch, and exit; side by side if the terminal has at "
             "least 150 columns")
    add("--keep-gradients", action="store_true",
        help="linear_regression without clearing the gradients")
    gradients = parser.add_mutually_exclusive_group()
    gradients.add_argument(
        "--backprop", action="store_true",
        help="by hand, gradients are written out, without autograd: "
             + ", ".join(backprop))
    gradients.add_argument(
        "--autograd", action="store_true",
        help="by hand, gradients come from the engine of "
             "scratch/autograd.py: the same lessons")
    add("--epochs", type=whole(1), metavar="N",
        help="number of epochs, instead of each lesson's own")
    add("--lr", type=positive, metavar="X",
        help="learning rate, instead of each lesson's own")
    add("--dtype", choices=["float64", "float32"], default="float64",
        help="default float64; float32 also draws different data, and "
             "leaves out small_cnn")
    add_data_options(parser)
    add_common_options(parser, "lessons.png")
    add("--show", action="store_true", help="draw while training")
    add("--animate", type=Path, metavar="PATH.gif",
        help="write the frames of --show to a GIF")
    add("--version", action="version", version=__version__)
    args = parser.parse_args(argv)
    args.parser, args.argv = parser, argv
    if args.read is None and not args.list:
        args.lessons = _lessons(args, backprop)
        check_outputs(args, "figure", "animate")
        if args.animate and args.animate.suffix.lower() != ".gif":
            parser.error("--animate must end in .gif, "
                         f"got {str(args.animate)!r}")
    return args


def _lessons(args: argparse.Namespace,
             backprop: list[str]) -> list[str]:
    """What to train: the lessons named, and those of topics named."""
    error = args.parser.error
    # Each lesson once, in the order of its first mention.
    lessons = list(dict.fromkeys(
        lesson for name in args.names
        for lesson in _named(name, args.parser)))
    if args.keep_gradients:
        if lessons not in ([], ["linear_regression"]):
            error("--keep-gradients needs linear_regression, got "
                  + " ".join(args.names))
        lessons = [KEEP]
    if args.backprop or args.autograd:
        option = "--backprop" if args.backprop else "--autograd"
        lessons = lessons or backprop
        for name in lessons:
            if name not in backprop:
                error(f"{option} needs {', '.join(backprop)}, "
                      f"got {name}")
    if args.dtype == "float32":
        fits = [e.name for e in entries().values() if e.float32]
        lessons = lessons or fits
        for name in lessons:
            if name not in fits:
                error(f"{name} needs --dtype float64: in float32 a "
                      "rounding error at a relu grows to another net")
    lessons = lessons or list(entries())
    images = [e.name for e in entries().values() if e.images]
    if args.data != "digits" and not set(images) & set(lessons):
        error(f"--data {args.data} needs {', '.join(images)}, got "
              + " ".join(lessons))
    return lessons


def _named(name: str, parser: Parser) -> list[str]:
    """The lesson of that name, or the lessons of that topic."""
    if name in entries():
        return [name]
    if name == "cnn":
        parser.error("cnn must be the first and only name: "
                     "python -m scratch cnn; its lesson is small_cnn")
    if of_topic(name):
        return of_topic(name)
    if name in ("backprop", "autograd"):
        parser.error(f"{name} has no lesson of its own; add --{name}")
    if name in CONTENTS:
        parser.error(f"{name} has no lesson; --read {name} shows its "
                     "code")
    choices = dict.fromkeys(
        choice for topic in CONTENTS if of_topic(topic)
        for choice in (topic, *of_topic(topic)) if choice != KEEP)
    parser.error(f"no topic or lesson {name!r}; "
                 + nearest(name, choices))


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["cnn"]:
        from scratch.front_door.cnn import command
        return command.main(argv[1:])
    return guarded("python -m scratch", _main, argv)


def _main(argv: list[str]) -> int:
    args = parse(argv)
    if args.list:
        show(_contents())
        return DONE
    if args.read is not None:
        return _read(args)
    # Imported late: --help and bad usage need no torch.
    from scratch.front_door.run import run
    return run(args)


def _contents() -> str:
    """The topics in reading order, each with its lessons."""
    lines = []
    for topic, about in CONTENTS.items():
        lines.append(f"{topic:20} {about}")
        lines += [f"  {name:35} {entries()[name].about}"
                  for name in of_topic(topic)]
    return "\n".join(lines)


def _read(args: argparse.Namespace) -> int:
    from scratch.front_door.source import in_terminal
    columns = shutil.get_terminal_size().columns
    try:
        text = in_terminal(args.read, columns, _colour())
    except LookupError as error:
        args.parser.error(f"--read: {error.args[0]}")
    show_as_is(text)
    return DONE


def _colour() -> bool:
    """On a terminal that has colour, unless https://no-color.org."""
    return (sys.stdout.isatty() and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb")


if __name__ == "__main__":
    sys.exit(main())
