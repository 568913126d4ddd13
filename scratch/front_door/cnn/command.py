"""The command line of the CNN: `python -m scratch cnn`.

It trains the CNN on digits or clothes and shows what it has learnt.
With `torchrun -m scratch cnn` several processes train one net.
"""

import argparse
import contextlib
import io
import os
import time
from pathlib import Path

from scratch.front_door.command_line import STATUS
from scratch.front_door.endings import guarded
from scratch.front_door.options import (Parser, add_common_options,
                                        add_data_options, positive,
                                        whole)
from scratch.front_door.paths import check_different, check_outputs

# To start Python and print a line takes less, on any computer.
SECONDS = 30


def parse(argv: list[str]) -> argparse.Namespace:
    """The command line, checked as far as possible without torch."""
    parser = Parser(
        prog="python -m scratch cnn",
        description="Train the CNN: convolution, relu and pooling, "
                    "twice, then one linear layer.",
        epilog="Exit status: 0 done, 1 --by both disagrees, "
               f"{STATUS}.")
    add = parser.add_argument
    add_data_options(parser)
    add("--by", choices=["torch", "hand", "both"], default="torch",
        help="torch (default); hand: the recipe lecture by scratch, on "
             "the CPU; both: the two in lockstep, in float64, because "
             "in float32 a rounding error at a relu grows to another "
             "net; fails if the largest gap is above 1e-12")
    add("--recipe", choices=["fast", "lecture"],
        help="both recipes use Adam; fast (default): one-cycle "
             "learning rate, mini-batches of 128, MNIST without its "
             "frame; lecture: lr 0.001, mini-batches of 50")
    add("--epochs", type=whole(1), metavar="N",
        help="number of epochs (default 1)")
    add("--batch-size", type=whole(1), metavar="N",
        help="rows of all processes together (default: the recipe's; "
             "16 for --data digits, a small data set)")
    add("--lr", type=positive, metavar="X",
        help="learning rate instead of the recipe's; for fast, its "
             "peak")
    add_common_options(parser, "cnn.png")
    add("--save", type=Path, metavar="PATH",
        help="write a checkpoint every 100 steps and at the end")
    add("--load", type=Path, metavar="PATH",
        help="evaluate the net in a checkpoint, without training")
    add("--resume", action="store_true",
        help="continue the run in --load PATH, or in --save PATH if "
             "it exists; the result is that of an uninterrupted run")
    # None: as in the checkpoint, or else the default.
    parser.set_defaults(data=None, seed=None)
    args = parser.parse_args(argv)
    args.parser, args.argv = parser, argv
    if args.by != "torch":
        _check_by_hand(args)
        args.recipe = "lecture"
    _check(args)
    return args


def _check(args: argparse.Namespace) -> None:
    error = args.parser.error
    if args.resume and not (args.save or args.load):
        error("--resume needs --save PATH or --load PATH")
    if args.load and not args.resume:
        trains = {"--save": args.save, "--epochs": args.epochs,
                  "--batch-size": args.batch_size, "--lr": args.lr,
                  "--recipe": args.recipe}
        for option, value in trains.items():
            if value:
                error(f"{option} needs --resume: --load alone only "
                      "evaluates")
    if os.environ.get("RANK", "0") == "0":
        # Before the training, not after it.
        if args.load and not args.load.is_file():
            error(f"--load: no such file: {str(args.load)!r}")
        check_outputs(args, "save", "figure")
        check_different(args, "load", "figure")


def _check_by_hand(args: argparse.Namespace) -> None:
    """A usage error for what only torch's side can do."""
    for option, given in (
            ("--recipe fast", args.recipe == "fast"),
            (f"--device {args.device}",
             args.device not in ("auto", "cpu")),
            ("--save", args.save), ("--load", args.load),
            ("--resume", args.resume),
            ("torchrun", "WORLD_SIZE" in os.environ)):
        if given:
            args.parser.error(
                f"--by {args.by} trains by the recipe lecture, on the "
                "CPU, in one process, without checkpoints, got "
                f"{option}")


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    return guarded("python -m scratch cnn", _main, argv)


def _main(argv: list[str]) -> int:
    if os.environ.get("LOCAL_RANK", "0") == "0":
        args = parse(argv)
    else:
        args = _parse_quietly(argv)
    # Imported late: --help and bad usage need no torch.
    if args.by == "torch":
        from scratch.front_door.cnn.run import run
    else:
        from scratch.front_door.cnn.by_hand import run
    return run(args)


def _parse_quietly(argv: list[str]) -> argparse.Namespace:
    """All processes see the same bad usage, and the first prints it."""
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return parse(argv)
    except SystemExit:
        # torchrun ends them all as soon as one ends. Let the first be
        # the one, or its message might never be printed.
        time.sleep(SECONDS)
        raise
