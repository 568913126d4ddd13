"""The readings that an optimiser's names suggest. Trials decide."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

from tests.judge import roles
from tests.judge.reading import (PLURAL, Pairs, Reading, adapter,
                                 attributes_of)
from tests.judge.source import Argument, Class, Function, Source


def guesses(source: Source, name: str, kind: str) -> list[Reading]:
    """The readings of a class or a function, the most likely first."""
    if name.startswith("judge_"):
        return [replace(adapter(name), library=source.library(
            source.functions[name].node))]
    if name in source.classes:
        found = list(_of_class(source, source.classes[name], kind))
    else:
        found = list(_of_function(source, source.functions[name], kind))
    # t may be counted from 0 by the caller.
    found += [replace(one, first_t=0) for one in found
              if "t" in [role for _, role in one.call]]
    return list(dict.fromkeys(found))


def _of_class(source: Source, found: Class,
              kind: str) -> Iterator[Reading]:
    library = source.library(found.node)
    if any(base.split(".")[-1] == "Optimizer"
           and {base, base.split(".")[0]} & source.torch_names
           for base in found.bases):
        build = _build(found, kind)
        if build is not None:
            yield Reading(found.name, True, "torch", "torch", build,
                          method="step")
        return
    build = _build(found, kind)
    if build is None:
        return
    base = Reading(found.name, True, library, "each", build,
                   attributes=attributes_of(found, build, kind))
    public = {name: method for name, method in found.methods.items()
              if not name.startswith("_") or name == "__call__"}
    base = replace(
        base, before=tuple(name for name in public
                           if name.startswith("pre_")),
        after=tuple(name for name in public if name.startswith("post_")))
    for name in sorted(public, key=_rank):
        if name in (*base.before, *base.after) or _rank(name) > 50:
            continue
        yield from _of_call(base, public[name], kind, found)


def _rank(name: str) -> int:
    """Which method is the step? The smaller the likelier."""
    order = ("step", "update", "updateparams", "applygradients",
             "updateparameters", "updateweights", "call", "apply",
             "optimize", "optimise", "getupdate", "getupdates",
             "updateone", "computeupdate", "applygrad", "run", "adjust",
             "updateparam", "updatesingle", "calculatechange")
    short = roles.plain(name)
    if short in order:
        return order.index(short)
    if any(word in short for word in ("zerograd", "statedict", "reset",
                                      "setup", "init", "register",
                                      "addparam", "clip", "schedule")):
        return 99
    return 30 if any(word in short for word in
                     ("update", "step", "apply", "optim")) else 40


def _build(found: Class, kind: str) -> Pairs | None:
    """The constructor's arguments; None if one means nothing to us."""
    if found.constructor is None:
        return ()
    pairs = _arguments(found.constructor.arguments, kind, {
        "params": ("params parameters parameterlist modelparams variables "
                   "paramlist weights parametergroup theta paramsdict"),
        "model": "model net network",
        "shape": "shape size wshape dim dims paramshape ndim"})
    return pairs


def _arguments(arguments: list[Argument], kind: str,
               others: dict[str, str]) -> Pairs | None:
    """argument -> option or role; None if a needed one is unknown."""
    known = roles.options([one.name for one in arguments], kind)
    pairs = []
    for one in arguments:
        role = known.get(one.name, "")
        if not role:
            short = roles.plain(one.name)
            role = next((role for role, names in others.items()
                         if short in names.split()), "")
        if role:
            pairs.append((one.name, role))
        elif not one.default and not one.name.startswith("*"):
            return None
    return tuple(pairs)


def _of_function(source: Source, found: Function,
                 kind: str) -> Iterator[Reading]:
    base = Reading(found.name, False, source.library(found.node), "each")
    yield from _of_call(base, found, kind, None)


def _of_call(base: Reading, found: Function, kind: str,
             owner: Class | None) -> Iterator[Reading]:
    """The readings of a method or a function."""
    needed = [one for one in found.arguments if not one.default]
    base = replace(base, method=found.name if owner else "")
    built = {role for _, role in base.build}
    if not needed and built & {"params", "model"}:
        yield from _step(base, found)
        return
    known = _roles(found, kind, built, base.is_class)
    if known is None:
        return
    base = replace(base, call=known, keys=_keys(found, known, kind))
    has = {role for _, role in known}
    if "layer" in has and not has & {"param", "grad"}:
        yield from _layers(base, found)
    elif "grad" in has:
        plural = any(roles.plain(name) in PLURAL for name, role in known
                     if role in ("param", "grad"))
        each, all_ = _scoped(base, found, "each"), _scoped(
            base, found, "all")
        for several, one in itertools.zip_longest(
                *((all_, each) if plural else (each, all_))):
            yield from (reading for reading in (several, one) if reading)
    elif "param" in has:
        # Objects that carry their gradient, one or a list of them.
        for scope in ("object", "all objects"):
            yield from _scoped(base, found, scope)


