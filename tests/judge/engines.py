"""Engines: expressions, and what their values and gradients should be.

An expression is a list of steps. Each operation has its value and, for
each input, the map from the gradient of the result to that of the
input. A switch puts another operation in its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.judge.functions import Array, short
from tests.judge.switchboard import Settings


@dataclass(frozen=True)
class Operation:
    """What is called, its value, and its slopes."""

    # as in "{0} + {1}"
    text: str
    # of the person's objects, or of torch's
    call: Callable[..., Any]
    # of arrays
    value: Callable[..., Array]
    # (G, result, a, b) -> dL/da, and so on
    slopes: tuple[Callable[..., Array], ...]
    # the class must have one of these
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Expression:
    """Numbers or arrays, and steps: (operation, numbers of inputs)."""

    leaves: tuple[Any, ...]
    steps: tuple[tuple[Any, ...], ...]


def _method(name: str, value: Any, slope: Any) -> Operation:
    return Operation("{0}." + name + "()", lambda a: getattr(a, name)(),
                     value, (slope,), (name,))


def _power(n: float) -> Operation:
    return Operation(f"{{0}} ** {n}", lambda a: a ** n, lambda a: a ** n,
                     (lambda G, _, a: G * n * a ** (n - 1),), ("__pow__",))


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x))"""
    return 1 / (1 + np.exp(-x))


def matrix_product(a: Any, b: Any) -> Any:
    """However it is called."""
    for name in "__matmul__", "matmul", "dot", "mm":
        if hasattr(a, name):
            return getattr(a, name)(b)
    raise TypeError


def transposed(a: Any) -> Any:
    """A property or a method."""
    for name in "T", "transpose", "t":
        if hasattr(a, name):
            found = getattr(a, name)
            return found() if callable(found) else found
    raise TypeError


def spread(G: Array, _: Array, a: Array) -> Array:
    """To every entry."""
    return G * np.ones_like(a)


def _ties(G: Array, result: Array, a: Array) -> Array:
    # torch divides it among equal ones.
    return G * (a == result) / (a == result).sum()


def maximum_along(a: Any) -> Any:
    """Along the first axis; torch gives the places as well."""
    found = a.max(0)
    return getattr(found, "values", found)


def first_largest(G: Array, _: Array, a: Array) -> Array:
    """Of equal entries the first."""
    found = np.zeros_like(a)
    found[a.argmax(0), np.arange(a.shape[1])] = G
    return found


def _taken(G: Array, _: Array, a: Array) -> Array:
    found = np.zeros_like(a)
    np.add.at(found, TAKEN, G)
    return found


TAKEN = np.array([0, 0, 1])
# The product comes first: the other ones are tried by its help.
OPERATIONS = {
    "mul": Operation(
        "{0} * {1}", lambda a, b: a * b, lambda a, b: a * b,
        (lambda G, _, a, b: G * b, lambda G, _, a, b: G * a), ("__mul__",)),
    "add": Operation(
        "{0} + {1}", lambda a, b: a + b, lambda a, b: a + b,
        (lambda G, *_: G, lambda G, *_: G), ("__add__",)),
    "neg": Operation("-{0}", lambda a: -a, lambda a: -a,
                     (lambda G, *_: -G,), ("__neg__",)),
    "pow2": _power(2), "pow3": _power(3), "pow-1": _power(-1),
    "pow0.5": _power(0.5),
    "sub": Operation(
        "{0} - {1}", lambda a, b: a - b, lambda a, b: a - b,
        (lambda G, *_: G, lambda G, *_: -G), ("__sub__",)),
    "div": Operation(
        "{0} / {1}", lambda a, b: a / b, lambda a, b: a / b,
        (lambda G, _, a, b: G / b, lambda G, _, a, b: -G * a / b ** 2),
        ("__truediv__",)),
    # With a number, from both sides.
    "+2": Operation("{0} + 2", lambda a: a + 2, lambda a: a + 2,
                    (lambda G, *_: G,), ("__add__",)),
    "*2": Operation("{0} * 2", lambda a: a * 2, lambda a: a * 2,
                    (lambda G, *_: 2 * G,), ("__mul__",)),
    "-2": Operation("{0} - 2", lambda a: a - 2, lambda a: a - 2,
                    (lambda G, *_: G,), ("__sub__",)),
    "/2": Operation("{0} / 2", lambda a: a / 2, lambda a: a / 2,
                    (lambda G, *_: G / 2,), ("__truediv__",)),
    "2+": Operation("2 + {0}", lambda a: 2 + a, lambda a: 2 + a,
                    (lambda G, *_: G,), ("__radd__",)),
    "2*": Operation("2 * {0}", lambda a: 2 * a, lambda a: 2 * a,
                    (lambda G, *_: 2 * G,), ("__rmul__",)),
    "2-": Operation("2 - {0}", lambda a: 2 - a, lambda a: 2 - a,
                    (lambda G, *_: -G,), ("__rsub__",)),
    "2/": Operation("2 / {0}", lambda a: 2 / a, lambda a: 2 / a,
                    (lambda G, _, a: -2 * G / a ** 2,), ("__rtruediv__",)),
    "exp": _method("exp", np.exp, lambda G, e, a: G * e),
    "log": _method("log", np.log, lambda G, _, a: G / a),
    "sqrt": _method("sqrt", np.sqrt, lambda G, r, a: G / (2 * r)),
    "relu": _method("relu", lambda a: np.maximum(a, 0),
                    lambda G, _, a: G * (a > 0)),
    "tanh": _method("tanh", np.tanh, lambda G, t, a: G * (1 - t ** 2)),
    "sigmoid": _method("sigmoid", sigmoid,
                       lambda G, s, a: G * s * (1 - s)),
    "sum": _method("sum", np.sum, spread),
    "mean": _method("mean", np.mean,
                    lambda G, _, a: G * np.ones_like(a) / a.size),
    "max": _method("max", np.max, _ties),
    # Only for those that have no maximum of all entries.
    "max0": Operation("{0}.max(0)", maximum_along, lambda a: a.max(0),
                      (first_largest,), ("max",)),
    "sum0": Operation("{0}.sum(0)", lambda a: a.sum(0),
                      lambda a: a.sum(0), (spread,), ("sum",)),
    "T": Operation("{0}.T", transposed, np.transpose,
                   (lambda G, *_: G.T,), ("T", "transpose", "t")),
    "matmul": Operation(
        "{0} @ {1}", matrix_product, lambda a, b: a @ b,
        (lambda G, _, a, b: G @ b.T, lambda G, _, a, b: a.T @ G),
        ("__matmul__", "matmul", "dot", "mm")),
    "taken": Operation("{0}[[0, 0, 1]]", lambda a: a[TAKEN],
                       lambda a: a[TAKEN], (_taken,), ("__getitem__",)),
}
NUMBERS = ("+2", "*2", "-2", "/2", "2+", "2*", "2-", "2/")
ARITHMETIC = ("neg", "pow2", "sub", "div", "2+", "2*", "2-", "2/")
# Of arrays only. Their arguments may mean something else.
OF_ARRAYS = ("sum", "mean", "max", "max0", "sum0", "T", "matmul", "taken")
# How people make one of others; -1 is the step before.
COMPOSED = {
    "sub": [("neg", 1), ("add", 0, -1)],
    "div": [("pow-1", 1), ("mul", 0, -1)],
    "2-": [("neg", 0), ("+2", -1)],
    "2/": [("pow-1", 0), ("*2", -1)],
    "sqrt": [("pow0.5", 0)],
}


