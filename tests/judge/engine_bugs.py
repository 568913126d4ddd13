"""Engines: the slopes and values that people write instead."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge.engines import OPERATIONS, TAKEN, spread
from tests.judge.functions import Array
from tests.judge.switchboard import Switch


def _taken_once(G: Array, _: Array, a: Array) -> Array:
    found = np.zeros_like(a)
    found[TAKEN] = G
    return found


def _other(name: str, where: str, thought: str, nature: str = "bug",
           owner: str = "", **changed: Any) -> Switch:
    return Switch(name, where, replace(OPERATIONS[where], **changed),
                  nature, thought, owner)


_plus, _minus = (lambda G, *_: G), (lambda G, *_: -G)
SWITCHES = [
    _other("product-slope-of-its-own", "mul", "a gets a, and b gets b.",
           slopes=(lambda G, _, a, b: G * a, lambda G, _, a, b: G * b)),
    _other("minus-forgotten", "neg", "The slope of -a is 1.",
           slopes=(_plus,)),
    _other("difference-like-a-sum", "sub",
           "A difference passes the gradient on, as a sum does.",
           slopes=(_plus, _plus)),
    *[_other(name, "div", thought, slopes=(
        lambda G, _, a, b: G / b, slope)) for name, thought, slope in (
        ("quotient-without-minus", "d(1/b)/db is 1/b^2.",
         lambda G, _, a, b: G * a / b ** 2),
        ("quotient-without-square", "The slope of 1/b is -1/b.",
         lambda G, _, a, b: -G * a / b))],
    *[_other("power-keeps-its-exponent", f"pow{n}",
             "The exponent comes down in front.",
             slopes=(lambda G, r, a, n=n: G * n * r,))
      for n in (2, 3, -1, 0.5)],
    *[_other("power-without-factor", f"pow{n}",
             "The exponent falls by one.",
             slopes=(lambda G, r, a, n=n: G * a ** (n - 1),))
      for n in (2, 3, -1, 0.5)],
    *[_other("product-slope-of-its-own", place, "a gets a, and b gets b.",
             slopes=(lambda G, _, a: G * a,)) for place in ("*2", "2*")],
    _other("difference-like-a-sum", "2-",
           "A difference passes the gradient on, as a sum does.",
           slopes=(_plus,)),
    *[_other(name, "2/", thought, slopes=(slope,))
      for name, thought, slope in (
        ("quotient-without-minus", "d(1/b)/db is 1/b^2.",
         lambda G, _, a: 2 * G / a ** 2),
        ("quotient-without-square", "The slope of 1/b is -1/b.",
         lambda G, _, a: -2 * G / a))],
    _other("minus-from-the-right", "2-",
           "__rsub__ is __sub__, as __radd__ is __add__.",
           value=lambda a: a - 2, slopes=(_plus,)),
    _other("quotient-from-the-right", "2/",
           "__rtruediv__ is __truediv__, as __rmul__ is __mul__.",
           value=lambda a: a / 2, slopes=(lambda G, *_: G / 2,)),
    _other("exp-slope-of-the-input", "exp",
           "A slope is computed from the input.",
           slopes=(lambda G, _, a: G * a,)),
    _other("log-slope-of-the-output", "log",
           "The slope is 1 / x: which one was x?",
           slopes=(lambda G, r, a: G / r,)),
    _other("tanh-slope-of-the-input", "tanh",
           "1 - x^2, where x is the input.",
           slopes=(lambda G, _, a: G * (1 - a ** 2),)),
    _other("tanh-slope-without-square", "tanh",
           "1 - tanh, as 1 - s of the sigmoid.",
           slopes=(lambda G, t, a: G * (1 - t),)),
    _other("sigmoid-slope-of-the-input", "sigmoid",
           "x (1 - x), where x is the input.",
           slopes=(lambda G, _, a: G * a * (1 - a),)),
    _other("relu-passes-at-0", "relu", "What is not negative passes.",
           "convention", slopes=(lambda G, _, a: G * (a >= 0),)),
    _other("relu-slope-half-at-0", "relu", "Half of each side.",
           "convention", slopes=(
               lambda G, _, a: G * ((a > 0) + (a >= 0)) / 2,)),
    _other("relu-slope-1-everywhere", "relu",
           "The gradient goes through as it is.", slopes=(_plus,)),
    _other("relu-masks-by-the-gradient", "relu",
           "The gradient goes through relu, too.",
           slopes=(lambda G, *_: np.maximum(G, 0),)),
    _other("mean-slope-without-n", "mean",
           "The mean passes the gradient on to every entry.",
           slopes=(spread,)),
    _other("max-passes-to-all-ties", "max0",
           "Every entry that equals the maximum has slope 1.",
           "convention", slopes=(lambda G, r, a: G * (a == r),)),
    _other("max-passes-to-all-ties", "max",
           "Every entry that equals the maximum has slope 1.",
           "convention", slopes=(lambda G, r, a: G * (a == r),)),
    _other("max-passes-to-the-first", "max",
           "Of equal entries the first has slope 1.", "convention",
           "torch.max along an axis", slopes=(
               lambda G, r, a: G * (np.arange(a.size).reshape(a.shape)
                                    == a.argmax()),)),
    _other("max-divided-among-ties", "max0",
           "Equal entries share the gradient.", "convention", "torch.amax",
           slopes=(lambda G, r, a: G * (a == r) / (a == r).sum(0),)),
    _other("matmul-slope-transposed", "matmul",
           "B is on the other side, so all is transposed.",
           slopes=(lambda G, _, a, b: G @ b.T,
                   lambda G, _, a, b: (G.T @ a).reshape(b.shape))),
    _other("transpose-by-reshape", "T",
           "The gradient gets the shape of the input.",
           slopes=(lambda G, _, a: G.reshape(a.shape),)),
    _other("entry-taken-twice", "taken",
           "Put each slope back to where the entry was.",
           slopes=(_taken_once,)),
]


def _bug(name: str, thought: str, nature: str = "bug",
         seen: str = "") -> Switch:
    return Switch(name, name, True, nature, thought, seen=seen)


TWICE = _bug("value-visited-twice", "A value hands on what it has, each "
             "time that it is reached.")
ORDER = _bug("order-of-a-search", "From the loss outwards, each value once: "
             "any search does that.")
FORWARDS = _bug("order-not-reversed", "In the order in which they were "
                "made.")
SHARE = _bug("gradients-share-memory", "It arrived as an array: keep it.")
SPREAD = _bug("broadcast-not-summed", "The slope of a sum is 1: the gradient "
              "goes through as it is.")
ANEW = _bug("backward-sets-the-gradient", "Each backward starts anew.",
            "convention")
AVERAGED = _bug("broadcast-averaged", "The copies share one gradient.")


OF_GRAPHS = (TWICE, ORDER, FORWARDS, SHARE, SPREAD, ANEW, AVERAGED)


def of_all(name: str) -> list[Switch]:
    """What may be wrong in any operation."""
    return [Switch("gradient-overwritten", f"{name} accumulated", "no",
                   "bug", "A value has one gradient: assign it."),
            Switch("upstream-forgotten", f"{name} upstream", "no", "bug",
                   "The gradient is the slope of this step.")]
