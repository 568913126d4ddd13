"""Convolution and pooling: functions and layers, and their way back.

Images may be (n, c, h, w), (n, h, w, c), (c, h, w) or (h, w); options
may be arguments, a dict, or those of a constructor.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.judge.process import Process
from tests.judge.roles import Name, plain
from tests.judge.source import Class, Function, Source
from tests.judge.switchboard import Settings, Switch, explain
from tests.judge.verdict import (BUG, CONVENTION, DIFFERENT, EQUAL, RAISES,
                                 Verdict)
from tests.judge.windows import KINDS, Given, Windows, differ, probes, told

DRIVER = "tests.judge.slide"
OPTIONS = ["stride", "padding"]
ROLES = {
    "stride": "stride strides s step",
    "padding": "padding pad p",
    "kernel": "kernelsize poolsize ksize windowsize poolheight poolwidth "
              "poolh poolw filtersize fieldsize size",
    "input": "x input inputs image images img aprev data inp a xinput "
             "inputdata batch",
    "weight": "w weight weights kernel kernels filter filters k f wt",
    "bias": "b bias biases",
    "param": "convparam poolparam hparameters hparams params param",
    "upstream": "dout dz dy da grad gradoutput upstream delta dl dlout g "
                "outputgradient gradout doutput",
    "cache": "cache ctx saved",
    "mode": "mode", "in": "inchannels inputchannels inchannel cin nin",
    "out": "outchannels outputchannels outchannel cout numfilters nfilters "
           "nout"}
BACK = "backward backprop gradient gradients grad bwd".split()
OTHERS = ("transpose deconv block relu norm net model depthwise separable "
          "unpool roi global adaptive plot test shape outputsize 1d 3d "
          "stochastic").split()


def recognise(name: Name) -> list[Windows]:
    """conv2d, corr2d, conv_forward_naive, MaxPool2D, avg_pooling."""
    if name.has(*OTHERS) or {*name.parts} & {*BACK}:
        return []
    if name.has("pool"):
        kind = ("avg_pool2d" if name.has("avg", "average", "mean") else
                "max_pool2d" if name.has("max", "poolforward", "pool2d")
                else "")
        return [KINDS[kind]] if kind else []
    return [KINDS["conv2d"]] if name.has(
        "conv2d", "corr2d", "convolve2d", "convolution2d", "convforward",
        "convlayer") or name.short in ("conv", "convolution") else []


def roles(found: Function | None, kind: str) -> list[str] | None:
    """What each argument gets; None if one is not known.

    What is unknown and has a default is left out, and what follows.
    """
    order: list[str] = []
    for one in found.arguments if found else []:
        name = plain(one.name)
        role = next((role for role, names in ROLES.items()
                     if name in names.split()), "")
        if kind != "conv2d" and role == "weight" or kind == "build" and (
                role == "weight"):
            # k, f, kernel: a size
            role = "kernel"
        if kind == "build" and name == "bias" and one.default:
            break
        if not role or role in order and role != "kernel":
            if one.default:
                break
            return None
        order.append(role)
    return order


def _call(source: Source, name: str, kind: Windows) -> dict[str, Any] | None:
    """How it is called, and its way back."""
    owner, found = source.classes.get(name), source.functions.get(name)
    call: dict[str, Any] = {
        "name": name, "kind": kind.name, "method": "", "build": [],
        "back": "", "back_order": [],
        "mode": "max" if kind.name == "max_pool2d" else "average"}
    call["torch"] = any(source.library(one) == "torch"
                        for one in source.nodes(name))
    back: Function | None = None
    if owner:
        call["method"] = next((one for one in ("forward", "__call__", "call")
                               if one in owner.methods), "")
        found = owner.methods.get(call["method"])
        build = roles(owner.constructor, "build")
        if build is None or found is None:
            return None
        call["build"] = build
        back = _way_back(owner)
    else:
        back = min(_partners(source, name), default=None,
                   key=lambda other: len(Name(other.name).parts))
    order = roles(found, kind.name)
    if not order or "input" not in order:
        return None
    call["order"] = order
    way = roles(back, "conv2d") if back else None
    if back and way and not call["torch"]:
        call["back"], call["back_order"] = back.name, way
    return call


def _way_back(owner: Class) -> Function | None:
    return next((method for text, method in owner.methods.items()
                 if {*Name(text).parts} & {*BACK}), None)


def _partners(source: Source, name: str) -> Iterator[Function]:
    """conv_backward_naive of conv_forward_naive, conv2d_backward."""
    rest = {*Name(name).parts} - {"forward", "fwd"}
    for text, other in source.functions.items():
        parts = {*Name(text).parts}
        if parts & {*BACK} and {one for one in rest if not one.startswith(
                "forward") and not one.endswith("forward")} <= parts:
            yield other


def judge(source: Source, name: str, kinds: list[Windows],
          process: Process) -> Verdict:
    """The value first; then, if that is right, the way back."""
    kind = kinds[0]
    verdict = Verdict(f"{source.path.name}:{name}", kind.against)
    call = _call(source, name, kind)
    if call is None:
        verdict.findings = ["no way to call it was found"]
        return verdict
    asked = {*call["order"], *call["build"]}
    given = [one for one in probes(kind.name) if _fits(one, asked, kind)]
    if "bias" not in asked and not call["method"]:
        given = [{**one, "bias": 0 * one["bias"]} for one in given]
    answer = process.ask(DRIVER, name, call, given)
    shown = ", ".join(call["order"])
    verdict.read_as = f"{name}({', '.join(call['build'])})." \
        f"{call['method']}({shown})" if call["method"] else f"{name}({shown})"
    if "error" in answer:
        verdict.status = RAISES
        verdict.findings = [f"{answer['error']}{answer['at']}"]
        return verdict
    layout = {"nhwc": "images are (n, h, w, c)", "chw": "one image (c, h, w)",
              "plane": "one image (h, w)"}.get(answer["layout"])
    verdict.read_as += f"; {layout}" if layout else ""
    verdict.not_judged = [one for one in OPTIONS if not {one, "param"} & asked]
    _tell(verdict, kind, answer["given"], answer["found"])
    return verdict


def _fits(given: Given, asked: set[str], kind: Windows) -> bool:
    stride = 1 if kind.name == "conv2d" else given["kernel"]
    return ("param" in asked or "stride" in asked
            or given["stride"] == stride) and (
        "padding" in asked or "param" in asked and kind.name == "conv2d"
        or given["padding"] == 0)


def _tell(verdict: Verdict, kind: Windows, given: list[Given],
          found: list[dict[str, Any]]) -> None:
    bad = next((one for one in found if "error" in one), None)
    if bad:
        verdict.status = RAISES
        verdict.findings = [f"{bad['error']}{bad['at']}"]
        return
    _compare(verdict, [(one, "value", answer["value"])
                       for one, answer in zip(given, found)],
             lambda one, s: {"value": kind.value(one, s)}, kind.values)
    if any(answer["wrote"] for answer in found):
        verdict.notes.append("it writes into its input")
    verdict.notes += [f"its gradient: {answer['raised']}"
                      for answer in found[:1] if "raised" in answer]
    if verdict.status == EQUAL and all("slopes" in one for one in found):
        slopes = [(one, name, slope) for one, answer in zip(given, found)
                  for name in kind.gradient(one, {})
                  if (slope := _of(answer["slopes"], name, one)) is not None]
        verdict.read_as += "; " + ", ".join(
            dict.fromkeys(name for _, name, _ in slopes))
        _compare(verdict, slopes, kind.gradient, kind.slopes)


def _of(slopes: list[Any], name: str, given: Given) -> Any:
    """dx and dw by their shapes, db is what is left."""
    shapes = {"dx": given["input"].shape, "dw": given["weight"].shape}
    if name != "db":
        return next((one for one in slopes if one.shape == shapes[name]),
                    slopes[0] if name == "dx" else None)
    left = [one for one in slopes[1:] if one.shape != shapes["dw"]]
    if left and left[0].size == given["bias"].size:
        return left[0].reshape(-1)
    return left[0] if left else None


def _compare(verdict: Verdict, found: list[tuple[Given, str, Any]],
             formula: Callable, switches: tuple[Switch, ...]) -> None:
    """found: an input, what of it, and the person's result."""
    close = 1e-4 if any(one.dtype == np.float32 for *_, one in found) else 1e-9

    def agrees(s: Settings) -> bool:
        return not any(differ(yours, formula(one, s)[what], close)
                       for one, what, yours in found)

    verdict.status = EQUAL
    if agrees({}):
        return
    verdict.status = DIFFERENT
    verdict.names = explain(switches, agrees, 2)
    if verdict.names:
        verdict.status = BUG if any(
            one.nature == "bug" for one in verdict.names[0]) else CONVENTION
    verdict.example = next(filter(None, (
        told(one, what, yours, formula(one, {})[what], close)
        for one, what, yours in found)))