def sum_to(G: Array, shape: tuple[int, ...]) -> Array:
    """The gradients of copies add up."""
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    axes = tuple(i for i, n in enumerate(shape) if G.shape[i] != n)
    return G.sum(axis=axes, keepdims=True) if axes else G


def computed(one: Expression, thrown: Settings) -> tuple[Array, list[Array]]:
    """The value, and the gradient of every leaf.

    Places: an operation; "mul upstream" and "mul accumulated", whose
    setting is the word for what is left out; "sub made of".
    """
    values = [np.asarray(leaf, float) for leaf in one.leaves]
    # of each value, the operation and its inputs
    made: list[tuple[str, list[int]]] = [("", [])] * len(values)

    def step(name: str, inputs: list[int]) -> int:
        parts = thrown.get(f"{name} made of")
        if parts:
            last = -1
            for part, *places in parts:
                last = step(part, [inputs[i] if i >= 0 else last
                                   for i in places])
            return last
        found = thrown.get(name, OPERATIONS[name])
        values.append(np.asarray(found.value(*(values[i] for i in inputs))))
        made.append((name, inputs))
        return len(values) - 1

    number = [*range(len(values))]
    for name, *inputs in one.steps:
        number.append(step(name, [number[i] for i in inputs]))
    grads = [np.zeros_like(value) for value in values]
    grads[-1] = np.ones_like(values[-1])
    for i in reversed(range(len(values))):
        name, inputs = made[i]
        if not name:
            continue
        found = thrown.get(name, OPERATIONS[name])
        G = (np.ones_like(values[i]) if f"{name} upstream" in thrown
             else grads[i])
        for j, slope in zip(inputs, found.slopes):
            share = sum_to(np.asarray(slope(G, values[i], *(
                values[k] for k in inputs))), values[j].shape)
            grads[j] = (share if f"{name} accumulated" in thrown
                        else grads[j] + share)
    return values[-1], grads[:len(one.leaves)]


def told(one: Expression) -> str:
    """As in: a = 2, b = 3, L = a * b + a."""
    n, letters = len(one.leaves), "abcdefghijklmnopq"
    uses = [i for _, *inputs in one.steps for i in inputs]
    texts = list(letters[:n])
    said = [f"{letter} = {_number(leaf)}"
            for letter, leaf in zip(letters, one.leaves)]
    free = iter(letters[n:])
    for i, (name, *inputs) in enumerate(one.steps, n):
        template = OPERATIONS[name].text
        text = template.format(*(_bracketed(texts[j], template)
                                 for j in inputs))
        if i == n + len(one.steps) - 1 or uses.count(i) > 1:
            letter = "L" if i == n + len(one.steps) - 1 else next(free)
            said.append(f"{letter} = {text}")
            text = letter
        texts.append(text)
    return ", ".join(said)


def _bracketed(text: str, template: str) -> str:
    plain = " " not in text and not text.startswith("-") or (
        template == "{0} + {1}" and not {*"+-("} & {*text})
    return text if plain else f"({text})"


def _number(leaf: Any) -> str:
    if np.ndim(leaf):
        return "[" + ", ".join(_number(one) for one in leaf) + "]"
    return short(leaf)
