"""The readings that an optimiser's names suggest. Trials decide."""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from tests.judge import networks, roles, signature
from tests.judge.reading import PLURAL, Reading, adapter, attributes_of
from tests.judge.source import Class, Function, Source

# Methods that only tensors of torch have.
TORCH = re.compile(r"\w+[a-z]_$|clone$|detach$|addcmul$|addcdiv$|numel$")


def guesses(source: Source, name: str, kind: str) -> list[Reading]:
    """The readings of a class or a function, the most likely first.

    Those of a method, "Class.method", are some of its class's.
    """
    name, _, method = name.partition(".")
    if method:
        return [one for one in guesses(source, name, kind)
                if one.method == method]
    if name.startswith("judge_"):
        return [replace(adapter(name), library=source.library(
            source.functions[name].node))]
    if name in source.classes:
        found = list(_of_class(source, source.classes[name], kind))
    else:
        found = list(_of_function(source, source.functions[name], kind))
    found += [replace(one, handed=how) for how in signature.handed(
        source.nodes(name)) for one in found
        if one.scope == "each" and not one.shared]
    # t may be counted from 0 by the caller.
    found = [each for one in found for each in (
        (one, replace(one, first_t=0)) if "t" in one.takes() else (one,))]
    # What is returned is a direction only if it is no parameter.
    found.sort(key=lambda one: "direction" in one.returns
               and "param" in one.takes())
    found = [off for one in found for off in signature.schedules_off(
        source, name, one)]
    if source.uses_torch:
        found += [replace(one, library="torch") for one in found
                  if one.library != "torch"]
    arguments = [argument for one in (
        [source.functions[name]] if name in source.functions else
        source.classes[name].methods.values())
        for argument in one.arguments]
    if name in source.classes:
        arguments = signature.constructor(source.classes[name]) + arguments
    return list(dict.fromkeys(replace(
        one, defaults=signature.defaults(arguments, one))
        for one in found))


def library(source: Source, nodes: list[Class] | list[Function]) -> str:
    """What they compute with: "torch" or "numpy"."""
    for one in nodes:
        if source.library(one.node) == "torch" or any(
                isinstance(node, ast.Attribute) and TORCH.match(node.attr)
                and not node.attr.startswith("_")
                for node in ast.walk(one.node)
                if isinstance(node, ast.Attribute)
                and not (isinstance(node.value, ast.Name)
                         and node.value.id == "self")):
            return "torch"
    return "numpy"


def _of_class(source: Source, found: Class,
              kind: str) -> Iterator[Reading]:
    family = source.family(found)
    later = [one.name for method in found.methods.values()
             for one in method.arguments
             if roles.plain(one.name) in ("lr", "learningrate")]
    build = signature.of_constructor(signature.constructor(found), kind,
                                     later[:1])
    if build is None:
        return
    build += tuple((name, role) for name, role in signature.keywords(
        found, kind) if role not in {known for _, known in build})
    bases = {base for one in family for base in one.bases}
    step = found.methods.get("step")
    if step and any(base.split(".")[-1] == "Optimizer"
                    and {base, base.split(".")[0]} & source.torch_names
                    for base in bases):
        yield Reading(found.name, True, "torch", "torch", build,
                      _closure(step), method="step")
        return
    base = Reading(found.name, True, library(source, family), "each",
                   build, attributes=attributes_of(found, build, kind),
                   keys=signature.keys(found.constructor, build, kind)
                   if found.constructor else ())
    public = {name: method for name, method in found.methods.items()
              if not name.startswith("_") or name == "__call__"}
    base = replace(
        base, before=tuple(name for name in public
                           if name.startswith("pre_")),
        after=tuple(name for name in public if name.startswith("post_")))
    maker = next((name for name, method in public.items() if re.match(
        "(init|create|make|get|new)[a-z]*(_(state|optim|opt)\\w*)?$", name)
        and [roles.value(one.name) for one in method.arguments
             ] == ["param"]), "")
    base = replace(base, maker=maker)
    for name, late in _clocks(found).items():
        base = (replace(base, after=(*base.after, name)) if late else
                replace(base, before=(*base.before, name)))
    first = [(name, role) for name, method in public.items()
             if re.match("setup|set_param|set_model|register|init|build|"
                         "add_param|compile|prepare|attach", name)
             and len(method.arguments) == 1
             for _, role in signature.of_constructor(
                 method.arguments, kind) or ()
             if role in ("params", "model", "shape")]
    # What a method that can be called calls itself is no step.
    inner: set[str] = {*base.before, *base.after, *dict(first)}
    for name in sorted(public, key=_rank):
        if name in inner or _rank(name) > 50:
            continue
        method = public[name]
        readings = list(_of_call(base, method, kind, found))
        if first and not {"params", "model"} & base.builds():
            readings = list(_of_call(replace(
                base, first=tuple(first)), method, kind, found)) + readings
        if readings:
            inner |= method.attributes("self") & {*public}
        yield from readings


