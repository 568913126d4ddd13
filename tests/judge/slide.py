"""A person's convolution or pooling, run in the child.

It is called with images in each layout until one runs.
"""

import importlib
import itertools
from typing import Any

import numpy as np

from tests.judge.objects import array
from tests.judge.roles import plain
from tests.judge.windows import Given

LAYOUTS = ("nchw", "nhwc", "chw", "plane")
AXES = {"nchw": (0, 1, 2, 3), "nhwc": (0, 2, 3, 1)}


def drive(person: Any, _name: str, call: dict[str, Any],
          given: list[Given], guard: Any) -> Any:
    """What it returns for each input, in the first way that runs."""
    return guard(_every, person, call, given, guard)


def _every(person: Any, call: dict[str, Any], given: list[Given],
           guard: Any) -> Any:
    error: Any = {"error": "no layout fits", "at": ""}
    for layout, pair in itertools.product(LAYOUTS, (False, True)):
        fits = [one for one in given if layout in ("nchw", "nhwc")
                or one["input"].shape[0] == 1 and (
                    layout == "chw" or one["weight"].size == one[
                        "kernel"] ** 2)]
        found = [guard(_one, person, call, one, layout, pair, guard)
                 for one in fits[-1:]]
        if "value" in found[0]:
            return {"layout": layout, "given": fits, "found": [
                guard(_one, person, call, one, layout, pair, guard)
                for one in fits]}
        if layout == "nchw" and not pair:
            error = found[0]
    return error


def _hand(x: Any, layout: str) -> Any:
    if layout == "chw":
        return x[0].copy()
    if layout == "plane":
        return x[0, 0].copy()
    return np.ascontiguousarray(x.transpose(AXES[layout]))


def _back(x: Any, layout: str) -> Any:
    x = array(x).astype(float)
    if layout in ("chw", "plane"):
        return x[(None,) * (4 - x.ndim)]
    if x.ndim != 4:
        raise ValueError(f"the result has {x.ndim} axes")
    return x.transpose(np.argsort(AXES[layout]))


def _one(person: Any, call: dict[str, Any], given: Given, layout: str,
         pair: bool, guard: Any) -> dict[str, Any]:
    torch: Any = importlib.import_module("torch") if call["torch"] else None
    w = given["weight"]
    if layout == "nhwc":
        w = w.transpose(2, 3, 1, 0)
    if layout == "plane":
        w = w[0, 0]
    bias = given["bias"].reshape((1, 1, 1, -1) if layout == "nhwc" else -1)
    k = (given["kernel"],) * 2 if pair else given["kernel"]
    numbers = {"stride": given["stride"], "padding": given["padding"],
               "pad": given["padding"], "kernel_size": given["kernel"]}
    param = {**numbers, **dict.fromkeys(
        ["f", "pool_height", "pool_width", "pool_size", "size"],
        given["kernel"])}
    values = {**numbers, "input": _hand(given["input"], layout),
              "weight": np.array(w), "bias": bias, "kernel": k,
              "param": param, "upstream": _hand(given["upstream"], layout),
              "in": given["weight"].shape[1], "out": len(given["weight"]),
              "mode": call["mode"]}
    leaves = {}
    if torch:
        for name in ("input", "weight", "bias", "upstream"):
            values[name] = torch.tensor(values[name], dtype=torch.float64)
            if name != "upstream":
                leaves[name] = values[name].requires_grad_()
    before = array(values["input"])
    target = person.find(call["name"])
    owner = None
    if call["method"]:
        owner = target(*[values[role] for role in call["build"]])
        if "conv" in call["kind"]:
            _put(owner, w, values["bias"], torch)
        target = getattr(owner, call["method"])
    result = target(*[values[role] for role in call["order"]])
    many = isinstance(result, tuple | list)
    value = result[0] if many else result
    found: dict[str, Any] = {"value": _back(value, layout)}
    values["cache"] = result[-1] if many else None
    if call["back"]:
        back = getattr(owner, call["back"]) if owner is not None else (
            person.find(call["back"]))
        slopes = guard(back, *[values[role] for role in call["back_order"]])
        if isinstance(slopes, dict):
            found["raised"] = slopes["error"] + slopes["at"]
        else:
            found["slopes"] = [array(one).astype(float) for one in (
                slopes if isinstance(slopes, tuple | list) else [slopes])]
    elif torch and getattr(value, "requires_grad", False) and (
            value.shape == values["upstream"].shape):
        value.backward(values["upstream"])
        found["slopes"] = [array(leaf.grad) for leaf in leaves.values()
                           if leaf.grad is not None]
    found["wrote"] = not np.array_equal(before, array(values["input"]))
    if "slopes" in found:
        found["slopes"] = [_shaped(one, layout, before, w, given)
                           for one in found["slopes"]]
    return found


def _shaped(slope: Any, layout: str, x: Any, w: Any, given: Given) -> Any:
    """dx and dw as (n, c, h, w) and (o, c, kh, kw)."""
    if layout == "nhwc" and slope.ndim == 4:
        return (slope.transpose(0, 3, 1, 2) if slope.shape == x.shape else
                slope.transpose(3, 2, 0, 1) if slope.shape == np.shape(w)
                else slope)
    return slope.reshape(given["input" if slope.shape == x.shape else "weight"
                               ].shape) if slope.shape in (
        x.shape, np.shape(w)) else slope


def _put(owner: Any, w: Any, b: Any, torch: Any) -> None:
    """Set the weight and the bias of a layer, found by their shapes."""
    done = False
    places = [vars(owner), *[one for one in vars(owner).values()
                             if isinstance(one, dict)]]
    for place in places:
        for name, value in list(place.items()):
            shape = tuple(getattr(value, "shape", ()))
            new = (w if shape == np.shape(w) else b if shape and np.prod(
                shape) == np.size(array(b)) else None)
            if new is None or plain(name).startswith("d"):
                continue
            done = done or new is w
            if torch:
                value.data = torch.tensor(array(new)).double().reshape(shape)
            else:
                place[name] = np.array(array(new)).reshape(shape)
    if not done:
        raise ValueError("no weight of the expected shape was found in it")
