"""Adam and AdamW: the formula with its switches."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge import anywhere
from tests.judge.optimisers import Optimiser
from tests.judge.roles import Name
from tests.judge.switchboard import Switch, family


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


BUG, CONVENTION = "bug", "convention"
SWITCHES = [
    Switch("adam-no-t", "correct", "no t", BUG,
           "m / (1 - beta1), as the formula reads at first sight.",
           effect="the first steps are too long, the later ones lag"),
    Switch("adam-uncorrected", "correct", "none", BUG,
           "The bias is gone after a few steps.",
           effect="the first steps are about 3 times too long"),
    Switch("adam-v-uncorrected", "correct v", "none", BUG,
           "The first moment is the one that matters."),
    Switch("adam-m-uncorrected", "correct m", "none", BUG,
           "The second moment is the one that matters."),
    Switch("adam-t-off-by-one", "clock", "late", BUG,
           "Steps count from 1, and so does the counter already."),
    Switch("adam-t-from-0", "clock", "early", BUG,
           "Steps count from 0: the first correction divides by 0."),
    Switch("adam-t-shared", "clock", "shared", BUG,
           "One optimiser, one clock."),
    Switch("adam-t-stands-still", "clock", "still", BUG,
           "t starts at 1."),
    Switch("adam-t-counts-missed-steps", "clock", "missed", CONVENTION,
           "t counts the steps of the optimiser, those without a "
           "gradient too.", "DeZero"),
    Switch("adam-corrected-twice", "correct", "twice", BUG,
           "The stored moments are corrected, and corrected again."),
    Switch("adam-correction-multiplied", "correct", "multiplied", BUG,
           "m times (1 - beta1^t), instead of divided."),
    Switch("adam-beta2-squared", "correct v", "squared", BUG,
           "1 - beta2 ** 2 for 1 - beta2 ** t."),
    Switch("adam-beta-times-t", "correct", "times", BUG,
           "1 - beta * t for 1 - beta ** t."),
    Switch("adam-correction-plus", "correct", "plus", BUG,
           "1 + beta ** t for 1 - beta ** t."),
    Switch("adam-v-corrected-by-beta1", "correct v", "other", BUG,
           "1 - beta1 ** t, twice."),
    Switch("adam-m-corrected-by-beta2", "correct m", "other", BUG,
           "1 - beta2 ** t, twice."),
    Switch("adam-v-corrected-without-root", "correct v", "twice", BUG,
           "lr (1 - beta2^t) / (1 - beta1^t): the root is forgotten."),
    Switch("adam-keeps-the-corrected-moments", "kept", "corrected", BUG,
           "m = m / (1 - beta1^t): the corrected one is the next old one."),
    Switch("adam-lr-is-overwritten", "kept", "lr", BUG,
           "lr = lr sqrt(1 - beta2^t) / (1 - beta1^t), kept."),
    Switch("adam-betas-swapped", "betas", "swapped", BUG,
           "Momentum is the long memory."),
    Switch("adam-eps-in-the-root", "eps", "in the root", CONVENTION,
           "sqrt(v + eps) is never 0.",
           "several books",
           "with eps 1e-8 it acts like 1e-4: small gradients make much "
           "smaller steps"),
    Switch("adam-eps-before-the-correction", "eps", "before", CONVENTION,
           "The paper's faster form, with the same epsilon.",
           "Keras, TensorFlow", "epsilon is up to 30 times as large in "
           "the first steps"),
    Switch("adam-eps-in-the-root-before-the-correction", "eps",
           "in the root, before", CONVENTION,
           "sqrt(v + eps), and the correction outside."),
    Switch("adam-eps-outside", "eps", "outside", BUG,
           "m / sqrt(v) + eps: the brackets of the division."),
    Switch("adam-eps-added", "eps", "added", BUG,
           "... + eps, without a thought for the brackets."),
    Switch("adam-eps-squared", "eps", "squared", CONVENTION,
           "sqrt(v + eps^2) is smooth."),
    Switch("adam-without-eps", "eps", "none", BUG,
           "v is never 0."),
    Switch("adam-without-root", "root", "none", BUG,
           "Divide by v."),
    Switch("adam-squares-the-weight", "square", "weight", BUG,
           "The square of it all."),
    Switch("adam-v-of-sizes", "square", "size", BUG,
           "A mean of sizes, whose root is taken."),
    Switch("adam-v-of-gradients", "square", "none", BUG,
           "The square is forgotten."),
    Switch("adam-v-of-m", "square", "m", BUG,
           "The square of the first moment."),
    Switch("adam-is-adabelief", "square", "deviation", CONVENTION,
           "The square of g - m.", "AdaBelief"),
    Switch("adam-v-weighed-by-beta1", "square", "beta1", BUG,
           "1 - beta1, twice."),
    Switch("adam-v-of-the-norm", "square", "norm", BUG,
           "One number for the whole parameter: the sum of squares."),
    Switch("adam-v-of-the-mean", "square", "mean", BUG,
           "One number for the whole parameter: the mean of squares."),
    Switch("adam-v-without-brackets", "square", "no brackets", BUG,
           "beta2 v + 1 - beta2 g^2."),
    Switch("adam-m-without-brackets", "m weights", "no brackets", BUG,
           "beta1 m + 1 - beta1 g."),
    Switch("adam-looks-one-back", "used", "one back", BUG,
           "The moments are updated after they are used."),
    Switch("adam-v-is-a-sum", "square", "sum", BUG,
           "The factor 1 - beta2 is forgotten."),
    Switch("adam-v-from-the-wrong-end", "square", "swapped", BUG,
           "beta2 is the weight of the new square."),
    Switch("adam-v-starts-at-g2", "v start", "g2", BUG,
           "No zero, no bias to correct."),
    Switch("adam-v-starts-at-ones", "v start", "ones", BUG,
           "Starting at 1 avoids a division by 0."),
    Switch("adam-m-starts-at-g", "m start", "g", BUG,
           "No zero, no bias to correct."),
    Switch("adam-m-from-the-wrong-end", "m weights", "swapped", BUG,
           "beta is the weight of the gradient."),
    Switch("adam-m-is-a-sum", "m weights", "sum", BUG,
           "The factor 1 - beta1 is forgotten."),
    Switch("adam-g-for-m", "numerator", "g", BUG,
           "The gradient is divided, not its mean."),
    Switch("adam-ascent", "sign", "up", BUG,
           "The gradient points where to go."),
    Switch("amsgrad-overwrites-v", "amsgrad", "overwrites", BUG,
           "v never falls."),
    Switch("amsgrad-not-kept", "amsgrad", "not kept", BUG,
           "v is the maximum by now."),
    Switch("amsgrad-looks-one-back", "amsgrad", "one back", BUG,
           "The maximum is updated after it is used."),
    Switch("amsgrad-of-corrected-v", "amsgrad", "corrected", CONVENTION,
           "The maximum of v / (1 - beta2^t).", "the labml notebook"),
    Switch("amsgrad-ignored", "amsgrad", "ignored", BUG,
           "The option is there, and nothing reads it."),
    *family([0.9], "adam-beta1-value", "beta1 value", CONVENTION,
            "The number is in the formula."),
    *family([0.999], "adam-beta2-value", "beta2 value", CONVENTION,
            "The number is in the formula."),
    *family([1.0], "adam-lr-value", "lr value", CONVENTION,
            "The number is in the formula."),
    *family([1e-7], "adam-eps-value", "eps value", CONVENTION,
            "Another library's default.", "Keras, TensorFlow: 1e-7"),
    *anywhere.SWITCHES,
]
ADAM = [
    Switch("adam-decay-ignored", "decay", "ignored", BUG,
           "The option is there, and nothing reads it."),
    Switch("adam-decay-sign", "decay", "minus", BUG,
           "Decay takes something away, so it is a minus."),
    Switch("adam-decoupled", "decay", "decoupled", CONVENTION,
           "Adam's weight decay as AdamW has it.", "AdamW"),
]
ADAMW = [
    Switch("adamw-decay-without-lr", "decay", "without lr", CONVENTION,
           "Decoupled: nothing to do with the learning rate.",
           "the paper, whose schedule multiplies both"),
    Switch("adamw-decay-sign", "decay", "grows", BUG,
           "p <- (1 + lr weight_decay) p."),
    Switch("adamw-coupled", "decay", "coupled", BUG,
           "Weight decay is an L2 penalty."),
    Switch("adamw-decay-after-the-step", "decay", "after", BUG,
           "The order won't matter."),
    Switch("adamw-decay-ignored", "decay", "ignored", BUG,
           "The option is there, and nothing reads it."),
]
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
    if not name.has("adam"):
        return []
    return [KINDS["AdamW"]] if name.is_word("adamw") else [*KINDS.values()]
