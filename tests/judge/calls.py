"""How an activation or a loss may be called: its value and its slope."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.judge import roles
from tests.judge.orders import BIAS, of_slope, of_value
from tests.judge.source import Argument, Class, Function, Source
from tests.judge.words import (BACKWARD, CONSTANT, FLAGS, FORWARD,
                               SMOOTHING, STORED, STORED_SLOPE, constant,
                               slope_names)


@dataclass(frozen=True)
class Call:
    """One way to get the value, or the slope.

    order: what the arguments are, as "input target upstream output".
    """

    name: str
    # "made": without arguments; "bare": its constructor is left out;
    # "not made": a static method; "engine": of the input itself
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
            called += {"made": "()", "engine": "(input)"}.get(
                self.made, "")
            called += "" if self.method == "__call__" else f".{self.method}"
        arguments = [one for one in self.order
                     if one not in CONSTANT and one != "zero"]
        if "design" in arguments:
            # Of rows that are those of the identity.
            names = {"design": "X = 1", "input": "W"}
            arguments = [names.get(one, one) for one in arguments]
        if self.flag:
            arguments.append(f"{self.flag[0]}={self.flag[1]}")
        called += ("()" if self.made == "engine"
                   else f"({', '.join(arguments)})")
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
                 for order, flag, sure in of_value(rest, loss)]
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
                 for order, flag, sure in of_value(
                     _arguments(inside.methods[one]), loss)]
        if method and not loss and not calls:
            calls = _of_a_value(inside, inside.methods[method])
    if calls and calls[0].made == "engine":
        return calls
    libraries = [source.library(node)]
    if source.uses_torch and libraries == ["numpy"]:
        # x.exp() needs no name of torch.
        uses_numpy = {one.id for one in ast.walk(node) if isinstance(
            one, ast.Name)} & {"np", "numpy", "math"}
        libraries.insert(len(uses_numpy), "torch")
    return [replace(call, library=library, autograd=library == "torch")
            for library in libraries for call in calls]


# Options whose other values are no news.
MINOR = ("eps epsilon axis dim training train istraining keepdims keepdim "
         "out name dtype inplace device copy verbose debug").split()


def left_alone(source: Source, call: Call) -> list[str]:
    """The options of a function or a class that keep their defaults."""
    found: list[Argument] = []
    if call.name in source.functions:
        found = source.functions[call.name].arguments[len(call.order):]
    elif call.name in source.classes and call.made != "engine":
        owner = source.classes[call.name]
        method = owner.methods.get(
            "forward" if call.method == "apply" else call.method)
        found = owner.constructor.arguments[:] if owner.constructor and (
            call.made == "made") else []
        found += _arguments(method)[len(call.order):] if method else []
    given = {name for name, _ in call.build + call.options} | {
        one.flag[0] for one in (call, call.slope) if one and one.flag}
    return [one.name for one in found
            if one.default and one.name not in given
            and roles.plain(one.name) not in MINOR] + [
        one.name for one, role in zip(source.functions[call.name].arguments
                                      if call.name in source.functions
                                      else [], call.order)
        if role == "zero" and roles.plain(one.name) not in BIAS]


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
                  for order, sure in of_slope(
                      source.functions[other].arguments, loss)]
    else:
        inside = source.classes[owner]
        found += _flagged(call, _arguments(inside.methods[
            "forward" if call.method == "apply" else call.method]))
        wanted = (slope_names(method, inside.methods) if method else
                  [one for one in BACKWARD if one in inside.methods]
                  + slope_names(call.method, inside.methods))
        found += [replace(one, order=order, sure=sure)
                  for other in wanted
                  for one in _method(inside, inside.methods[other], True)
                  for order, sure in of_slope(
                      _arguments(inside.methods[other]), loss,
                      one.made in ("made", "bare"))]
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


def _of_a_value(owner: Class, found: Function) -> list[Call]:
    """Value(x).relu(): what is computed with is the object itself."""
    built = [one for one in (owner.constructor.arguments
                             if owner.constructor else [])
             if not one.default]
    if found.arguments or len(built) != 1 or found.static:
        return []
    return [Call(owner.name, "engine", found.name, autograd=True)]


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
