"""How an activation or a loss may be called: its value and its slope."""

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.judge import roles
from tests.judge.source import Class, Function, Source

FORWARD = ("__call__ forward fn call value activate compute apply loss "
           "calculate f function activation evaluate compute_loss "
           "get_loss cost __forward__ calc").split()
BACKWARD = ("backward gradient grad derivative prime deriv dfn df "
            "derivate derive delta d_loss backprop bprop slope "
            "compute_gradient get_grad calc_gradient dloss "
            "first_derivative loss_grad compute_derivative").split()
FLAGS = ("derivative deriv prime derive grad gradient der deriver "
         "derivate backward diff isderivative d").split()
# What a result may be stored in.
STORED = ("output", "out", "outputs", "y", "a")
STORED_SLOPE = ("dinputs", "dinput", "dx", "grad_input", "grad", "dout")
TARGET = ("y target targets t ytrue labels label actual truth ytrue gt "
          "true expected yactual onehot groundtruth ytrues real yt "
          "desired ybatch truelabels trueprobs yreal").split()
INPUT = ("ypred p pred prediction predictions output outputs logits x yhat "
         "a input inputs predicted z probs scores h out yhats q yp al "
         "predictedprobs net preds ypreds aout sigmoidoutput ypredicted "
         "probabilities").split()
UPSTREAM = ("dout dvalues grad gradient gradoutput upstream da delta dy "
            "dz dl outgrad gout accumgrad topgrad dh gradout error "
            "dupstream gradientoutput").split()


@dataclass(frozen=True)
class Call:
    """One way to get the value, and the slope if there is one.

    order: what the arguments are, as "input target upstream output".
    """

    name: str
    # the class is made without arguments, or not made at all
    made: str = ""
    method: str = ""
    order: tuple[str, ...] = ("input",)
    # an option that must be given, as "derivative": True
    flag: tuple[str, bool] | None = None
    # where the result lies, if it is not returned
    stored: str = ""
    library: str = "numpy"
    # the slope: another call, or "autograd"
    slope: "Call | None" = None
    autograd: bool = False

    def __str__(self) -> str:
        """loss(y_true, y_pred); gradient(y_true, y_pred)."""
        called = self.name
        if self.made:
            called += "()" if self.made == "made" else ""
            called += "" if self.method == "__call__" else f".{self.method}"
        arguments = ", ".join(self.order)
        if self.flag:
            arguments += f", {self.flag[0]}={self.flag[1]}"
        called += f"({arguments})"
        if self.slope:
            return f"{called}; slope {self.slope}"
        return called + ("; slope by autograd" if self.autograd else "")


def guesses(source: Source, name: str, kind: str,
            loss: bool) -> list[Call]:
    """The calls of a function, class or method, the likeliest first."""
    owner, _, method = name.partition(".")
    if owner in source.functions:
        found = source.functions[owner]
        calls = list(_function(source, found, loss, name))
        slopes = list(_companions(source, source.functions, owner, loss))
    elif method:
        inside = source.classes[owner]
        calls = list(_method(source, inside, inside.methods[method], loss))
        slopes = [slope for other in _slope_names(method, inside.methods)
                  for slope in _method(source, inside,
                                       inside.methods[other], loss,
                                       slope=True)]
    else:
        inside = source.classes[owner]
        calls = [call for one in FORWARD if one in inside.methods
                 for call in _method(source, inside, inside.methods[one],
                                     loss)]
        slopes = [slope for one in BACKWARD if one in inside.methods
                  for slope in _method(source, inside,
                                       inside.methods[one], loss,
                                       slope=True)]
    return [_with_slope(call, slope)
            for call in calls
            for slope in [*_flagged(source, call, owner, method),
                          *slopes, None]]


def _with_slope(call: Call, slope: Call | None) -> Call:
    if slope is not None:
        return replace(call, slope=slope)
    return replace(call, autograd=call.library == "torch")


def _flagged(source: Source, call: Call, owner: str,
             method: str) -> Iterator[Call]:
    """The same function with derivative=True."""
    found = (source.functions.get(owner) if not call.made else
             source.classes[owner].methods.get(method or call.method))
    for one in found.arguments if found else []:
        if roles.plain(one.name) in FLAGS and one.default in (
                "False", "0", "None"):
            # A flag of its own; the value is without it.
            for order in (("input",), ("output",)):
                yield replace(call, flag=(one.name, True), order=(
                    *order, *call.order[1:]))


