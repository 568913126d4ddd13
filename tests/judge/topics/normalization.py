"""batch_norm and layer_norm: a function, or a class with forward.

A batch is normalised in training, then a second one in evaluation, with
the statistics of the person's own layer, if it has any.
"""

import importlib
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tests.judge import roles
from tests.judge.functions import Array, apart, differs
from tests.judge.objects import array
from tests.judge.process import Process
from tests.judge.roles import Name
from tests.judge.source import Argument, Class, Function, Source
from tests.judge.switchboard import Switch, explain, family
from tests.judge.verdict import (BUG, CONVENTION, DIFFERENT, EQUAL, RAISES,
                                 Verdict)

ROLES = {role: names.split() for role, names in {
    "x": "x input inputs inp data batch z xs",
    "weight": "weight gamma g scale w gain a2",
    "bias": "bias beta b shift offset b2",
    "mean": "runningmean movingmean rm runmean mean mu",
    "var": "runningvar movingvar rv runvar runningvariance movingvariance",
    "eps": "eps epsilon e", "momentum": "momentum mom alpha decay",
    "training": "training train istraining mode",
    "size": "numfeatures features dim d size hiddensize nfeatures dmodel "
            "normalizedshape ndim c channels numchannels hidden shape n "
            "normshape parametersshape"}.items()}
X = np.array([[1.0, 0.1, 3.0], [2.0, 0.15, -1.0], [4.0, 0.08, 0.5],
              [-1.0, 0.12, 2.0]])
NEW = np.array([[2.5, 0.2, 1.0], [0.0, 0.3, -2.0]])
WEIGHT, BIAS = np.array([2.0, -1.0, 0.5]), np.array([0.5, 1.0, -2.0])
EPS, MOMENTUM = 1e-3, 0.25
bug, convention = "bug", "convention"
BOTH = [
    Switch("variance-of-a-sample", "divisor", "n - 1", bug,
           "A variance is divided by n - 1, as std() does."),
    Switch("eps-outside-the-root", "root", "outside", bug,
           "It only keeps the divisor from 0."),
    Switch("eps-left-out", "root", "none", bug,
           "No standard deviation of real data is 0."),
    Switch("square-for-root", "root", "square", bug,
           "A power turns a variance into a standard deviation."),
    Switch("divided-by-the-variance", "root", "no root", bug,
           "The variance is the spread."),
    Switch("weight-before-the-mean", "weight", "first", bug,
           "The weight multiplies the input, as in every layer."),
    Switch("statistics-of-all", "axis", "all", convention,
           "One mean for the whole batch."),
    *family([1e-12, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3], "eps-of-its-own", "eps",
            convention, "Another small number under the root.")]
BATCH = [
    *BOTH,
    Switch("batch-norm-of-rows", "axis", "other", bug,
           "Each row is normalised."),
    Switch("running-variance-of-the-batch", "running", "biased", bug,
           "It is the variance that has just been divided by."),
    Switch("momentum-the-other-way-round", "momentum", "kept", bug,
           "Momentum is what is kept, as in SGD."),
    Switch("evaluation-with-batch-statistics", "evaluation", "batch", bug,
           "A layer does the same in training and afterwards.")]
LAYER = [*BOTH, Switch(
    "layer-norm-over-the-batch", "axis", "other", bug,
    "Statistics are taken over the first axis, as in batch_norm.")]


@dataclass(frozen=True)
class Norm:
    """The kind; how it is read, judged and named."""

    name: str
    against: str
    axis: int
    prevails: bool = True
    judged_by: ClassVar[str] = __name__


KINDS = {"batch_norm": Norm("batch_norm", "torch.nn.functional.batch_norm", 0),
         "layer_norm": Norm("layer_norm", "torch.nn.functional.layer_norm",
                            1)}


def recognise(name: Name) -> list[Norm]:
    """batchnorm_forward, BatchNorm1d, LayerNormalization."""
    if name.has("backward", "grad", "bwd", "derivative", "train", "2d", "3d"):
        return []
    return [KINDS[f"{kind}_norm"] for kind in ("batch", "layer")
            if name.has(f"{kind}norm")]


def right(kind: Norm, plan: dict[str, Any], s: dict[str, Any]) -> list[Array]:
    """y in training; for batch_norm also mean, var and y afterwards."""
    eps = s.get("eps", plan["eps"])
    weight = WEIGHT if plan["affine"] else np.ones(3)
    bias = BIAS if plan["affine"] else np.zeros(3)
    axis = {"other": 1 - kind.axis, "all": None}.get(s.get("axis"), kind.axis)

    def moments(x: Array) -> tuple[Array, Array]:
        n = x.size if axis is None else x.shape[axis]
        square = x.var(axis=axis, keepdims=True)
        return (x.mean(axis=axis, keepdims=True),
                square * n / (n - 1) if s.get("divisor") else square)

    def output(x: Array, mean: Array, var: Array) -> Array:
        first = s.get("weight") == "first"
        std = {"outside": np.sqrt(var) + eps, "none": np.sqrt(var),
               "square": (var + eps) ** 2, "no root": var + eps}.get(
                   s.get("root", ""), np.sqrt(var + eps))
        z = ((weight * x if first else x) - mean) / std
        return (z if first else weight * z) + bias

    mean, var = moments(WEIGHT * X if s.get("weight") and plan["affine"]
                        else X)
    found = [output(X, mean, var)]
    if kind.axis or not plan["running"] or axis != 0:
        return found
    m = plan["momentum"]
    m = 1 - m if s.get("momentum") else m
    n = len(X)
    unbiased = var if s.get("running") or s.get("divisor") else var * n / (
        n - 1)
    mean = (1 - m) * plan["start"][0] + m * mean[0]
    var = (1 - m) * plan["start"][1] + m * unbiased[0]
    later = moments(NEW) if s.get("evaluation") else (mean, var)
    return [*found, mean, var, output(NEW, *later)]


