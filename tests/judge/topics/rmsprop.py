"""RMSprop: the formula with its switches."""

from typing import Any

import numpy as np

from tests.judge import anywhere
from tests.judge.optimisers import Optimiser
from tests.judge.roles import Name
from tests.judge.switchboard import Switch, family


def rmsprop(p: Any, g: Any, state: dict[str, Any], o: dict[str, Any],
            s: Any) -> Any:
    """One step: the new p. s(place, right) is the setting of a switch."""
    lr, eps = s("lr value", o["lr"]), s("eps value", o["eps"])
    decay = s("weight_decay value", o["weight_decay"])
    alpha = s("alpha value", o["alpha"])
    how = s("decay", "coupled")
    if how == "coupled":
        g = g + decay * p
    elif how == "decoupled":
        p = p * (1 - lr * decay)
    # s <- alpha s + (1 - alpha) g^2
    start = {"g2": g * g, "ones": 0 * g + 1}.get(s("start"), 0 * g)
    old, kind = state.get("s", start), s("square", "right")
    new = 1 - alpha
    square = {"swapped": (1 - alpha) * old + alpha * g * g,
              "weight": alpha * old + (new * g) ** 2,
              "sum": alpha * old + g * g, "all": old + g * g,
              "size": alpha * old + new * abs(g),
              "none": alpha * old + new * g,
              "no brackets": alpha * old + 1 - alpha * g * g,
              "now": g * g, "not kept": new * g * g}.get(
                  kind, alpha * old + new * anywhere.square(g, kind))
    if s("used") == "one back":
        state["s"], square = square, old
    else:
        state["s"] = square
    if s("correct") == "corrected":
        t = state["t"] = state.get("t", 0) + 1
        square = square / (1 - alpha ** t)
    if o["centered"]:
        m = state["m"] = alpha * state.get("m", 0 * g) + new * g
        variance = square - m if s("mean") == "once" else square - m * m
        if s("mean") == "kept":
            state["s"] = variance
        square = variance
    root = (lambda x: x) if s("root") == "none" else np.sqrt
    scale = {"in the root": lambda: root(square + eps),
             "squared": lambda: root(square + eps ** 2),
             "none": lambda: root(square),
             "largest": lambda: np.maximum(root(square), eps)}.get(
                 s("eps"), lambda: root(square) + eps)()
    step = lr * g / scale
    if s("eps") == "outside":
        step = lr * (g / root(square) + eps)
    elif s("eps") == "beside lr":
        step = (lr / root(square) + eps) * g
    if o["momentum"]:
        if s("lr inside") == "velocity":
            v = state["v"] = o["momentum"] * state.get("v", 0) + step
            step = v
        else:
            v = state["v"] = o["momentum"] * state.get("v", 0) + g / scale
            step = lr * v
    return p + step if s("sign") == "up" else p - step


BUG, CONVENTION = "bug", "convention"
SWITCHES = [
    Switch("rmsprop-eps-in-the-root", "eps", "in the root", CONVENTION,
           "Epsilon keeps the root away from 0.",
           "TensorFlow 1, optax, several books",
           "small gradients make much smaller steps"),
    Switch("rmsprop-eps-squared", "eps", "squared", CONVENTION,
           "sqrt(s + eps^2) is smooth."),
    Switch("rmsprop-without-eps", "eps", "none", BUG, "s is never 0."),
    Switch("rmsprop-eps-outside", "eps", "outside", BUG,
           "g / sqrt(s) + eps: the brackets of the division."),
    Switch("rmsprop-eps-beside-lr", "eps", "beside lr", BUG,
           "(lr / sqrt(s) + eps) g: the brackets of the division."),
    Switch("rmsprop-eps-largest", "eps", "largest", CONVENTION,
           "max(sqrt(s), eps)."),
    Switch("rmsprop-without-root", "root", "none", BUG, "Divide by s."),
    Switch("rmsprop-alpha-swapped", "square", "swapped", BUG,
           "alpha is the weight of the new."),
    Switch("rmsprop-squares-the-weight", "square", "weight", BUG,
           "The square of it all."),
    Switch("rmsprop-is-a-sum", "square", "sum", BUG,
           "The factor 1 - alpha is forgotten."),
    Switch("rmsprop-is-adagrad", "square", "all", BUG,
           "The sum of all squares: nothing decays."),
    Switch("rmsprop-of-sizes", "square", "size", BUG,
           "A mean of sizes, whose root is taken."),
    Switch("rmsprop-of-gradients", "square", "none", BUG,
           "The square is forgotten."),
    Switch("rmsprop-of-the-norm", "square", "norm", BUG,
           "One number for the whole parameter: the sum of squares."),
    Switch("rmsprop-of-the-mean", "square", "mean", BUG,
           "One number for the whole parameter: the mean of squares."),
    Switch("rmsprop-without-brackets", "square", "no brackets", BUG,
           "alpha s + 1 - alpha g^2."),
    Switch("rmsprop-forgets", "square", "now", BUG,
           "The square of this gradient alone."),
    Switch("rmsprop-not-kept", "square", "not kept", BUG,
           "s is a variable, it will be there."),
    Switch("rmsprop-looks-one-back", "used", "one back", BUG,
           "The mean is updated after it is used."),
    Switch("rmsprop-corrected", "correct", "corrected", CONVENTION,
           "s / (1 - alpha^t), as in Adam."),
    Switch("rmsprop-starts-at-g2", "start", "g2", BUG,
           "The mean of one number is the number."),
    Switch("rmsprop-starts-at-ones", "start", "ones", CONVENTION,
           "Starting at 1 avoids a division by 0.",
           "TensorFlow 1, HIPS/autograd"),
    Switch("rmsprop-momentum-holds-the-lr", "lr inside", "velocity",
           CONVENTION, "As in the slides: v holds the update.",
           "TensorFlow, Keras"),
    Switch("centered-mean-squared-once", "mean", "once", BUG,
           "Mean square less mean."),
    Switch("centered-kept", "mean", "kept", BUG,
           "s is the variance from here on."),
    Switch("rmsprop-decay-ignored", "decay", "ignored", BUG,
           "The option is there, and nothing reads it."),
    Switch("rmsprop-decay-decoupled", "decay", "decoupled", CONVENTION,
           "p <- (1 - lr weight_decay) p, as in AdamW."),
    Switch("rmsprop-ascent", "sign", "up", BUG,
           "The gradient points where to go."),
    *family([1.0], "rmsprop-lr-value", "lr value", CONVENTION,
            "The number is in the formula."),
    *family([1e-7], "rmsprop-eps-value", "eps value",
            CONVENTION, "Another library's default.", "Keras: 1e-7"),
    *family([0.9], "rmsprop-alpha-value", "alpha value",
            CONVENTION, "Another library's default.",
            "Keras, the slides: 0.9"),
    *anywhere.SWITCHES,
]
KIND = Optimiser("RMSprop", rmsprop, SWITCHES, {
    "lr": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0,
    "momentum": 0.0, "centered": False}, "torch.optim.RMSprop")


def recognise(name: Name) -> list[Optimiser]:
    """RMSprop, rms_prop."""
    return [KIND] if name.has("rmsprop") and not name.is_helper else []
