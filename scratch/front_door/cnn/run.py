"""Train the CNN as the command line asks, and report."""

import argparse
import dataclasses
import os
from typing import Any

from torch import Tensor
from tqdm import tqdm

from scratch.front_door.cnn.checkpoint import begin, restore, save
from scratch.front_door.cnn.images import read, side
from scratch.front_door.cnn.processes import (LOCAL_RANK, LOCAL_WORLD,
                                              RANK, from_first,
                                              together, wait)
from scratch.front_door.cnn.report import platform, results, text
from scratch.front_door.command_line import (show, show_as_is,
                                             to_json, writing)
from scratch.front_door.device import (Clock, find_device, good_at_bf16,
                                       use_all_cores)
from scratch.front_door.endings import Attempt
from scratch.front_door.files import find_data
from scratch.front_door.language import told
from torch_ref.cnn import CNN, RECIPES, Training, evaluate

# steps
SAVE_EVERY, LOOK_EVERY = 100, 50


def run(args: argparse.Namespace) -> int:
    """Train or load, report, draw; return the exit status."""
    # To write a file needs no screen, whatever MPLBACKEND says.
    os.environ["MPLBACKEND"] = "agg"
    attempt = Attempt(args.parser.prog)
    use_all_cores(LOCAL_WORLD)
    device = find_device(args.device, "float32", args.parser,
                         LOCAL_WORLD)
    with together(device) as device:
        options, saved = from_first(lambda: begin(args))
        args.data = options["data"]
        if LOCAL_RANK == 0:
            find_data(args)
        wait()
        # A loaded net sees other data at its own size.
        own = saved["options"] if saved else options
        size = side(own["data"], RECIPES[own["recipe"]])
        x, x_test, y, y_test = (table.to(device) for table in read(
            args.data, args.data_dir, options["seed"], size))
        training = _training(options, x, y, device)
        history = []
        if saved:
            # If it does not fit, one process says so.
            from_first(lambda: restore(training, saved, args))
            if RANK:
                restore(training, saved, args)
            # The history of another data set does not belong here.
            if args.data == saved["options"]["data"]:
                history = saved["history"]
        start, clock = training.step, Clock(device)
        if args.resume or not args.load:
            from_first(lambda: check_rows(args, options, len(x)))
            _train(training, args, options, history, clock, x_test,
                   y_test)
            if args.save and RANK == 0:
                with attempt:
                    _save(training, args, options, history)
        if RANK == 0:
            share = (training.step - start) / training.steps
            known = {
                **options, **platform(training),
                "step": training.step, "steps": training.steps,
                "images": round(share * training.epochs * len(x)),
                "seconds": clock.seconds, "history": history,
                **results(training.model, x_test, y_test)}
            report(known, args, training.model, x_test, attempt)
    return attempt.status


def check_rows(args: argparse.Namespace, options: dict[str, Any],
               rows: int) -> None:
    """A usage error for a batch of more rows than there are."""
    if options["batch_size"] > rows:
        args.parser.error(
            f"--batch-size must be at most {rows}, the size of the "
            f"training set, got {options['batch_size']}")


def _training(options: dict[str, Any], x: Tensor, y: Tensor,
              device: str) -> Training:
    recipe = dataclasses.replace(
        RECIPES[options["recipe"]], lr=options["lr"],
        batch_size=options["batch_size"])
    mean, std = ((x.mean().item(), x.std().item()) if recipe.normalise
                 else (0.0, 1.0))
    model = CNN(mean, std, options["seed"],
                size=x.shape[-1]).to(device)
    return Training(model, x, y, recipe, options["epochs"],
                    options["seed"],
                    recipe.accelerate and good_at_bf16(device))


def _train(training: Training, args: argparse.Namespace,
           options: dict[str, Any], history: list[dict[str, Any]],
           clock: Clock, x_test: Tensor, y_test: Tensor) -> None:
    per_epoch = training.steps // training.epochs
    # Only on a terminal (None).
    hidden = True if args.quiet or args.json or RANK else None
    remaining = "{remaining}"
    bar = tqdm(total=training.steps, initial=training.step, leave=False,
               desc=f"{options['recipe']}, {options['data']}",
               bar_format="{desc} |{bar}| {n}/{total} "
                          + told(f"steps, {remaining} left")
                          + "{postfix}", disable=hidden)
    with bar:
        for loss in training:
            bar.update()
            ends = training.step % per_epoch == 0
            saves = args.save and training.step % SAVE_EVERY == 0
            looks = not bar.disable and training.step % LOOK_EVERY == 0
            if RANK or not (ends or saves or looks):
                continue
            with clock.stopped():
                if looks:
                    some = evaluate(training.model, x_test[:500],
                                    y_test[:500])
                    bar.set_postfix_str(told(
                        f"loss {loss.item():.3f}, "
                        f"accuracy {some:.3f}"))
                if ends:
                    history.append({
                        "epoch": training.step // per_epoch,
                        "loss": loss.item(),
                        "accuracy": evaluate(training.model, x_test,
                                             y_test)})
                if saves:
                    _save(training, args, options, history)


def _save(training: Training, args: argparse.Namespace,
          options: dict[str, Any], history: list[dict[str, Any]],
          ) -> None:
    with writing(args.save):
        save(training, args.save, options, history)


def report(known: dict[str, Any], args: argparse.Namespace,
           model: CNN, x_test: Tensor, attempt: Attempt) -> None:
    """Print what is known, and draw the figure."""
    with attempt:
        if args.json:
            show_as_is(to_json(known))
        elif not args.quiet:
            show(text(known))
    if args.figure:
        from scratch.front_door.cnn.figure import draw
        with attempt:
            draw(args.figure, known, model, x_test)
            if not args.json and not args.quiet:
                show(f"Wrote {args.figure}.")
