"""Engines: the expressions that are tried, the simplest first."""

from typing import Any

import numpy as np

from tests.judge.engines import (OF_ARRAYS, OPERATIONS, Expression,
                                 computed)
from tests.judge.switchboard import Settings

E = Expression
POINTS = {"relu": (2.0, -0.5, 0.0), "log": (2.0, 0.5), "sqrt": (4.0, 0.25),
          "pow0.5": (4.0, 0.25)}
TABLES = {
    "sum": ([1.0, 3, 2],), "mean": ([1.0, 3, 2],),
    "max": ([1.0, 3, 2], [3.0, 1, 3]), "taken": ([1.0, 3, 2],),
    "max0": ([[1.0, 3, 2], [4, 1, 5]], [[3.0, 1, 2], [3, 2, 1]]),
    "sum0": ([[1.0, 2, 3], [4, 5, 6]],), "T": ([[1.0, 2, 3], [4, 5, 6]],)}
PRODUCTS = (([[1.0, 2]], [[3.0], [4]]),
            ([[1.0, 2], [3, 4]], [[5.0, 7], [8, 6]]))
# Shapes that fit, though they are not equal.
BROADCAST = (([[1.0, 2, 3], [4, 5, 6]], [7.0, 8, 9]),
             ([7.0, 8], [[1.0, 2], [4, 5]]),
             ([[1.0, 2, 3], [4, 5, 6]], [[7.0], [8]]),
             ([[1.0, 2]], [[7.0], [8]]), ([1.0, 2], 3.0))
# One gradient for two: whoever adds to it in place changes both.
ADDED = tuple(
    E(leaves, (("add", 0, 1), ("add", *order), *end))
    for leaves, end in (((2, 3), ()),
                        (([1.0, 2], [3.0, 4]), (("sum", 3),)))
    for order in ((2, 0), (0, 2)))
# What is used again is made of others: all numbers are positive, so a
# path that is taken twice makes a gradient too large, and one that is
# lost makes it too small.
SHARED = (
    E((2, 3), (("add", 0, 1), ("mul", 2, 2))),
    E((2, 3), (("mul", 0, 1), ("mul", 2, 0), ("add", 2, 3))),
    E((2, 3), (("mul", 0, 1), ("mul", 2, 0), ("add", 3, 2))),
    E((2,), (("add", 0, 0), ("add", 1, 1), ("add", 2, 2))),
    E((2, 3), (("add", 0, 1), ("mul", 2, 1), ("mul", 3, 2), ("add", 4, 3))),
    E((2, 3), (("add", 0, 1), ("mul", 0, 1), ("add", 2, 3), ("mul", 2, 3),
               ("add", 4, 5))),
    E((2, 3), (("add", 0, 1), ("mul", 0, 1), ("mul", 2, 3), ("add", 2, 3),
               ("add", 4, 5))))


def alone(name: str) -> list[Expression]:
    """The operation by itself, then with the product."""
    one = OPERATIONS[name]
    if name == "matmul":
        return [E(pair, ((name, 0, 1), ("sum", 2))) for pair in PRODUCTS] + [
            E((*pair, [[2.0, 3], [5, 7]]), (
                (name, 0, 1), ("mul", 3, 2), ("sum", 4)))
            for pair in PRODUCTS[1:]]
    if name in OF_ARRAYS:
        found = []
        for x in TABLES[name]:
            result = np.asarray(one.value(np.array(x)))
            end: Any = (("sum", 3),) if result.ndim else ()
            u = (np.arange(2.0, 2 + result.size) ** 2 % 7).reshape(
                result.shape).tolist() if result.ndim else 3.0
            found.append(E((x, u), ((name, 0), ("mul", 2, 1), *end)))
        return found
    if len(one.slopes) == 2:
        return [E((2, 3), ((name, 0, 1),)), E((-1.5, 0.5), ((name, 0, 1),)),
                E((2, 3, 5), ((name, 0, 1), ("mul", 3, 2))),
                E((2, 3), ((name, 0, 1), ("mul", 2, 0))),
                E((2, 3), ((name, 0, 1), ("mul", 2, 1)))]
    points = POINTS.get(name, (2.0, 0.5) if name in (
        "pow3", "pow-1") else (2.0, -0.5))
    return [*[E((x,), ((name, 0),)) for x in points],
            *[E((x, u), ((name, 0), ("mul", 2, 1)))
              for x in points for u in (3, -2)],
            E((points[0],), ((name, 0), ("mul", 1, 0)))]


def repeated(one: Expression) -> bool:
    """Is a value used twice?"""
    uses = [i for _, *inputs in one.steps for i in inputs]
    return len(uses) > len({*uses})


def randomly(names: list[str], arrays: bool,
             thrown: Settings) -> list[Expression]:
    """Of up to seven operations on three numbers, none of them wild."""
    random = np.random.default_rng(0)
    found: list[Expression] = []
    while len(found) < 40:
        leaves = [short for short in random.choice(
            [-2.0, -1.5, -0.5, 0.5, 1.5, 2, 3], 3, replace=False)]
        if arrays and len(found) % 2:
            leaves[0] = random.choice([-2.0, -1, 1.5, 3], (2, 3)).tolist()
            leaves[1] = random.choice([-1.0, 0.5, 2, 3], (2, 3)).tolist()
            leaves[2] = random.choice([-1.5, 1, 2.5, 3], (2, 3)).tolist()
        steps: list[Any] = []
        for i in range(3, 3 + random.integers(2, 8)):
            name = str(random.choice(names))
            # The last value is used in the next step.
            inputs = [i - 1, *random.integers(0, i, 1)]
            steps.append((name, *map(int, inputs[:len(
                OPERATIONS[name].slopes)])))
        if arrays and len(found) % 2:
            steps.append(("sum", i))
        one = E(tuple(leaves), tuple(steps))
        with np.errstate(all="ignore"):
            sizes = [np.abs(np.concatenate([value.ravel(), *(
                slope.ravel() for slope in slopes)])) for value, slopes in (
                    computed(one, {}), computed(one, thrown))]
        if all(np.isfinite(size).all() and 1e-3 < size.max() < 1e4
               for size in sizes):
            found.append(one)
    return found