def _clocks(found: Class) -> dict[str, bool]:
    """Methods that count the steps, and nothing else: `self.t += 1`.

    The caller calls them before each step; after it if t starts at 1.
    """
    clocks = {}
    start = found.set_in_constructor()
    for name, method in found.methods.items():
        body = [one for one in getattr(method.node, "body", [])
                if not (isinstance(one, ast.Expr)
                        and isinstance(one.value, ast.Constant))]
        counts = not method.arguments and len(body) == 1 and re.fullmatch(
            r"self\.(\w+) (\+= 1|= self\.\1 \+ 1)", ast.unparse(body[0]))
        if counts:
            clocks[name] = start.get(counts[1]) == "1"
    return {name: late for name, late in clocks.items()
            if not name.startswith(("pre_", "post_"))}


def _closure(found: Function) -> tuple[tuple[str, str], ...]:
    """A closure, where the step asks for one."""
    return tuple((one.name, "closure") for one in found.arguments
                 if not one.default and "closure" in one.name)


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
    if any(word in short for word in (
            "zerograd", "statedict", "reset", "clip", "schedule",
            "getconfig", "getparams", "setlr", "save", "load")):
        return 99
    return 30 if any(word in short for word in
                     ("update", "step", "apply", "optim")) else 40


def _of_function(source: Source, found: Function,
                 kind: str) -> Iterator[Reading]:
    base = Reading(found.name, False, library(source, [found]), "each")
    yield from _of_call(base, found, kind, None)


def _of_call(base: Reading, found: Function, kind: str,
             owner: Class | None) -> Iterator[Reading]:
    """The readings of a method or a function."""
    needed = [one for one in found.arguments if not one.default]
    base = replace(base, method=found.name if owner else "")
    built = {role for _, role in base.build}
    known = built & {"params", "model", "layers"} or base.first
    closure = _closure(found)
    if known and len(needed) == len(closure):
        if built & {"model", "layers"}:
            yield from networks.readings(base, found, owner)
        for container in "list", "dict":
            for model in ("objects", "params") if base.first else ("",):
                yield replace(
                    base, scope="objects", container=container,
                    call=closure, state="model" if model == "objects"
                    else "zeros")
        return
    call = signature.of_call(found, kind)
    if call is None:
        return
    keys = base.keys or tuple(
        (key, role) for key, role in signature.keys(found, call, kind)
        if role not in built)
    base = replace(base, call=call, keys=keys,
                   filled=signature.filled(found, keys))
    has = {role for _, role in call}
    if "slope" in has:
        yield from _loop(base, found)
    elif has & {"layer", "layers", "model"} and not has & {"param", "grad"}:
        yield from networks.readings(base, found, owner)
        if "model" in has:
            yield replace(base, scope="all objects")
    elif "pairs" in has:
        for container in "params first", "grads first":
            yield replace(base, scope="all", container=container)
    elif "grad" in has:
        plural = any(roles.plain(name) in PLURAL for name, role in call
                     if role in ("param", "grad"))
        each = _scoped(base, found, "each")
        all_ = _scoped(base, found, "all")
        for several, one in itertools.zip_longest(
                *((all_, each) if plural else (each, all_))):
            yield from (reading for reading in (several, one) if reading)
    elif "param" in has:
        # Objects that carry their gradient, one or a list of them.
        for scope in ("object", "all objects"):
            yield from _scoped(base, found, scope)


def _loop(base: Reading, found: Function) -> Iterator[Reading]:
    """A whole training, that asks for one gradient in each step."""
    roles_ = {role: name for name, role in base.call}
    if {"param", "count"} <= {*roles_} and found.calls(
            roles_["slope"]) == 1:
        stops = any(isinstance(node, ast.Break)
                    for node in ast.walk(found.node))
        for returns in signature.results(found, base.call):
            if "param" in returns:
                yield replace(base, scope="loop", returns=returns,
                              stops=stops)


def _scoped(base: Reading, found: Function,
            scope: str) -> Iterator[Reading]:
    """With every kind of state, container and result that may be meant.
    """
    has = {role for _, role in base.call}
    several = scope.startswith("all")
    states = ["zeros"]
    if has & {*signature.STATES, "config"}:
        states = ["zeros", "empty", "none", *["pairs"] * several,
                  *["filled"] * bool("config" in has and base.filled)]
    parts = signature.unpacked(found, base.call)
    if parts:
        states, base = ["tuple"], replace(base, filled=parts)
    elif "config" in has and base.maker:
        states = ["made", *states]
    dicts = found.strings or any(
        word in found.attributes(name) for name, role in base.call
        if role in ("param", "grad") for word in ("keys", "items"))
    containers = ["list"]
    if several:
        containers = ["dict", "list"] if dicts else ["list", "dict"]
        containers += ["pairs", "dicts"]
    shared = [False]
    if base.is_class and not several:
        shared = [True, False] if "key" in has else [False, True]
        if any(role == "key" and found.picks_by(name)
               for name, role in base.call):
            # It has a state for each: the object is for all.
            shared = [True]
    results = [*signature.results(found, base.call)]
    if "params" in base.builds() and "param" not in has:
        # They may be changed in place, and returned for convenience.
        results.insert(0, ())
    for state, container, one, returns in itertools.product(
            states, containers, shared, dict.fromkeys(results)):
        if returns == ("",):
            returns = ()
        yield from signature.moves(replace(
            base, scope=scope, state=state, container=container,
            shared=one, returns=returns))
