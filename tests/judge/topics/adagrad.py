"""Adagrad: the formula with its switches."""

from typing import Any

import numpy as np

from tests.judge import anywhere
from tests.judge.optimisers import Optimiser
from tests.judge.roles import Name
from tests.judge.switchboard import Switch, family


def adagrad(p: Any, g: Any, state: dict[str, Any], o: dict[str, Any],
            s: Any) -> Any:
    """One step: the new p. s(place, right) is the setting of a switch."""
    lr, eps = s("lr value", o["lr"]), s("eps value", o["eps"])
    decay = s("weight_decay value", o["weight_decay"])
    t = state["t"] = state.get("t", 0) + 1
    if s("decay", "coupled") == "coupled":
        g = g + decay * p
    # s <- s + g^2
    old = state.get("s", 0 * g + s("start", 0.0))
    square = {"forgets": g * g, "size": old + abs(g),
              "mean": old + (g * g - old) / t}.get(
                  s("square"), old + anywhere.square(g, s("square")))
    if s("square") == "signed":
        state["s"], square = old + g, (old + g) ** 2
    else:
        state["s"] = square
    if s("used") == "one back":
        square = old
    root = (lambda x: x) if s("root") == "none" else np.sqrt
    scale = {"in the root": lambda: root(square + eps),
             "squared": lambda: root(square + eps ** 2),
             "none": lambda: root(square)}.get(
                 s("eps"), lambda: root(square) + eps)()
    # lr_t = lr / (1 + (t - 1) lr_decay)
    if s("clock") == "missed":
        t = o["step"]
    late = t if s("lr decay") == "late" else t - 1
    lr = lr / (1 + late * o["lr_decay"])
    step = lr * g / scale
    if s("eps") == "outside":
        step = lr * (g / root(square) + eps)
    elif s("eps") == "beside lr":
        step = (lr / root(square) + eps) * g
    return p + step if s("sign") == "up" else p - step


BUG, CONVENTION = "bug", "convention"
SWITCHES = [
    Switch("adagrad-eps-in-the-root", "eps", "in the root", CONVENTION,
           "Epsilon keeps the root away from 0.",
           "Keras, optax, several books"),
    Switch("adagrad-eps-squared", "eps", "squared", CONVENTION,
           "sqrt(s + eps^2) is smooth."),
    Switch("adagrad-without-eps", "eps", "none", BUG, "s is never 0."),
    Switch("adagrad-eps-outside", "eps", "outside", BUG,
           "g / sqrt(s) + eps: the brackets of the division."),
    Switch("adagrad-eps-beside-lr", "eps", "beside lr", BUG,
           "(lr / sqrt(s) + eps) g: the brackets of the division."),
    Switch("adagrad-without-root", "root", "none", BUG,
           "Divide by the sum of squares."),
    Switch("adagrad-forgets", "square", "forgets", BUG,
           "The square of the gradient."),
    Switch("adagrad-of-sizes", "square", "size", BUG,
           "A sum of sizes, whose root is taken."),
    Switch("adagrad-of-gradients", "square", "signed", BUG,
           "The sum of the gradients, squared."),
    Switch("adagrad-norm", "square", "norm", CONVENTION,
           "One number for the whole parameter: the sum of squares.",
           "AdaGrad-Norm"),
    Switch("adagrad-is-a-mean", "square", "mean", BUG,
           "The mean of the squares, not their sum."),
    Switch("adagrad-looks-one-back", "used", "one back", BUG,
           "The sum is updated after it is used."),
    Switch("adagrad-decay-off-by-one", "lr decay", "late", BUG,
           "t steps, t times the decay."),
    Switch("adagrad-t-counts-missed-steps", "clock", "missed", CONVENTION,
           "t counts the steps of the optimiser, those without a "
           "gradient too."),
    Switch("adagrad-decay-ignored", "decay", "ignored", BUG,
           "The option is there, and nothing reads it."),
    Switch("adagrad-ascent", "sign", "up", BUG,
           "The gradient points where to go."),
    *family([0.1, 1.0], "adagrad-starts-at-0.1", "start", CONVENTION,
            "The sum starts above 0.", "Keras, TensorFlow"),
    *family([1.0], "adagrad-lr-value", "lr value", CONVENTION,
            "The number is in the formula."),
    *family([1e-7], "adagrad-eps-value", "eps value", CONVENTION,
            "Another library's default.", "Keras: 1e-7"),
    *anywhere.SWITCHES,
]
KIND = Optimiser("Adagrad", adagrad, SWITCHES, {
    "lr": 1e-2, "lr_decay": 0.0, "eps": 1e-10, "weight_decay": 0.0},
    "torch.optim.Adagrad")


def recognise(name: Name) -> list[Optimiser]:
    """Adagrad, ada_grad."""
    return [KIND] if name.has("adagrad") and not name.is_helper else []
