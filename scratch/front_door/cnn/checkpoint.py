"""Where a run of the CNN starts, and what it saves."""

import argparse
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import DataError
from scratch.front_door.files import check_format
from torch_ref import _archive
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
        saved = _archive.read(path, FORMAT)
    except ValueError as error:
        raise DataError(str(error)) from error
    if saved.keys() != KEYS:
        raise DataError(f"{path}: a checkpoint of the CNN must hold "
                        f"{sorted(KEYS)}, got {sorted(saved)}")
    return saved


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
