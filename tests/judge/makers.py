"""The person's objects: how they are made, and their learning rate."""

import re
from typing import Any

import numpy as np

from tests.judge import roles
from tests.judge.objects import Model, Network
from tests.judge.reading import Reading


def make(target: Any, reading: Reading, options: dict[str, Any],
         param: Any, boxes: Any) -> Any:
    """One object, as its constructor's arguments ask for.

    param: the one that it is for. boxes: all of them.
    """
    values = {}
    for name, role in reading.build:
        if role in ("params", "layers"):
            values[name] = boxes
        elif role == "model":
            values[name] = (boxes if isinstance(boxes, Network)
                            else Model(boxes, boxes))
        elif role == "shape":
            values[name] = np.shape(param)
        elif role == "hyper":
            values[name] = {key: options[option] for key, option
                            in reading.keys if option in options}
        elif role == "count":
            # A dict has a weight and a bias of each layer.
            values[name] = len(boxes) // (1 + isinstance(boxes, dict))
        elif role == "off":
            values[name] = 0.0
        elif role == "betas":
            values[name] = betas(options)
        elif role in options:
            values[name] = options[role]
    made = target(**values)
    given = {role for _, role in reading.build}
    for role, attribute in reading.attributes:
        if role in options and role not in given and hasattr(
                made, attribute):
            setattr(made, attribute, options[role])
    for name, role in reading.first:
        getattr(made, name)(
            np.shape(param) if role == "shape" else param
            if reading.scope == "each" else Model(boxes)
            if "model" in reading.state else boxes)
    return made


def betas(options: dict[str, Any]) -> tuple[float, float]:
    """Adam's pair."""
    return options.get("beta1", 0.9), options.get("beta2", 0.999)


def set_lr(made: Any, old: float | None, new: float) -> str:
    """Set whatever is called lr and has its value.

    old: None for whatever is called so. Returns what was set: "groups"
    of parameters, an "attribute" or "".
    """
    groups = getattr(made, "param_groups", None)
    if isinstance(groups, list) and groups and all(
            isinstance(one, dict) and "lr" in one for one in groups):
        # As torch's: nobody sets it anywhere else.
        for group in groups:
            group["lr"] = new
        return "groups"
    found = ""
    places = [getattr(made, "__dict__", {})]
    for value in [*places[0].values()]:
        places += [one for one in (
            value if isinstance(value, list) else [value])
            if isinstance(one, dict)]
    for place in places:
        for name, value in [*place.items()]:
            short = roles.plain(str(name)).removeprefix("current")
            if isinstance(value, float | int) and (
                    short in roles.LR and old in (None, value)
                    or value == old and re.search("lr|learn|step", short)):
                place[name] = new
                found = "attribute"
    return found


def can_set_lr(made: list[Any], reading: Reading, lr: Any) -> str:
    """How can it change? Where the constructor does not take it, set it.

    "call", "groups" of parameters, an "attribute", or "": it cannot.
    """
    if "lr" in reading.takes() or not reading.is_class:
        return "call"
    known = lr if "lr" in reading.builds() | {
        option for _, option in reading.keys} else None
    ways = [set_lr(one, known, lr) for one in made]
    return ways[0] if all(ways) else ""
