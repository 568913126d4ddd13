"""An activation or a loss is called as guessed. Runs in the child."""

import sys
from typing import Any

import numpy as np

from tests.judge.calls import Call
from tests.judge.objects import array


def drive(person: Any, name: str, call: Call, inputs: list[Any],
          guard: Any) -> list[dict[str, Any]]:
    """The value for each input, and the slope.

    An input is a dict of arrays: "input", "upstream", for losses
    "target". The slope is the gradient of (value * upstream).sum().
    """
    return [guard(_evaluate, person, call, one) for one in inputs]


def _evaluate(person: Any, call: Call,
              given: dict[str, Any]) -> dict[str, Any]:
    native = {name: _native(value, call.library)
              for name, value in given.items()}
    if call.autograd:
        native["input"].requires_grad_()
    made = _make(person.find(call.name), call)
    value = _call(made, call, native)
    slope = None
    if call.autograd and getattr(value, "requires_grad", False):
        upstream = (native["upstream"] if value.shape
                    == native["upstream"].shape else value * 0 + 1)
        value.backward(upstream.detach().to(value.dtype))
        slope = {"value": array(native["input"].grad)}
    elif call.slope is not None:
        slope = _slope(made, person, call.slope, native, value)
    return {"value": _number(value), "slope": slope,
            "wrote": any(not np.array_equal(array(native[name]), before,
                                            equal_nan=True)
                         for name, before in given.items())}


def _slope(made: Any, person: Any, call: Call, native: dict[str, Any],
           value: Any) -> Any:
    upstream = (native["upstream"]
                if np.shape(value) == np.shape(native["upstream"])
                else value * 0 + 1.0)
    native = {**native, "output": value, "upstream": upstream,
              "tuple": (native["input"],)}
    target = (made if call.made in ("made", "bare")
              else _make(person.find(call.name), call))
    try:
        return {"value": _number(_call(target, call, native))}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def _make(target: Any, call: Call) -> Any:
    if call.made == "made":
        return target()
    if call.made == "bare":
        # A method that needs nothing of its object.
        return target.__new__(target)
    return target


def _call(made: Any, call: Call, native: dict[str, Any]) -> Any:
    function = getattr(made, call.method) if call.method else made
    arguments = [True if role == "true" else native[role]
                 for role in call.order]
    options = dict([call.flag]) if call.flag else {}
    result = function(*arguments, **options)
    if call.stored:
        result = getattr(made, call.stored)
    return result[0] if isinstance(result, tuple) else result


def _native(value: Any, library: str) -> Any:
    if library == "torch":
        return sys.modules["torch"].tensor(value)
    return np.array(value)


def _number(value: Any) -> np.ndarray:
    found = array(value)
    if found.dtype.kind not in "fiub" and found.dtype != object:
        raise TypeError(f"it returns a {type(value).__name__}")
    if value is None:
        raise TypeError("it returns None")
    return found.astype(float) if found.dtype == object else found
