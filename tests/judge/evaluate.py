"""An activation or a loss is called as guessed. Runs in the child."""

import ast
import contextlib
import importlib
import inspect
import sys
from typing import Any

import numpy as np

from tests.judge.calls import Call
from tests.judge.objects import array

# Arguments that do no harm.
CONSTANTS = {"true": True, "-1": -1, "one": 1.0, "mean": "mean", "rate": 0.1,
             "smoothing": 0.1, "zero": 0.0}
# What names mean where no import says it.
USUAL = {"np": "numpy", "math": "math", "torch": "torch", "nn": "torch.nn",
         "F": "torch.nn.functional"}


def drive(person: Any, name: str, call: Call, inputs: list[Any],
          guard: Any) -> list[dict[str, Any]]:
    """The value for each input, and the slope.

    An input is a dict of arrays: "input", "upstream", for losses
    "target". The slope is the gradient of (value * upstream).sum().
    """
    _usual_names(person)
    first = guard(_evaluate, person, call, inputs[0])
    if "error" in first:
        # The call is another one: the rest would only take time.
        return [first] * len(inputs)
    return [first] + [guard(_evaluate, person, call, one)
                      for one in inputs[1:]]


def _usual_names(person: Any) -> None:
    """A piece of a file has lost its imports: np is NumPy."""
    nodes = [one for node in person.statements for one in ast.walk(node)]
    used = {one.id for one in nodes if isinstance(one, ast.Name)}
    bound = {one.asname or one.name for one in nodes
             if isinstance(one, ast.alias)}
    bound |= {one.arg for one in nodes if isinstance(one, ast.arg)}
    bound |= {one.id for one in nodes if isinstance(one, ast.Name)
              and isinstance(one.ctx, ast.Store)}
    for name in (used & {*USUAL}) - bound - {*person.space}:
        with contextlib.suppress(ImportError):
            person.space[name] = importlib.import_module(USUAL[name])


def _evaluate(person: Any, call: Call,
              given: dict[str, Any]) -> dict[str, Any]:
    native = {name: _native(value, call.library)
              for name, value in given.items()} | CONSTANTS
    # A linear model's scores for these rows are its weights.
    native["design"] = _native(np.eye(*np.shape(given["input"])[:1]),
                               call.library) if np.ndim(
        given["input"]) else 1.0
    if call.made == "engine":
        return _engine(person, call, native["input"])
    if call.autograd:
        native["input"] = _native(given["input"], call.library, True)
        native["input"].requires_grad_()
    made = _make(person.find(call.name), call, native)
    results = _call(made, call, native)
    value, slope = results[0], None
    if call.autograd and getattr(value, "requires_grad", False):
        torch = sys.modules["torch"]
        upstream = (native["upstream"] if np.shape(value)
                    == np.shape(native["upstream"])
                    else torch.ones_like(value))
        value.backward(upstream.to(value.dtype))
        slope = {"value": array(native["input"].grad)}
    elif call.second and len(results) > 1:
        slope = {"value": _number(results[1])}
    elif call.slope is not None:
        slope = _slope(made, person, call, native, results)
    return {"value": _number(value), "slope": slope,
            "wrote": [name for name, before in given.items()
                      if not np.array_equal(array(native[name]), before,
                                            equal_nan=True)]}


def _engine(person: Any, call: Call, x: Any) -> dict[str, Any]:
    """Value(x).relu(), and what its backward() leaves in .grad."""
    target = person.find(call.name)
    names = inspect.signature(target).parameters
    box = target(x, **{"requires_grad": True}
                 if "requires_grad" in names else {})
    out = getattr(box, call.method)()
    slope = None
    # Its own way to go back may be another one.
    with contextlib.suppress(Exception):
        total = out.sum() if np.ndim(x) else out
        total.backward()
        slope = {"value": _number(_plain(box.grad))}
    return {"value": _number(_plain(out)), "slope": slope, "wrote": []}


def _plain(value: Any) -> Any:
    """The array or the number in an object of an engine."""
    if isinstance(value, np.ndarray | float | int):
        return value
    return getattr(value, "data", value)


def _slope(made: Any, person: Any, call: Call, native: dict[str, Any],
           results: list[Any]) -> Any:
    value, slope = results[0], call.slope
    upstream = (native["upstream"]
                if np.shape(value) == np.shape(native["upstream"])
                else 1.0 if np.ndim(value) == 0 else value ** 0)
    native = {**native, "output": value, "upstream": upstream,
              # What came back beside the value.
              "cache": results[1] if len(results) > 1 else (
                  native["input"],)}
    try:
        target = (made if slope.made in ("made", "bare")
                  else _make(person.find(slope.name), slope, native))
        return {"value": _number(_call(target, slope, native)[0])}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def _make(target: Any, call: Call, native: dict[str, Any]) -> Any:
    if call.made == "made":
        return target(**{name: native[role] for name, role in call.build})
    if call.made == "bare":
        # A method that needs nothing of its object.
        return target.__new__(target)
    return target


def _call(made: Any, call: Call, native: dict[str, Any]) -> list[Any]:
    function = getattr(made, call.method) if call.method else made
    options = dict([call.flag]) if call.flag else {}
    options |= {name: native[role] for name, role in call.options}
    result = function(*[native[role] for role in call.order], **options)
    if call.stored:
        result = getattr(made, call.stored)
    return list(result) if isinstance(result, tuple) else [result]


def _native(value: Any, library: str, tensor: bool = False) -> Any:
    if value.ndim == 0 and not tensor:
        return value.item()
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