def _step(base: Reading, found: Function) -> Iterator[Reading]:
    for container in "list", "dict":
        yield replace(base, scope="objects", container=container)


def _roles(found: Function, kind: str, built: set[str],
           is_class: bool) -> Pairs | None:
    """The roles of a call; None if a needed argument has none."""
    names = [one.name for one in found.arguments]
    # b and e of Adam are beta and epsilon, w and b are parameters.
    reserved = {"b", "t", "v", "m", "s", "w", "g"} & set(names)
    options = roles.options(
        [name for name in names if name not in reserved], kind)
    pairs: list[tuple[str, str]] = []
    for one in found.arguments:
        role = "" if built & {options.get(one.name)} - {None} \
            else options.get(one.name, "")
        if not role:
            role = roles.value(one.name)
        taken = {taken for _, taken in pairs}
        if role in taken and role == "m" and "v" not in taken:
            role = "v"
        if role and role not in taken:
            pairs.append((one.name, role))
        elif not one.default and not one.name.startswith("*"):
            return None
    taken = {role for _, role in pairs}
    if "v" in taken and "m" not in taken and kind in ("Adam", "AdamW"):
        # m, v and s: Adam's first moment may be called v.
        pairs = [(name, "m" if role == "v" else role)
                 for name, role in pairs]
    return tuple(pairs)


def _keys(found: Function, known: Pairs, kind: str) -> Pairs:
    """key -> option, if the options come in a dict."""
    if "config" not in {role for _, role in known}:
        return ()
    return tuple(roles.options(sorted(found.strings), kind).items())


def _scoped(base: Reading, found: Function,
            scope: str) -> Iterator[Reading]:
    """With every kind of state, container and result that may be meant.
    """
    has = {role for _, role in base.call}
    states = [""]
    if has & {"m", "v", "config"}:
        states = (["zeros", "empty", "none", "pairs"]
                  if scope.startswith("all")
                  else ["zeros", "empty", "none"])
    dicts = found.strings or any(
        word in found.attributes(name) for name, role in base.call
        if role in ("param", "grad") for word in ("keys", "items"))
    containers = [""]
    if scope.startswith("all"):
        containers = ["dict", "list"] if dicts else ["list", "dict"]
    shared = [False]
    if base.is_class and scope in ("each", "object"):
        shared = [True, False] if "key" in has else [False, True]
    for state, container, one in itertools.product(states, containers,
                                                   shared):
        yield replace(base, scope=scope, state=state or "zeros",
                      container=container or "list", shared=one,
                      returns=_returns(found, base, scope))


def _returns(found: Function, base: Reading,
             scope: str) -> tuple[str, ...]:
    """What the parts of the result are."""
    results = [one for one in found.returned()
               if one != ["self"] and one != [""] or scope != "x"]
    if not results:
        return ()
    names = max(results, key=len)
    has = [role for _, role in base.call]
    given = dict(base.call)
    back = []
    for i, name in enumerate(names):
        role = given.get(name, "") or (
            roles.value(name.removeprefix("new_").removeprefix("next_"))
            if name else "")
        if role in ("grad", "") or role in back:
            role = ""
        if not role and i == 0:
            role = "param" if "param" in has else "direction"
        if i == 0 and role not in ("param", "b"):
            role = "param" if "param" in has else "direction"
        back.append(role)
    # What is left over, in the order of the arguments.
    rest = [role for role in has if role in ("b", "m", "v", "vmax",
                                             "config", "t")
            and role not in back]
    return tuple(role or (rest.pop(0) if rest else "") for role in back)


def _layers(base: Reading, found: Function) -> Iterator[Reading]:
    """A layer's attributes: weights, dweights, biases, dbiases."""
    name = next(name for name, role in base.call if role == "layer")
    used = {roles.plain(one): one for one in found.attributes(name)}

    def pick(*choices: str) -> str:
        return next((used[one] for one in choices if one in used), "")

    weight = pick("weights", "w", "weight", "kernel")
    grad = pick("dweights", "dw", "gradweights", "weightsgrad",
                "weightgrad", "gradw", "dweight", "wgrad")
    bias = pick("biases", "b", "bias")
    bias_grad = pick("dbiases", "db", "gradbias", "biasgrad", "dbias",
                     "gradb", "biasesgrad", "bgrad", "gradbiases")
    if weight and grad:
        for shared in True, False:
            yield replace(base, scope="layer", shared=shared, layer=(
                weight, grad, bias, bias_grad))