# Runs in the child.

def drive(person: Any, name: str, form: dict[str, Any], library: str,
          guard: Any) -> Any:
    """What it returns in training and in evaluation, and its state."""
    return guard(_run, person.find(name), form, library)


def _run(target: Any, form: dict[str, Any], library: str) -> Any:
    torch: Any = (importlib.import_module("torch") if library == "torch"
                  else None)
    if torch:
        torch.set_default_dtype(torch.float64)

    def native(value: Array) -> Any:
        return torch.tensor(value) if torch else value.copy()

    given = {"weight": native(WEIGHT), "bias": native(BIAS), "eps": EPS,
             "momentum": MOMENTUM, "mean": native(np.zeros(3)),
             "var": native(np.ones(3)), "size": 3, "training": True}
    call, made = target, None
    if form["class"]:
        made = target(*[given[role] for role in form["build"]])
        for role in ("weight", "bias"):
            name = next((one for one in vars(made) | dict(getattr(
                made, "_parameters", {})) if roles.plain(one)
                in ROLES[role]), "")
            if name:
                own = getattr(made, name)
                (own.data if torch else own)[...] = given[role].reshape(
                    own.shape)
        call = made if callable(made) else made.forward

    def one(x: Array, training: bool) -> list[Any]:
        given.update(x=native(x), training=training)
        result = call(*[given[role] for role in form["call"]])
        parts = list(result) if isinstance(result, tuple | list) else [result]
        state = [part for part in parts[1:] if np.size(array(part)) == 3]
        if len(state) > 1 and not made:
            given.update(mean=state[0], var=state[1])
        return [array(parts[0])]

    found = one(X, True)
    if not form["running"]:
        return found
    state = [given["mean"], given["var"]]
    if made:
        everything = vars(made) | dict(getattr(made, "_buffers", {}))
        state = [next(value for key, value in everything.items()
                      if roles.plain(key) in ROLES[role][:4] + ROLES[role][5:])
                 for role in ("mean", "var")]
        if "training" not in form["call"]:
            if hasattr(made, "eval"):
                made.eval()
            else:
                made.training = made.train = False
    kept = [array(value).reshape(3).copy() for value in state]
    return [*found, *kept, *one(NEW, False)]


# Runs in the judge.

def _roles(arguments: list[Argument]) -> list[str] | None:
    """What each argument gets; unknown ones at the end keep defaults."""
    found = []
    for one in arguments:
        role = next((role for role, names in ROLES.items()
                     if roles.plain(one.name) in names), "")
        if not role and one.default:
            break
        if not role:
            return None
        found.append(role)
    return found


def _form(kind: Norm, found: Class | Function) -> dict[str, Any] | None:
    build: list[str] | None = []
    owner, method = None, None
    if isinstance(found, Class):
        owner = found
        method = owner.methods.get("forward") or owner.methods.get("__call__")
        if owner.constructor:
            build = _roles(owner.constructor.arguments)
        if build is None or method is None:
            return None
    else:
        method = found
    call = _roles(method.arguments)
    if not call or "x" not in call:
        return None
    held = {*call}
    if owner and owner.constructor:
        # an attribute, or a buffer's name
        names = {*owner.set_in_constructor(), *owner.constructor.strings}
        held = {role for role in ("mean", "var") for one in names
                if roles.plain(one) in ROLES[role]}
    state = not kind.axis and {"mean", "var"} <= held
    return {"class": bool(owner), "build": build, "call": call,
            "running": state and (owner is not None or "training" in call)}


def judge(source: Source, name: str, kinds: list[Norm],
          process: Process) -> Verdict:
    """Run it on two batches; search the switches that explain it."""
    kind = kinds[0]
    verdict = Verdict(f"{source.path.name}:{name}", kind.against)
    found = source.classes.get(name) or source.functions.get(name)
    form = _form(kind, found) if found else None
    if form is None:
        verdict.findings = ["no way to call it was found"]
        return verdict
    verdict.read_as = (f"{name}({', '.join(form['build'])})" if form["class"]
                       else name) + f"({', '.join(form['call'])})"
    answer = process.ask(__name__, name, form, source.library(found.node))
    if isinstance(answer, dict):
        verdict.status = RAISES
        verdict.findings = [f"{answer['error']} ({answer['at']})"]
        return verdict
    named = {*form["call"], *form["build"]}
    plan = {"eps": EPS if "eps" in named else 1e-5,
            "momentum": MOMENTUM if "momentum" in named else 0.1,
            "running": form["running"], "start": (0.0, 1.0),
            "affine": form["class"] or "weight" in named}

    def agrees(s: dict[str, Any]) -> bool:
        expected = right(kind, plan, s)
        return len(expected) == len(answer) and not any(
            differs(mine, one, 1e-9, 1e-12) is not None
            for mine, one in zip(answer, expected))

    if agrees({}):
        verdict.status = EQUAL
        return verdict
    verdict.names = explain(LAYER if kind.axis else BATCH, agrees, 2)
    verdict.status = DIFFERENT
    if verdict.names:
        verdict.status = (BUG if any(one.nature == bug
                                     for one in verdict.names[0])
                          else CONVENTION)
    for what, mine, one in zip(("y", "running mean", "running var",
                                "y in evaluation"), answer,
                               right(kind, plan, {})):
        place = differs(mine, one, 1e-9, 1e-12)
        if place is not None and np.shape(mine) == np.shape(one):
            i = int(np.abs(mine - one).argmax())
            yours, torchs = apart(mine.flat[i], one.flat[i])
            verdict.example = f"{what}: yours {yours}, torch {torchs}"
            break
    return verdict
