"""What Python gives to the playground: data, optimisers and bugs.

The scripts train a net on it, see static/net.js: a float in JSON is
that of Python, to the bit.
"""

import inspect
import re
from pathlib import Path
from typing import Any

import torch

from docs.site.words import thought
from scratch import data, optim
from scratch._optimizer import Optimizer
from tests.museum import BUGS

STATIC = Path(__file__).parent / "static"
# So that the page stays small.
DIGITS = 300


def contents() -> dict[str, Any]:
    """All that the page contains, ready for JSON.

    Each data set has its rows x and a number for each in y. "optimizers"
    has the options of each and their defaults, "bugs" what the
    programmer of each thought.
    """
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return {**{name: {"x": x, "y": y.flatten().tolist()}
                   for name, (x, y) in _tables()},
                "optimizers": optimizers(),
                "bugs": {name: thought(BUGS[name]) for name in planted()}}
    finally:
        torch.set_default_dtype(usual)


def _tables():
    for name in "blobs", "parabola":
        x, y = getattr(data, name)(100)
        yield name, (x.tolist(), y)
    x, y = data.digits()
    # A digit for each pixel, from 0 to g, for the 17 levels of ink.
    yield "digits", (["".join(map("0123456789abcdefg".__getitem__, row))
                      for row in (16 * x[:DIGITS]).int().tolist()],
                     y[:DIGITS])


def optimizers() -> dict[str, dict[str, Any]]:
    """The options of each optimiser, and their defaults."""
    return {name: {option: parameter.default for option, parameter
                   in inspect.signature(one).parameters.items()
                   if option != "params"}
            for name, one in vars(optim).items()
            if inspect.isclass(one) and issubclass(one, Optimizer)
            and one is not Optimizer}


def planted() -> list[str]:
    """The bugs of the museum that bugs.js can plant."""
    text = (STATIC / "bugs.js").read_text(encoding="utf-8")
    return re.findall(r'^      "([\w.-]+)": \[', text, re.MULTILINE)
