"""batch_norm and layer_norm: a function, or a class with forward.

A batch is normalised in training, then a second one in evaluation, with
the statistics of the person's own layer, if it has any. It is (n, c),
and then images, (n, c, h, w), if the code takes them.
"""

from typing import Any

import numpy as np

from tests.judge import roles
from tests.judge.drive_norm import ROLES
from tests.judge.functions import Array, apart, differs
from tests.judge.norms import (BATCH, EPS, IMAGES, KINDS, LAYER, LEAKS,
                               MOMENTUM, NEW, NEW_IMAGES, X, Norm, given_to,
                               right)
from tests.judge.process import Process
from tests.judge.roles import Name
from tests.judge.source import Argument, Class, Function, Source
from tests.judge.switchboard import explain
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 RAISES, Verdict)

DRIVER = "tests.judge.drive_norm"
# A size of this name is a list.
SHAPES = "normalizedshape normshape parametersshape shape".split()


def recognise(name: Name) -> list[Norm]:
    """batchnorm_forward, BatchNorm1d, LayerNormalization."""
    if name.has("backward", "grad", "bwd", "derivative", "train", "2d", "3d"):
        return []
    return [KINDS[f"{kind}_norm"] for kind in ("batch", "layer")
            if name.has(f"{kind}norm")]


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
    arguments = [*method.arguments, *(
        owner.constructor.arguments if owner and owner.constructor else [])]
    return {"class": bool(owner), "build": build, "call": call,
            "shape": any(roles.plain(one.name) in SHAPES
                         for one in arguments),
            "running": state and (owner is not None or "training" in call)}


def judge(source: Source, name: str, kinds: list[Norm],
          process: Process) -> Verdict:
    """Run it on two batches; search the switches that explain it."""
    kind = kinds[0]
    verdict = Verdict(f"{source.path.name}:{name}", kind.against)
    found = source.classes.get(name) or source.functions.get(name)
    form = _form(kind, found) if found else None
    if form is None or found is None:
        verdict.findings = ["no way to call it was found"]
        return verdict
    verdict.read_as = (f"{name}({', '.join(form['build'])})" if form["class"]
                       else name) + f"({', '.join(form['call'])})"
    library = source.library(found.node)

    def ask(given: dict[str, Any], **options: bool) -> Any:
        return process.ask(DRIVER, name, form | options, library, given)

    rows = given_to(X, NEW, [3] if form["shape"] else 3, (3,))
    answer = ask(rows)
    if isinstance(answer, dict) and form["shape"]:
        number = rows | {"size": 3}
        other = ask(number)
        if not isinstance(other, dict):
            rows, answer = number, other
    if isinstance(answer, dict):
        verdict.status = RAISES
        verdict.findings = [f"{answer['error']}{answer['at']}"]
        return verdict
    named = {*form["call"], *form["build"]}
    plan = {"eps": EPS if "eps" in named else 1e-5,
            "momentum": MOMENTUM if "momentum" in named else 0.1,
            "running": form["running"],
            "affine": form["class"] or "weight" in named}
    pairs = [(rows, answer)]
    wide = "four axes" if kind.axis else "images (n, c, h, w)"
    images, taken, sure = _images(kind, form, rows["size"], plan, ask)
    if sure:
        pairs.append((images, taken))
    _tell(verdict, kind, plan, pairs, wide)
    if isinstance(taken, dict):
        verdict.notes.append(f"judged on (n, c) only: on {wide} it raises "
                             f"{taken['error']}")
    elif verdict.status == EQUAL and not sure:
        told = _apart(right(kind, plan, {}, images), taken)
        if told:
            verdict.status = BUT
            verdict.findings = [f"not on {wide}: {told}"]
    elif sure and images["mean"] is None and form["running"]:
        verdict.status = BUT if verdict.status == EQUAL else verdict.status
        verdict.findings.append("with running statistics it does not take "
                                f"{wide}")
    if verdict.status in (EQUAL, BUT) and form["running"] and (
            library == "torch"):
        _leaks(verdict, ask(rows, gradient=True))
    return verdict


def _images(kind: Norm, form: dict[str, Any], size: Any,
            plan: dict[str, Any], ask: Any) -> tuple[Any, Any, bool]:
    """Images in a form that it takes, the answer; are they meant for it?

    What has no weight takes any shape, and so has (1, c, 1, 1) any.
    """
    if kind.axis and np.ndim(size):
        ways = [(given_to(IMAGES, NEW_IMAGES, [3, 2, 2], (3, 2, 2)), True)]
    elif kind.axis:
        x, new = (np.moveaxis(one, 1, 3) for one in (IMAGES, NEW_IMAGES))
        ways = [(given_to(x, new, size, (3,)), False)]
    else:
        ways = [(given_to(IMAGES, NEW_IMAGES, size, (3,)), plan["affine"])]
        if not form["class"]:
            ways += [({**ways[0][0], "mean": None, "var": None},
                      plan["affine"]),
                     (given_to(IMAGES, NEW_IMAGES, size, (1, 3, 1, 1)),
                      False)]
    first: Any = None
    for given, sure in ways:
        answer = ask(given, running=form["running"]
                     and given["mean"] is not None)
        if not isinstance(answer, dict):
            return given, answer, sure
        first = first or answer
    return None, first, False


def _tell(verdict: Verdict, kind: Norm, plan: dict[str, Any],
          pairs: list[tuple[dict[str, Any], list[Array]]],
          wide: str) -> None:
    """The verdict on all answers, and an example."""
    def agrees(s: dict[str, Any]) -> bool:
        return not any(_apart(right(kind, plan, s, given), answer)
                       for given, answer in pairs)

    verdict.status = EQUAL
    if agrees({}):
        return
    verdict.names = explain(LAYER if kind.axis else BATCH, agrees, 2)
    verdict.status = DIFFERENT
    if verdict.names:
        verdict.status = (BUG if any(one.nature == "bug"
                                     for one in verdict.names[0])
                          else CONVENTION)
    for given, answer in pairs:
        told = _apart(right(kind, plan, {}, given), answer)
        if told:
            verdict.example = (f"on {wide}: " if given["x"].ndim == 4
                               else "") + told
            break


def _apart(expected: list[Array], answer: list[Array]) -> str:
    """The first difference; "" if there is none."""
    if len(expected) != len(answer):
        return "other"
    for what, mine, one in zip(("y", "running mean", "running var",
                                "y in evaluation"), answer, expected):
        if differs(mine, one, 1e-9, 1e-12) is None:
            continue
        if np.shape(mine) != np.shape(one):
            return f"{what}: yours has shape {np.shape(mine)}, torch " \
                f"{np.shape(one)}"
        i = int(np.abs(mine - one).argmax())
        yours, torchs = apart(mine.flat[i], one.flat[i])
        return f"{what}: yours {yours}, torch {torchs}"
    return ""


def _leaks(verdict: Verdict, answer: Any) -> None:
    """Do the running tensors require a gradient if the input does?"""
    if isinstance(answer, dict):
        verdict.notes.append("not judged where the input requires a "
                             f"gradient: it raises {answer['error']}")
    elif any(answer):
        verdict.status, verdict.names = BUG, [(LEAKS,)]
        verdict.example = "the running tensors require a gradient"
