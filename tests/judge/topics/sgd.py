"""SGD with momentum, dampening, Nesterov: the formula with switches."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge import anywhere
from tests.judge.optimisers import Optimiser
from tests.judge.roles import Name
from tests.judge.switchboard import Switch, family


def sgd(p: Any, g: Any, state: dict[str, Any], o: dict[str, Any],
        s: Any) -> Any:
    """One step: the new p. s(place, right) is the setting of a switch."""
    lr = s("lr value", o["lr"])
    decay = s("weight_decay value", o["weight_decay"])
    if s("lr") == "captured":
        lr = state.setdefault("lr", lr)
    mu = s("momentum value", o["momentum"])
    up = s("sign") == "up"
    # g <- g + weight_decay p
    how = s("decay", "coupled")
    if how == "coupled":
        g = g + decay * p
    elif how == "minus":
        g = g - decay * p
    elif how == "double":
        g = g + 2 * decay * p
    elif how == "l1":
        g = g + decay * np.sign(p)
    elif how == "decoupled":
        p = p * (1 - lr * decay)
    elif how == "without lr":
        p = p * (1 - decay)
    # lr belongs to the step, or to the velocity
    inside = s("lr inside") == "velocity"
    term = lr * g if inside else g
    if mu or s("v", "right").startswith("swapped"):
        v = _velocity(term, state, mu, o["dampening"], s("v", "right"))
        old = state.get("v")
        state["v"] = {"not kept": 0 * v, "the gradient": term}.get(
            s("kept"), v)
        term = _step(term, v, old, mu, o["nesterov"], s)
        if s("v") == "corrected":
            t = state["t"] = state.get("t", 0) + 1
            term = term / (1 - mu ** t)
    if how == "after momentum":
        term = term + decay * p * (lr if inside else 1)
    step = term if inside else lr * term
    if s("lr twice") == "twice":
        step = lr * step
    return p + step if up else p - step


def _velocity(term: Any, state: dict[str, Any], mu: float,
              dampening: float, how: str) -> Any:
    """v <- momentum v + (1 - dampening) g; at first g."""
    if "v" not in state:
        return {"average": (1 - mu) * term,
                "corrected": (1 - mu) * term,
                "swapped, from 0": mu * term,
                "dampened": (1 - dampening) * term}.get(how, term)
    new = {"average": 1 - mu, "corrected": 1 - mu, "damped": 1 - mu,
           "undamped": 1}.get(how, 1 - dampening)
    if how.startswith("swapped"):
        return (1 - mu) * state["v"] + mu * term
    return mu * state["v"] + new * term


def _step(term: Any, v: Any, old: Any, mu: float, nesterov: bool,
          s: Any) -> Any:
    """What lr is multiplied with: v, or a look ahead."""
    on = nesterov or s("always nesterov") == "on"
    how = s("nesterov", "nesterov") if on else "plain"
    if s("used") == "not used":
        return term
    return {"plain": lambda: v, "nesterov": lambda: term + mu * v,
            "back": lambda: term + mu * (v if old is None else old),
            "back, from 0": lambda: term + mu * (
                0 if old is None else old), "alone": lambda: mu * v,
            "twice": lambda: (1 + mu) * v,
            "mixed": lambda: (1 + mu) * term + mu * mu * v}[how]()


BUG, CONVENTION = "bug", "convention"
SWITCHES = [
    Switch("sgd-ascent", "sign", "up", BUG,
           "The gradient points where to go."),
    Switch("sgd-lr-twice", "lr twice", "twice", BUG,
           "g still has to be scaled."),
    Switch("lr-captured-at-the-start", "lr", "captured", BUG,
           "The learning rate is a constant."),
    Switch("sgd-decay-sign", "decay", "minus", BUG,
           "Decay takes something away, so it is a minus."),
    Switch("sgd-decay-ignored", "decay", "ignored", BUG,
           "The option is there, and nothing reads it."),
    Switch("sgd-decay-after-momentum", "decay", "after momentum",
           CONVENTION, "The penalty has no business in the velocity."),
    Switch("sgd-decay-decoupled", "decay", "decoupled", CONVENTION,
           "p <- (1 - lr weight_decay) p, as in AdamW.", "the paper on "
           "AdamW: SGDW"),
    Switch("sgd-decay-doubled", "decay", "double", CONVENTION,
           "The gradient of weight_decay p^2 is 2 weight_decay p."),
    Switch("sgd-decay-is-l1", "decay", "l1", CONVENTION,
           "A penalty on |p|."),
    Switch("sgd-decay-without-lr", "decay", "without lr", CONVENTION,
           "p <- (1 - weight_decay) p."),
    Switch("momentum-holds-the-lr", "lr inside", "velocity", CONVENTION,
           "v <- momentum v + lr g, as Polyak wrote it.",
           "Polyak, Keras",
           "a change of lr takes some steps to arrive"),
    Switch("momentum-damped", "v", "damped", CONVENTION,
           "A moving average has weights that sum to 1.",
           effect="steps are 1 - momentum as long, but for the first"),
    Switch("momentum-is-an-average", "v", "average", CONVENTION,
           "The velocity is a moving average from 0: v <- momentum v + "
           "(1 - momentum) g.", "Andrew Ng's course",
           "steps are 1 - momentum as long: lr must be larger"),
    Switch("momentum-corrected", "v", "corrected", CONVENTION,
           "A moving average, divided by 1 - momentum^t as in Adam.",
           "Andrew Ng's course"),
    Switch("momentum-dampens-the-first-step", "v", "dampened", BUG,
           "The first step is a step like the others."),
    Switch("momentum-undamped", "v", "undamped", BUG,
           "The option is there, and nothing reads it."),
    Switch("momentum-swapped", "v", "swapped", BUG,
           "momentum is the weight of the new."),
    Switch("momentum-swapped", "v", "swapped, from 0", BUG,
           "momentum is the weight of the new."),
    Switch("momentum-not-kept", "kept", "not kept", BUG,
           "v is a variable, it will be there."),
    Switch("momentum-buffer-is-the-gradient", "kept", "the gradient", BUG,
           "The last gradient is the velocity."),
    Switch("momentum-not-used", "used", "not used", BUG,
           "The velocity is computed, and the gradient is used."),
    Switch("nesterov-looks-back", "nesterov", "back", BUG,
           "Look ahead along the velocity that we had."),
    Switch("nesterov-looks-back", "nesterov", "back, from 0", BUG,
           "Look ahead along the velocity that we had."),
    Switch("momentum-is-nesterov", "always nesterov", "on", CONVENTION,
           "Nesterov's momentum: torch's nesterov=True."),
    Switch("nesterov-forgets-the-gradient", "nesterov", "alone", BUG,
           "The gradient is in v already."),
    Switch("nesterov-is-momentum", "nesterov", "plain", BUG,
           "v is the step, as without Nesterov."),
    Switch("nesterov-of-v", "nesterov", "twice", BUG,
           "v <- v + momentum v."),
    Switch("nesterov-of-the-new-velocity", "nesterov", "mixed", BUG,
           "momentum^2 v + (1 + momentum) g needs the old v."),
    *family([0.9], "momentum-value", "momentum value", CONVENTION,
            "The number is in the formula."),
    *family([1.0], "sgd-lr-value", "lr value", CONVENTION,
            "The number is in the formula."),
    *anywhere.SWITCHES,
]
KIND = Optimiser("SGD", sgd, SWITCHES, {
    "lr": 1e-3, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0,
    "nesterov": False}, "torch.optim.SGD")


# A class of its own, without an option to turn it on.
NESTEROV = replace(KIND, against="torch.optim.SGD(nesterov=True)",
                   defaults={**KIND.defaults, "nesterov": True})


def recognise(name: Name) -> list[Optimiser]:
    """SGD, Momentum, NesterovAG, gradient_descent."""
    if name.is_helper:
        return []
    if name.has("nesterov") or name.is_word("nag"):
        return [NESTEROV]
    if name.has("momentum", "nesterov", "gradientdescent", "heavyball") or (
            name.is_word("gd", "bgd")
            or name.has("sgd")):
        return [] if name.has("adam", "rmsprop") else [KIND]
    return []
