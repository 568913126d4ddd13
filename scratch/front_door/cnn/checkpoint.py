"""Where a run of the CNN starts, and what it saves."""

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import DataError, reading
from scratch.front_door.files import check_format
from scratch.front_door.options import DATA, positive, whole
from torch_ref import _archive
from torch_ref._checks import check_model, check_option, check_whole
from torch_ref.cnn import RECIPES, Training

FORMAT = "checkpoint of the CNN, version 1"
KEYS = {"format", "options", "history", "training"}
DEFAULTS = {"data": "digits", "recipe": "fast", "epochs": 1, "seed": 0}


def begin(args: argparse.Namespace,
          ) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The options that apply, and the checkpoint to start from."""
    if args.figure:
        check_format(args.parser, args.figure)
    saved = None
    if args.save and args.save.exists():
        # Resume from it or overwrite it; never overwrite another file.
        old = _read(args.save)
        saved = old if args.resume else None
    if args.load:
        saved = _read(args.load)
    return _options(args, saved["options"] if saved else {}), saved


def _read(path: Path) -> dict[str, Any]:
    try:
        with reading(path):
            saved = _archive.read(path, FORMAT)
    except ValueError as error:
        raise DataError(str(error)) from error
    with _rejecting(path):
        if saved.keys() != KEYS:
            raise ValueError(f"it must hold {sorted(KEYS)}, got "
                             f"{sorted(saved)}")
        _check_options(saved["options"])
        _check_history(saved["history"])
    return saved


def _check_options(options: dict[str, Any]) -> None:
    names = [*DEFAULTS, "batch_size", "lr"]
    if sorted(options) != sorted(names):
        raise ValueError(f"the options must be {names}, got "
                         f"{list(options)}")
    for name, choices in ("data", DATA), ("recipe", tuple(RECIPES)):
        if options[name] not in choices:
            raise ValueError(f"{name} must be one of {choices}, got "
                             f"{options[name]!r}")
    # What the command line accepts, too.
    for name, least in ("epochs", 1), ("seed", 0), ("batch_size", 1):
        whole(least)(str(check_whole(name, options[name], least)))
    positive(str(check_option("lr", options["lr"])))


def _check_history(history: list[dict[str, Any]]) -> None:
    if not isinstance(history, list):
        raise TypeError(f"the history must be a list, got {history!r}")
    for entry in history:
        if sorted(entry) != ["accuracy", "epoch", "loss"]:
            raise ValueError("an epoch of the history must have its "
                             f"loss and accuracy, got {entry}")
        check_whole("epoch", entry["epoch"], 1)
        for name in "loss", "accuracy":
            if not isinstance(entry[name], float):
                raise TypeError(f"{name} must be a number, got "
                                f"{entry[name]!r}")


def restore(training: Training, saved: dict[str, Any],
            args: argparse.Namespace) -> None:
    """Load a checkpoint; on other data than its own, the net alone."""
    state = saved["training"]
    with _rejecting(args.load or args.save):
        if args.data == saved["options"]["data"]:
            training.load_state_dict(state)
        else:
            check_model(training.model, state["model"])
            step = check_whole("step", state["step"], 0)
            training.model.load_state_dict(state["model"])
            training.step = step


@contextlib.contextmanager
def _rejecting(path: Path) -> Iterator[None]:
    """Turn what a file with wrong contents raises into one line."""
    try:
        yield
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise DataError(f"{path}: must be a {FORMAT}, got other "
                        f"contents ({reason})") from error


def _options(args: argparse.Namespace,
             saved: dict[str, Any]) -> dict[str, Any]:
    """What determines the result: as given, as saved, or default."""
    def decide(name: str, default: Any) -> Any:
        """One of the options."""
        given, before = getattr(args, name), saved.get(name)
        if given is None:
            return default if before is None else before
        # With another seed a saved net would be tested on digits that
        # it was trained on.
        counts = args.resume or name == "seed"
        if counts and before not in (None, given):
            option = "--" + name.replace("_", "-")
            args.parser.error(f"{option} must be {before}, as in the "
                              f"checkpoint, got {given}")
        return given

    options = {name: decide(name, default)
               for name, default in DEFAULTS.items()}
    recipe = RECIPES[options["recipe"]]
    # A small data set: small batches, for enough steps.
    size = 16 if options["data"] == "digits" else recipe.batch_size
    options["batch_size"] = decide("batch_size", size)
    options["lr"] = decide("lr", recipe.lr)
    return options


def save(training: Training, path: Path, options: dict[str, Any],
         history: list[dict[str, Any]]) -> None:
    """Write everything that a later run needs to resume."""
    _archive.write(path, {
        "format": FORMAT, "options": options, "history": history,
        "training": training.state_dict()})
