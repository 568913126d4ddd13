"""What the playground is asked to train, and compared in.

Every optimiser, data set, activation, loss and bug is among them.
"""

from random import Random
from typing import Any

from docs.site.playground import planted

# The steps that are compared.
STEPS = 200
# After these the parameters are compared, too.
LOOKS = [1, 2, 3, 5, 10, 20, 50, 100, STEPS]
BASE: dict[str, Any] = {
    "data": "blobs", "widths": [2, 10, 2], "activation": "relu",
    "loss": "cross_entropy", "optimizer": "SGD", "options": {"lr": 0.1},
    "batch_size": 0, "seed": 0, "bug": ""}
LOGITS: dict[str, Any] = {
    "widths": [2, 10, 1], "loss": "binary_cross_entropy_with_logits"}
SQUARES: dict[str, Any] = {
    "data": "parabola", "widths": [1, 10, 1], "loss": "mse_loss"}
# Every option of each optimiser, and its defaults.
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "SGD": [
        {}, {"lr": 0.1, "momentum": 0.9},
        {"lr": 0.1, "momentum": 0.5, "dampening": 0.3,
         "weight_decay": 0.01},
        {"lr": 0.05, "momentum": 0.8, "nesterov": True}],
    "RMSprop": [
        {}, {"lr": 0.01, "alpha": 0.9, "eps": 1e-6, "weight_decay": 0.1},
        {"lr": 0.001, "momentum": 0.9, "centered": True}],
    "Adagrad": [
        {}, {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.01,
             "eps": 1e-6}],
    "Adam": [
        {}, {"lr": 0.01, "betas": [0.6, 0.99], "eps": 1e-6},
        {"lr": 0.01, "betas": [0.3, 0.9], "weight_decay": 0.01,
         "amsgrad": True}],
    "AdamW": [
        {}, {"lr": 0.01, "betas": [0.8, 0.9], "eps": 1e-6,
             "weight_decay": 0.1, "amsgrad": True}]}
MODELS: list[dict[str, Any]] = [
    # the regressions
    {"data": "parabola", "widths": [1, 1], "loss": "mse_loss"},
    {"widths": [2, 1], "loss": "mse_loss"},
    {"widths": [2, 1], "loss": LOGITS["loss"]},
    {"widths": [2, 2]},
    {"data": "digits", "widths": [64, 10], "batch_size": 64},
    {"data": "digits", "widths": [64, 1], "loss": "mse_loss",
     "options": {"lr": 0.01}},
    # one hidden layer, and more
    *({**model, "activation": activation}
      for activation in ("relu", "tanh", "sigmoid")
      for model in (
          {}, LOGITS, SQUARES, {**SQUARES, "batch_size": 30, "seed": 2},
          {**LOGITS, "data": "blobs", "loss": "mse_loss"},
          {"widths": [2, 5, 4, 3], "batch_size": 64, "seed": 7})),
    {"data": "digits", "widths": [64, 16, 10], "batch_size": 32},
    # numbers that no other choice has
    {"seed": 2 ** 32 + 5, "batch_size": 7},
    {"batch_size": 200, "seed": 1}, {"batch_size": 1000, "seed": 1}]
# For each bug, what shows it; else the base with its optimiser.
SHOWN: dict[str, dict[str, Any]] = {
    "sgd-decay-sign": {"options": {"lr": 0.1, "weight_decay": 0.1}},
    # What forgets earlier gradients divides one near 0, of rounding
    # errors, by its own size. With these options the loss stays larger.
    "rmsprop-alpha-swapped": {"options": {"lr": 0.001}},
    "adagrad-forgets": {"options": {"lr": 0.001}},
    "adam-without-root": {"options": {"lr": 0.001}},
    "amsgrad-not-kept": {"options": {
        "lr": 0.003, "betas": [0.9, 0.99], "amsgrad": True}},
    "adagrad-decay-off-by-one": {"options": {"lr": 0.1, "lr_decay": 0.1}},
    "half-the-square": SQUARES,
    "gradient-of-the-sum": {**SQUARES, "options": {"lr": 0.001}},
    # where a probability rounds to 1
    "logits-through-a-probability": {**LOGITS, "options": {"lr": 30}},
    "sum-for-mean": {"options": {"lr": 0.001}},
    "sigmoid-slope-twice": LOGITS,
    "softmax-without-maximum": {"options": {"lr": 300}},
    "bias-left-out": {"widths": [2, 2], "batch_size": 32},
    "partial-batch-by-the-full-size": {"widths": [2, 2], "batch_size": 64},
    "start-from-another-draw": {"seed": 3},
    **{name: {"batch_size": 32, "seed": 3} for name in (
        "never-shuffled", "shuffle-x-without-y")}}
