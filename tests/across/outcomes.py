"""What a call does: what it returns and changes, or what it raises."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tests.across.odd_calls import DIGITS, X


@dataclass
class Outcome:
    """What a call returns or raises, and its arguments afterwards."""

    raised: type[Exception] | None
    returned: Any
    # the arguments before and after
    before: dict[str, Any]
    after: dict[str, Any]


def outcome(name: str, wing: Any, arguments: dict[str, Any]) -> Outcome:
    """Call `name` of a wing, and use what it returns."""
    topic, _, function = name.partition(".")
    before, raised, returned = settled(arguments), None, []
    named = dict(arguments)
    # The tensors of `batches` have no name.
    rows = ([named.pop("x"), named.pop("y")] if name == "data.batches"
            else [])
    try:
        made = getattr(getattr(wing, topic), function)(*rows, **named)
        for item in _used(made, function[0].isupper()):
            returned.append(settled(item))
    except Exception as error:
        raised = type(error)
    return Outcome(raised, returned, before, settled(arguments))


def _used(made: Any, a_class: bool) -> Iterator[Any]:
    """What a reader would do next with what a call returns."""
    if isinstance(made, Iterator):
        # Some trainings would never end.
        yield from islice(made, 20)
    elif a_class and hasattr(made, "epochs"):
        # A training of the CNN.
        yield from made
    elif a_class and dataclasses.is_dataclass(made):
        fields: Any = made
        yield dataclasses.astuple(fields)
    elif a_class and hasattr(made, "get_last_lr"):
        for _ in range(5):
            yield from made.get_last_lr()
            made.optimizer.step()
            made.step()
    elif a_class and hasattr(made, "step"):
        for _ in range(2):
            for p in made.param_groups[0].get("params") or made.params:
                p.grad = torch.full_like(p, 0.5)
            made.step()
    elif hasattr(made, "backward") and a_class:
        (made * made).sum().backward()
        yield made.data, made.grad
    elif a_class:
        yield from made.parameters()
        yield made(DIGITS if hasattr(made, "conv1") else X)
    else:
        yield made(X) if callable(made) else made


def settled(value: Any) -> Any:
    """A copy of the tensors, arrays and numbers in a value."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, torch.Generator):
        return value.get_state()
    if isinstance(value, list | tuple):
        return type(value)(map(settled, value))
    if isinstance(value, dict):
        return {key: settled(item) for key, item in value.items()}
    if hasattr(value, "parameters") and not isinstance(value, type):
        return [settled(p) for p in value.parameters()]
    if hasattr(value, "zero_grad"):
        # An optimiser. The step is an int by hand, a tensor by torch.
        state = value.state_dict()["state"]
        return [value.param_groups[0]["lr"], {
            i: {key: item.clone() if key != "step" else int(item)
                for key, item in entries.items()}
            for i, entries in state.items()}]
    # Not text: a path has another folder on each side.
    return value if isinstance(value, int | float | complex) else None
