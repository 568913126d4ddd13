"""How an activation or a loss may be called: its value and its slope."""

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.judge import roles
from tests.judge.source import Argument, Class, Function, Source
from tests.judge.words import (BACKWARD, CACHE, CONSTANT, FLAGS, FORWARD,
                               INPUT, OUTPUT, SMOOTHING, STORED,
                               STORED_SLOPE, TARGET, UPSTREAM, constant,
                               slope_names)


@dataclass(frozen=True)
class Call:
    """One way to get the value, or the slope.

    order: what the arguments are, as "input target upstream output".
    """

    name: str
    # "made": without arguments; "bare": its constructor is left out;
    # "not made": a static method
    made: str = ""
    method: str = ""
    order: tuple[str, ...] = ("input",)
    # an option that must be given, as "derivative": True
    flag: tuple[str, bool] | None = None
    # where the result lies, if it is not returned
    stored: str = ""
    library: str = "numpy"
    # the slope: another call, or "autograd", or the second result
    slope: "Call | None" = None
    autograd: bool = False
    second: bool = False
    # do the names of the arguments say what they are?
    sure: bool = True
    # argument and role: what the constructor wants, and what is given
    # by name
    build: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """loss(y_true, y_pred); gradient(y_true, y_pred)."""
        called = self.name
        if self.made:
            called += "()" if self.made == "made" else ""
            called += "" if self.method == "__call__" else f".{self.method}"
        arguments = [one for one in self.order if one not in CONSTANT]
        if self.flag:
            arguments.append(f"{self.flag[0]}={self.flag[1]}")
        called += f"({', '.join(arguments)})"
        if self.slope:
            return f"{called}; slope {self.slope}"
        if self.second:
            return f"{called}; the slope is its second result"
        return called + ("; slope by autograd" if self.autograd else "")


def values(source: Source, name: str, loss: bool,
           smooth: bool = False) -> list[Call]:
    """The calls that give the value, the likeliest first.

    smooth: what has the name of an amount of smoothing is one.
    """
    marks = SMOOTHING if smooth else []
    owner, _, method = name.partition(".")
    if owner in source.functions:
        found = source.functions[owner]
        options, rest = _options(found.arguments, marks)
        calls = [Call(name, order=order, flag=flag, sure=sure,
                      options=options)
                 for order, flag, sure in _values(rest, loss)]
        node = found.node
    else:
        inside = source.classes[owner]
        node = inside.node
        wanted = [method] if method else [
            one for one in FORWARD if one in inside.methods]
        calls = [replace(call, order=order, flag=flag, sure=sure)
                 for one in wanted
                 for call in _method(inside, inside.methods[one], False,
                                     marks)
                 for order, flag, sure in _values(
                     _arguments(inside.methods[one]), loss)]
    libraries = [source.library(node)]
    if source.uses_torch and libraries == ["numpy"]:
        # x.exp() needs no name of torch.
        uses_numpy = {one.id for one in ast.walk(node) if isinstance(
            one, ast.Name)} & {"np", "numpy", "math"}
        libraries.insert(len(uses_numpy), "torch")
    return [replace(call, library=library, autograd=library == "torch")
            for library in libraries for call in calls]


def slopes(source: Source, name: str, call: Call,
           loss: bool) -> list[Call]:
    """`call` with every slope that it may have."""
    owner, _, method = name.partition(".")
    found: list[Call] = []
    if owner in source.functions:
        here = source.functions[owner]
        found += _flagged(call, here.arguments)
        found += [Call(other, order=order, sure=sure)
                  for other in slope_names(owner, source.functions)
                  for order, sure in _slopes(
                      source.functions[other].arguments, loss)]
    else:
        inside = source.classes[owner]
        found += _flagged(call, _arguments(inside.methods[
            "forward" if call.method == "apply" else call.method]))
        wanted = (slope_names(method, inside.methods) if method else
                  [one for one in BACKWARD if one in inside.methods])
        found += [replace(one, order=order, sure=sure)
                  for other in wanted
                  for one in _method(inside, inside.methods[other], True)
                  for order, sure in _slopes(
                      _arguments(inside.methods[other]), loss)]
    # Where the output and the input fit, as for relu: the input.
    found.sort(key=lambda slope: "output" in slope.order)
    return [replace(call, autograd=False, slope=replace(
        slope, library=call.library)) for slope in found]


def _arguments(found: Function) -> list[Argument]:
    """Without self; a method may lack both `self` and @staticmethod."""
    named = found.node.args.posonlyargs + found.node.args.args
    if found.static or not named or named[0].arg in ("self", "cls",
                                                     "ctx", "_"):
        drop = found.static and bool(named) and named[0].arg == "ctx"
        return found.arguments[int(drop):]
    return [Argument(named[0].arg), *found.arguments]


def _flagged(call: Call, arguments: list[Argument]) -> list[Call]:
    """The same function with derivative=True."""
    return [replace(call, flag=(one.name, True),
                    order=(first, *call.order[1:]))
            for one in arguments if roles.plain(one.name) in FLAGS
            and one.default in ("", "False", "0", "None")
            for first in ((call.order[0],) if len(call.order) > 1
                          and "target" in call.order
                          else ("input", "output"))]


def _options(arguments: list[Argument], marks: list[str]) -> tuple[
        tuple[tuple[str, str], ...], list[Argument]]:
    """The amount of smoothing, given by name; the other arguments."""
    given = [one for one in arguments if roles.plain(one.name) in marks]
    return (tuple((one.name, "smoothing") for one in given[:1]),
            [one for one in arguments if one not in given[:1]])