# Else by the start of their names.
KINDS: dict[str, dict[str, Any]] = {
    "momentum": {"options": {"lr": 0.1, "momentum": 0.9}},
    "nesterov": {"options": {"lr": 0.1, "momentum": 0.9, "nesterov": True}},
    "rmsprop": {"optimizer": "RMSprop", "options": {"lr": 0.01}},
    "centered": {"optimizer": "RMSprop", "options": {
        "lr": 0.001, "centered": True}},
    "adagrad": {"optimizer": "Adagrad", "options": {"lr": 0.1}},
    "adam": {"optimizer": "Adam", "options": {"lr": 0.01}},
    "amsgrad": {"optimizer": "Adam", "options": {
        "lr": 0.01, "betas": [0.5, 0.9], "amsgrad": True}},
    "adamw": {"optimizer": "AdamW", "options": {
        "lr": 0.01, "weight_decay": 0.1}}}


def shown(name: str) -> dict[str, Any]:
    """A choice with that bug."""
    return {**BASE, **KINDS.get(name.split("-")[0], {}),
            **SHOWN.get(name, {}), "bug": name}


def drawn(number: int) -> dict[str, Any]:
    """A choice at random: the number-th."""
    draw = Random(number)
    data, m = draw.choice([("blobs", 2), ("parabola", 1), ("digits", 64)])
    loss = "mse_loss" if data == "parabola" else "cross_entropy"
    outputs = {"blobs": 2, "parabola": 1, "digits": 10}[data]
    hidden = [draw.randint(1, 12) for _ in range(draw.randint(1, 3))]
    name = draw.choice([*OPTIONS])
    return {**BASE, "data": data, "widths": [m, *hidden, outputs],
            "activation": draw.choice(["relu", "tanh", "sigmoid"]),
            "loss": loss, "optimizer": name,
            "options": draw.choice(OPTIONS[name]),
            "batch_size": draw.choice([0, draw.randint(1, 300)]),
            "seed": draw.randrange(2 ** 32)}


CHOICES: list[dict[str, Any]] = [
    *({**BASE, "optimizer": name, "options": options, "batch_size": size}
      for name, several in OPTIONS.items() for options in several
      for size in (0, 32)),
    *({**BASE, **model} for model in MODELS),
    *map(shown, planted())]
DRAWN = [*map(drawn, range(12))]

# What both reject, with the same message.
REJECTED: list[dict[str, Any]] = [
    {"widths": [2]}, {"widths": [2, 0, 2]}, {"widths": [2, 2.5, 2]},
    {"batch_size": -1}, {"batch_size": 1.5}, {"batch_size": "8"},
    *({"options": options} for options in (
        {"lr": -1}, {"lr": "0.1"}, {"momentum": -0.5}, {"foo": 1},
        {"nesterov": True},
        {"nesterov": True, "momentum": 0.9, "dampening": 0.5})),
    *({"optimizer": "Adam", "options": options} for options in (
        {"betas": [0.9, 1]}, {"betas": [-0.5, 0.9]}, {"betas": 0.9},
        {"eps": -1}, {"weight_decay": -1})),
    {"optimizer": "Adagrad", "options": {"lr_decay": -1}},
    {"optimizer": "RMSprop", "options": {"alpha": -1}},
    {"loss": "mse_loss"}, {"loss": LOGITS["loss"]},
    {"widths": [2, 10, 1]}, {**SQUARES, "loss": "cross_entropy"},
    {**SQUARES, "loss": LOGITS["loss"]},
    {"data": "digits", "widths": [64, 9]}]


def label(choice: dict[str, Any]) -> str:
    """What differs from the base, as the name of a test."""
    return choice["bug"] or " ".join(
        f"{name}={value}" for name, value in choice.items()
        if value != BASE[name]) or "the base"
