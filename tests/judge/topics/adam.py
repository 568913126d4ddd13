"""Adam, AdamW and AMSGrad: the formula, with a place for each switch.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge import anywhere
from tests.judge.adam_switches import ADAM, ADAMW, CONVENTION, SWITCHES
from tests.judge.optimisers import Optimiser
from tests.judge.roles import Name


def adam(p: Any, g: Any, state: dict[str, Any], o: dict[str, Any],
         s: Any) -> Any:
    """One step: the new p. s(place, right) is the setting of a switch."""
    b1, b2 = s("beta1 value", o["beta1"]), s("beta2 value", o["beta2"])
    if s("betas") == "swapped":
        b1, b2 = b2, b1
    lr, eps = s("lr value", o["lr"]), s("eps value", o["eps"])
    decay = s("weight_decay value", o["weight_decay"])
    state["t"] = state.get("t", 0) + 1
    t = {"shared": o["calls"], "still": 1, "missed": o["step"],
         "late": state["t"] + 1, "early": state["t"] - 1}.get(
             s("clock"), state["t"])
    # Weight decay: coupled for Adam, decoupled for AdamW.
    how = s("decay", "decoupled" if o["decoupled"] else "coupled")
    if how == "coupled":
        g = g + decay * p
    elif how == "minus":
        g = g - decay * p
    elif how == "decoupled":
        p = p * (1 - lr * decay)
    elif how == "without lr":
        p = p * (1 - decay)
    elif how == "grows":
        p = p * (1 + lr * decay)
    # m <- b1 m + (1 - b1) g
    first = s("m weights", "right")
    start = {"g": g}.get(s("m start"), 0 * g)
    m = state.get("m", start)
    m = {"right": b1 * m + (1 - b1) * g, "sum": b1 * m + g,
         "swapped": (1 - b1) * m + b1 * g,
         "no brackets": b1 * m + 1 - b1 * g}[first]
    # v <- b2 v + (1 - b2) g^2
    start = {"g2": g * g, "ones": 0 * g + 1}.get(s("v start"), 0 * g)
    v = state.get("v", start)
    new, kind = 1 - b2, s("square", "right")
    term = {"weight": (new * g) ** 2, "size": new * abs(g),
            "none": new * g, "m": new * m * m, "sum": g * g,
            "deviation": new * (g - m) ** 2,
            "beta1": (1 - b1) * g * g, "no brackets": 1 - b2 * g * g,
            "swapped": b2 * g * g}.get(
                kind, new * anywhere.square(g, kind))
    v = (1 - b2 if kind == "swapped" else b2) * v + term
    olds = state.get("m", 0 * g), state.get("v", 0 * g)
    state["m"], state["v"] = m, v
    if s("used") == "one back":
        m, v = olds
    corrections = []
    for b, place, other in (b1, "correct m", b2), (b2, "correct v", b1):
        how = s(place, s("correct", "right"))
        corrections.append({
            "right": 1 - b ** t, "none": 1.0, "no t": 1 - b,
            "late": 1 - b ** (t + 1), "twice": (1 - b ** t) ** 2,
            "multiplied": 1 / (1 - b ** t), "squared": 1 - b ** 2,
            "times": 1 - b * t, "plus": 1 + b ** t,
            "other": 1 - other ** t}[how])
    c1, c2 = corrections
    if s("kept") == "corrected":
        state["m"], state["v"] = m / c1, v / c2
    elif s("kept") == "nothing":
        del state["m"], state["v"]
    elif s("kept") == "lr":
        lr = state["lr"] = state.get("lr", lr) * np.sqrt(c2) / c1
        c1 = c2 = 1.0
    if o["amsgrad"] and s("amsgrad") != "ignored":
        v = _amsgrad(v, c2, state, s("amsgrad", "right"))
    # p <- p - lr (m / c1) / (sqrt(v / c2) + eps)
    root = (lambda x: x) if s("root") == "none" else np.sqrt
    step = lr * (m / c1) if s("numerator") != "g" else lr * g
    place = s("eps", "after")
    if place == "outside":
        step = lr * (m / c1 / root(v / c2) + eps)
    else:
        step = step / {
            "after": lambda: root(v / c2) + eps,
            "in the root": lambda: root(v / c2 + eps),
            "before": lambda: (root(v) + eps) / root(c2),
            "in the root, before": lambda: root(v + eps) / root(c2),
            "squared": lambda: root(v / c2 + eps ** 2),
            "added": lambda: root(v / c2),
            "none": lambda: root(v / c2)}[place]()
    p = p + step if s("sign") == "up" else p - step
    if place == "added":
        p = p + eps
    if s("decay") == "after":
        p = p * (1 - lr * decay)
    elif s("decay") == "after, coupled to the start":
        p = p - lr * decay * state.get("start", p)
    return p


def _amsgrad(v: Any, c2: Any, state: dict[str, Any], how: str) -> Any:
    """The largest v so far."""
    if how == "one back":
        largest = state.get("vmax", 0 * v)
        state["vmax"] = np.maximum(largest, v)
        return largest
    if how == "corrected":
        # The largest v / c2, times c2, because it is divided below.
        state["vmax"] = np.maximum(state.get("vmax", v / c2), v / c2)
        return state["vmax"] * c2
    largest = np.maximum(state.get("vmax", v), v)
    if how != "not kept":
        state["vmax"] = largest
    if how == "overwrites":
        state["v"] = largest
    return largest


KINDS = {
    "Adam": Optimiser("Adam", adam, [*SWITCHES, *ADAM], {
        "lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8,
        "weight_decay": 0.0, "amsgrad": False, "decoupled": False},
        "torch.optim.Adam"),
    "AdamW": Optimiser("AdamW", adam, [*SWITCHES, *ADAMW], {
        "lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8,
        "weight_decay": 1e-2, "amsgrad": False, "decoupled": True},
        "torch.optim.AdamW"),
}
# A class of its own, without an option to turn it on. Its paper corrects
# no bias.
AMSGRAD = replace(
    KINDS["Adam"], against="torch.optim.Adam(amsgrad=True)",
    defaults={**KINDS["Adam"].defaults, "amsgrad": True},
    switches=[replace(one, nature=CONVENTION, owner="the paper on AMSGrad")
              if one.name.endswith("uncorrected") else one
              for one in KINDS["Adam"].switches])
# Relatives, which torch has under names of their own.
OTHERS = ("adamax nadam radam adabelief adabound nadamw lamb lion "
          "adafactor").split()


def recognise(name: Name) -> list[Optimiser]:
    """Adam, AdamW, AMSGrad, update_with_adam; not Adamax or RAdam.

    An Adam whose decay is decoupled is AdamW.
    """
    if name.is_helper or name.is_word(*OTHERS):
        return []
    if name.has("amsgrad"):
        return [AMSGRAD]
    if not name.has("adam") or name.has("adamgrad"):
        return []
    return [KINDS["AdamW"]] if name.is_word("adamw") else [*KINDS.values()]