def _function(source: Source, found: Function, loss: bool,
              name: str, slope: bool = False) -> Iterator[Call]:
    for order in _orders(found, loss, slope):
        yield Call(name, order=order, library=source.library(found.node))


def _method(source: Source, owner: Class, found: Function, loss: bool,
            slope: bool = False) -> Iterator[Call]:
    library = source.library(owner.node)
    needed = [one for one in (owner.constructor.arguments
                              if owner.constructor else [])
              if not one.default and not one.name.startswith("*")]
    made = "not made" if found.static else (
        "bare" if needed else "made")
    results = found.returned()
    stored = "" if results else _stored(owner, slope)
    if not results and not stored:
        return
    for order in _orders(found, loss, slope):
        yield Call(owner.name, made, found.name, order, stored=stored,
                   library=library)


def _stored(owner: Class, slope: bool) -> str:
    """The attribute in which a method leaves its result."""
    names = {node.attr for node in ast.walk(owner.node)
             if isinstance(node, ast.Attribute)
             and isinstance(node.ctx, ast.Store)}
    return next((name for name in (STORED_SLOPE if slope else STORED)
                 if name in names), "")


def _orders(found: Function, loss: bool,
            slope: bool) -> Iterator[tuple[str, ...]]:
    """What the arguments may be, by their names or by their places."""
    needed = [one.name for one in found.arguments if not one.default]
    # training, cache, axis: with a value that does no harm
    extra = [one for one in needed
             if roles.plain(one) in ("training", "train", "istraining")]
    needed = [one for one in needed if one not in extra]
    tail = ("true",) * len(extra)
    if not loss:
        if slope and len(needed) == 2:
            orders: list[tuple[str, ...]]
            short = [roles.plain(one) for one in needed]
            if short[1] in UPSTREAM and short[0] not in UPSTREAM:
                orders = [("input", "upstream"), ("output", "upstream")]
            else:
                orders = [("upstream", "input"), ("upstream", "output"),
                          ("upstream", "tuple")]
            yield from orders
        elif slope and len(needed) == 1:
            first = roles.plain(needed[0])
            one: list[tuple[str, ...]] = [
                ("input",), ("output",), ("upstream",)]
            if first in UPSTREAM:
                one = [("upstream",), ("input",), ("output",)]
            if first in ("y", "out", "output", "a", "s", "fx"):
                one = [("output",), ("input",), ("upstream",)]
            yield from one
        elif not needed and slope:
            yield ()
        elif len(needed) == 1:
            yield ("input", *tail)
        elif not needed and found.arguments:
            yield ("input",)
        return
    if len(needed) == 2:
        a, b = (roles.plain(one) for one in needed)
        forward = [("input", "target"), ("target", "input")]
        if (a in TARGET and b not in TARGET
                or b in INPUT and a not in INPUT):
            forward.reverse()
        yield from forward
    elif slope and len(needed) == 3:
        yield from itertools.permutations(("upstream", "input", "target"))
    elif slope and len(needed) == 1:
        yield ("upstream",)
    elif slope and not needed:
        yield ()


def _slope_names(name: str, names: object) -> list[str]:
    """sigmoid_prime, d_sigmoid, sigmoid_backward of sigmoid."""
    base = roles.plain(name)
    return [other for other in names  # type: ignore[attr-defined]
            if other != name and base in roles.plain(other)
            and roles.plain(other) != base
            and any(mark in roles.plain(other).replace(base, " ").split()
                    or roles.plain(other).replace(base, "") in (
                        mark, f"{mark}of")
                    for mark in (*FLAGS, "backward", "bwd", "bprop",
                                 "delta", "dv", "derivatives", "grads",
                                 "back", "slope", "dx"))]


def _companions(source: Source, functions: dict[str, Function],
                name: str, loss: bool) -> Iterator[Call]:
    for other in _slope_names(name, functions):
        yield from _function(source, functions[other], loss, other,
                             slope=True)
