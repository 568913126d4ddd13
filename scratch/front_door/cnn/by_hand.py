"""Train the CNN by hand: alone, or in lockstep with torch.

In lockstep both sides compute in float64. In float32 one rounding error
can move the input of a relu across 0, or decide which of two pixels is
the larger; training multiplies that until the two are different nets.
"""

import argparse
import dataclasses
import os
from typing import Any

import torch
from tqdm import tqdm

from scratch.front_door.cnn.checkpoint import begin
from scratch.front_door.cnn.images import read
from scratch.front_door.cnn.report import results, verdict
from scratch.front_door.cnn.run import check_rows, report
from scratch.front_door.command_line import DISAGREE, DONE, say
from scratch.front_door.device import use_all_cores
from scratch.front_door.endings import Attempt
from scratch.front_door.files import find_data
from scratch.front_door.gap import Run, Side
from scratch.front_door.language import told
from scratch.front_door.lesson import HAND, TORCH, Wing
from scratch.front_door.report import AGREE

BOUND = AGREE["float64"]


def run(args: argparse.Namespace) -> int:
    """Train, report, draw; return the exit status."""
    # To write a file needs no screen, whatever MPLBACKEND says.
    os.environ["MPLBACKEND"] = "agg"
    attempt = Attempt(args.parser.prog)
    use_all_cores()
    both = args.by == "both"
    if both:
        torch.set_default_dtype(torch.float64)
    options, _ = begin(args)
    args.data = options["data"]
    find_data(args)
    x, x_test, y, y_test = read(args.data, args.data_dir,
                                options["seed"])
    x, x_test = (t.to(torch.get_default_dtype()) for t in (x, x_test))
    check_rows(args, options, len(x))

    def side(wing: Wing) -> Side:
        """The model and its training, by one wing."""
        topic = wing.cnn
        model = topic.CNN(generator=options["seed"])
        training = topic.Training(
            model, x, y, dataclasses.replace(
                topic.RECIPES["lecture"], lr=options["lr"],
                batch_size=options["batch_size"]),
            options["epochs"], options["seed"])
        return Side(model, (loss.item() for loss in training),
                    lambda: {"accuracy": topic.evaluate(
                        model, x_test, y_test)})

    per_epoch = -(-len(x) // options["batch_size"])
    hand = side(HAND)
    steps = Run("", hand, side(TORCH), per_epoch) if both else hand
    _train(steps, args, options, per_epoch)
    known = {
        **options, "by": args.by, "device": "cpu", "bf16": False,
        "dtype": "float64" if both else "float32", "processes": 1,
        "threads": torch.get_num_threads(), "step": len(hand.losses),
        "steps": options["epochs"] * per_epoch,
        "images": options["epochs"] * len(x),
        "seconds": hand.seconds, "history": _history(hand, per_epoch),
        **results(hand.model, x_test, y_test)}
    apart = isinstance(steps, Run) and not steps.gap <= BOUND
    if isinstance(steps, Run):
        known |= {
            "agree": not apart, "bound": BOUND, "gap": steps.gap,
            "gap_step": steps.step, "torch": {
                "seconds": steps.torch.seconds,
                "history": _history(steps.torch, per_epoch)}}
        if apart and (args.json or args.quiet):
            say(f"{args.parser.prog}: {verdict(known)}")
    report(known, args, _as_module(hand.model), x_test, attempt)
    return attempt.status or (DISAGREE if apart else DONE)


def _train(steps: Run | Side, args: argparse.Namespace,
           options: dict[str, Any], per_epoch: int) -> None:
    # Only on a terminal (None).
    hidden = True if args.quiet or args.json else None
    bar = tqdm(total=options["epochs"] * per_epoch, leave=False,
               desc=f"by {args.by}, {options['data']}",
               unit=told("step"), disable=hidden)
    with bar:
        for done, _ in enumerate(steps, start=1):
            bar.update()
            # In lockstep the run looks at both.
            if isinstance(steps, Side) and done % per_epoch == 0:
                steps.look()


def _history(side: Side, per_epoch: int) -> list[dict[str, Any]]:
    losses = side.losses[per_epoch - 1::per_epoch]
    return [{"epoch": epoch, "loss": loss, **found}
            for epoch, (loss, found) in enumerate(
                zip(losses, side.history), start=1)]


def _as_module(model: Any) -> Any:
    """The same net by torch, for the figure."""
    module = TORCH.cnn.CNN()
    for p, q in zip(module.parameters(), model.parameters()):
        p.data.copy_(q.data)
    return module