def _method(owner: Class, found: Function, slope: bool,
            marks: list[str] = []) -> Iterator[Call]:
    given, rest = _options(owner.constructor.arguments
                           if owner.constructor else [], marks)
    needed = [one for one in rest
              if not one.default and not one.name.startswith("*")]
    build = given + tuple((one.name, constant(one.name)) for one in needed)
    marks = [getattr(mark, "id", "") for mark in getattr(
        found.node, "decorator_list", [])]
    named = found.node.args.posonlyargs + found.node.args.args
    bound = not found.static and bool(named) and named[0].arg in (
        "self", "cls", "_")
    made = ("not made" if not bound or "classmethod" in marks
            else "made" if all(role for _, role in build) else "bare")
    stored = "" if found.returned() else _stored(owner, slope)
    if not found.returned() and not stored and hasattr(found.node, "name"):
        return
    method = found.name
    if method == "forward" and named and named[0].arg == "ctx":
        method = "apply"
    yield Call(owner.name, made, method, stored=stored,
               build=build if made == "made" else ())


def _stored(owner: Class, slope: bool) -> str:
    """The attribute in which a method leaves its result."""
    names = {node.attr for node in ast.walk(owner.node)
             if isinstance(node, ast.Attribute)
             and isinstance(node.ctx, ast.Store)}
    return next((name for name in (STORED_SLOPE if slope else STORED)
                 if name in names), "")


def _needed(arguments: list[Argument], most: int) -> tuple[
        list[Argument], dict[str, str]]:
    """The arguments that must be given, and those of them that have a
    value that does no harm: as many as are more than `most`.
    """
    needed = [one for one in arguments
              if not one.default and not one.name.startswith("*")]
    known = {one.name: constant(one.name) for one in needed}
    known = {name: value for name, value in known.items() if value}
    for name in list(known):
        # n samples, or the prediction n? Only what is too much.
        if len(needed) - len(known) < min(most, len(needed)):
            known.pop(name)
    return needed, known


def _values(arguments: list[Argument], loss: bool) -> Iterator[tuple[
        tuple[str, ...], tuple[str, bool] | None, bool]]:
    """What the arguments may be, by their names or by their places."""
    flag = next(((one.name, False) for one in arguments[1:]
                 if not one.default and roles.plain(one.name) in FLAGS
                 and (not loss or len(arguments) > 2)), None)
    if flag:
        arguments = [one for one in arguments if one.name != flag[0]]
    needed, known = _needed(arguments, 2 if loss else 1)
    if len(needed) - len(known) < (2 if loss else 1):
        # All have defaults: the first are meant.
        needed = [one for one in arguments
                  if not one.name.startswith("*")][:2 if loss else 1]
        known = {}
    free = [one.name for one in needed if one.name not in known]
    for order, sure in _filled(free, loss):
        roles_ = iter(order)
        yield tuple(known.get(one.name) or next(roles_)
                    for one in needed), flag, sure


def _filled(free: list[str], loss: bool, strict: bool = False) -> list[
        tuple[tuple[str, ...], bool]]:
    if not loss:
        return [(("input",), True)] if len(free) == 1 else []
    if len(free) != 2:
        return []
    a, b = (roles.plain(one) for one in free)
    first = (a in TARGET) - (a in INPUT) - (b in TARGET) + (b in INPUT)
    orders = [("input", "target"), ("target", "input")]
    if first > 0:
        orders.reverse()
    if abs(first) == 2 and strict:
        return [(orders[0], True)]
    return [(orders[0], first != 0), (orders[1], False)]


def _slopes(arguments: list[Argument], loss: bool) -> Iterator[
        tuple[tuple[str, ...], bool]]:
    needed, known = _needed(arguments, 3 if loss else 2)
    free = [one.name for one in needed if one.name not in known]
    for order, sure in _slope_orders(
            [roles.plain(one) for one in free], loss):
        roles_ = iter(order)
        yield tuple(known.get(one.name) or next(roles_)
                    for one in needed), sure


def _slope_orders(free: list[str], loss: bool) -> Iterator[
        tuple[tuple[str, ...], bool]]:
    if loss:
        if len(free) == 2:
            for order, sure in _filled(free, True, True):
                yield order, sure
                yield tuple("probs" if one == "input" else one
                            for one in order), False
        elif len(free) == 3:
            for order in itertools.permutations(
                    ("upstream", "input", "target")):
                yield order, False
        elif len(free) == 1:
            yield ("upstream",), False
        else:
            yield (), True
        return
    if len(free) == 2:
        swapped = free[1] in UPSTREAM and free[0] not in UPSTREAM
        other = free[0] if swapped else free[1]
        seconds = ["input", "output", "cache"]
        if other in CACHE:
            seconds = ["cache", "input", "output"]
        elif other in OUTPUT:
            seconds = ["output", "input", "cache"]
        for second in seconds:
            pair = ("upstream", second)
            yield pair[::-1] if swapped else pair, False
    elif len(free) == 1:
        firsts = ["input", "output", "upstream"]
        if free[0] in UPSTREAM:
            firsts = ["upstream", "input", "output"]
        elif free[0] in OUTPUT:
            firsts = ["output", "input", "upstream"]
        for one in firsts:
            yield (one,), one == firsts[0]
    elif not free:
        yield (), True
