"""What the arguments of a function are, by their names and places."""

import itertools
from collections.abc import Iterator

from tests.judge import roles
from tests.judge.source import Argument
from tests.judge.words import (CACHE, FLAGS, INPUT, OUTPUT, TARGET, UPSTREAM,
                               constant)


# A loss of a whole linear model: loss(W, X, y). With X = 1 its scores
# are W itself.
DESIGN = "x xtrain features xbatch xdata inputs feature xs".split()
WEIGHTS = ("w theta weights weight beta params coef wt thetas ws "
           "parameters").split()
# What is 0 where it does no harm: no penalty, no bias.
NOTHING = ("reg regularization regularizationstrength regstrength lambd "
           "lambda l2 lambdaval lmbda l2reg").split()
BIAS = "b bias b0 intercept".split()


def _needed(arguments: list[Argument], most: int) -> tuple[
        list[Argument], dict[str, str]]:
    """The arguments that must be given, and those of them that have a
    value that does no harm: as many as are more than `most`.
    """
    needed = [one for one in arguments
              if not one.default and not one.name.startswith("*")]
    known = {one.name: constant(one.name) for one in needed}
    known |= {one.name: "zero" for one in needed[1:] if roles.plain(
        one.name) in NOTHING + BIAS}
    known = {name: value for name, value in known.items() if value}
    for name in list(known):
        # n samples, or the prediction n? Only what is too much.
        spare = len(needed) - len(known) >= min(most, len(needed))
        if known[name] in ("count", "classes", "one") and not spare:
            known.pop(name)
    return needed, known


def of_value(arguments: list[Argument], loss: bool) -> Iterator[tuple[
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
    if len(free) == 3:
        return _of_model(free)
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


def _of_model(free: list[str]) -> list[tuple[tuple[str, ...], bool]]:
    """loss(W, X, y), in any order, if the names say so."""
    tables = {"design": DESIGN, "input": WEIGHTS, "target": TARGET}
    order = tuple(next((role for role, names in tables.items()
                        if roles.plain(one) in names), "") for one in free)
    return [(order, True)] if {*order} == {*tables} else []


def of_slope(arguments: list[Argument], loss: bool, method: bool = False
             ) -> Iterator[tuple[tuple[str, ...], bool]]:
    """method: it may know its input, so that `grad` is what it says."""
    needed, known = _needed(arguments, 3 if loss else 2)
    free = [one.name for one in needed if one.name not in known]
    for order, sure in _slope_orders(
            [roles.plain(one) for one in free], loss, method):
        roles_ = iter(order)
        yield tuple(known.get(one.name) or next(roles_)
                    for one in needed), sure


def _slope_orders(free: list[str], loss: bool, method: bool) -> Iterator[
        tuple[tuple[str, ...], bool]]:
    if loss:
        if len(free) == 2:
            for order, sure in _filled(free, True, True):
                yield order, sure
                yield tuple("probs" if one == "input" else one
                            for one in order), False
        elif len(free) == 3:
            yield from _of_model(free)
            for order in itertools.permutations(
                    ("upstream", "input", "target")):
                yield order, False
        elif len(free) == 1:
            yield ("upstream",), False
        elif not free:
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
            firsts = ["upstream"] if method else [
                "upstream", "input", "output"]
        elif free[0] in OUTPUT:
            firsts = ["output", "input", "upstream"]
        for one in firsts:
            yield (one,), one == firsts[0]
    elif not free:
        yield (), True
