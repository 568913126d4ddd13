"""Which small trainings could show the bugs of a place.

A place is a topic, a class or a function, as in `Bug.where`. A bug's
own function comes first, then its class, then its topic: see curves.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from tests.museum import trainings as small
from tests.museum import trainings_layers as layers
from tests.museum.trainings import Losses

# Arguments of which a title speaks; a caption shows all others.
TOLD = "loop scale resume hand equal parts steps first".split()


def _(message: str) -> str:
    """Mark a title: docs/site/sketch.py translates it."""
    return message


@dataclass(frozen=True)
class Training:
    """A small training, and what a caption says of it."""

    title: str
    # as in "Adam(lr=0.1)"
    code: str
    losses: Callable[[Any], Losses]
    # what is drawn: loss, error or rate
    of: str


def one(title: str, training: Callable[..., Losses], *name: str,
        of: str = "loss", **options: Any) -> Training:
    """A training with these arguments; `code` spells them."""
    shown = ", ".join(f"{key}={value!r}" for key, value
                      in options.items() if key not in TOLD)
    # a function with its options; options; an expression
    code = (f"{name[0]}({shown})" if name and shown else
            shown or "".join(name))
    if of == "error":
        options["of"] = of
    return Training(title, code,
                    lambda by: training(by, *name, **options), of)


BOWL = _("On a bowl that is steep along one axis and flat along the other.")
FLAT = _("On a bowl that is almost flat: its gradients are tiny.")
EVENTS = _("On a bowl. Every second gradient of the steep axis is missing; "
           "early on the learning rate falls, and then a new optimiser "
           "loads the state.")
SPIKES = _("On a bowl. Now and then a gradient is much larger.")
IN_PLACE = _("On a bowl. Gradients are set to 0 in place.")
AGAIN = _("On a bowl. Each gradient serves for several steps.")
RATE = _("The learning rate of a schedule.")
LOADED = _("The learning rate. Half-way a new schedule loads the state.")
NEURON = _("One neuron learns a step from 0 to 1.")
STEEP = _("One neuron learns a step from 0 to 1, from a very large weight.")
CLUSTERS = _("One matrix learns three clusters.")
LARGE = _("One matrix learns three clusters, from very large weights.")
BINARY = _("One neuron learns two clusters that overlap.")
SURE = _("One neuron learns two clusters. At first it is sure, and wrong.")
PARABOLA = _("A net with two hidden layers learns a parabola.")
ASLEEP = _("A net whose first layer starts at 0 learns a parabola.")
EVALUATED = _("A net learns two clusters. The loss in evaluation mode.")
ERROR = _("A net learns two clusters. The fraction of wrong labels.")
START = _("A net learns a parabola, from weights drawn by this function.")
WRITTEN = _("Trained with gradients written out, on this loss.")
VALUES = _("Gradient descent by the engine, until each entry of this is 1.")
CHAIN = _("Gradient descent by the engine, through a very long sum.")
PARTS = _("Gradient descent by the engine, with two calls of backward() per "
          "step.")
FILTERS = _("A convolution learns its filters, bias and input.")
FILTERS_WRITTEN = _("A convolution learns its filters, bias and input, with "
                    "gradients written out.")
POOLED = _("An image learns to have a given pooled image.")
TIES = _("An image, with equal pixels at first, learns to have a given "
         "pooled image.")
NORM = _("A norm learns the weight and bias of another.")
NORM_WRITTEN = _("A linear layer and a batch norm learn, with gradients "
                 "written out.")
CNN = _("A small CNN learns ten patterns.")
CNN_ERROR = _("A small CNN learns ten patterns. The fraction of wrong "
              "labels.")
CNN_RESUMED = _("A small CNN learns ten patterns. On the way it is saved and"
                " loaded.")
BATCHES = _("Softmax regression on mini-batches.")
HELD_OUT = _("Softmax regression. The loss on held-out rows.")
STANDARD = _("Softmax regression on standardised columns.")
FILES = _("Softmax regression on images that are read from files.")
LINE = _("Linear regression on points around a line.")
BOUNDARY = _("Logistic regression on two clusters.")
BOUNDARY_ERROR = _("Logistic regression on two clusters. The fraction of "
                   "wrong labels.")
RESUMED = _("Adam on a net, stopped half-way and resumed from a file.")
SLOPE = _("Descent on a parabola, with a numerical gradient.")


def bowls(name: str, *rows: tuple[str, dict[str, Any]]) -> list[Training]:
    """An optimiser on bowls: a title, and options."""
    told: dict[str, dict[str, Any]] = {
        FLAT: {"scale": 1e-8}, EVENTS: {"loop": "events"},
        SPIKES: {"loop": "spikes"}, IN_PLACE: {"loop": "in place"},
        AGAIN: {"loop": "again"}}
    return [one(title, small.bowl, name, **options, **told.get(title, {}))
            for title, options in rows]


def rates(name: str, **options: Any) -> list[Training]:
    """A schedule."""
    return [one(RATE, small.schedule, name, of="rate", **options)]


def engines(*expressions: str) -> list[Training]:
    """The engine, on expressions of a and b."""
    return [one(VALUES, small.engine, expression)
            for expression in expressions]


MOMENTUM: dict[str, Any] = {"lr": 0.03, "momentum": 0.8}
RMSPROP: dict[str, Any] = {"lr": 0.03, "alpha": 0.9}
TRAININGS: dict[str, list[Training]] = {
    "optim.SGD": bowls(
        "SGD", (BOWL, {"lr": 0.03}), (BOWL, MOMENTUM),
        (BOWL, {**MOMENTUM, "weight_decay": 2.0}),
        (BOWL, {**MOMENTUM, "dampening": 0.5}),
        (BOWL, {**MOMENTUM, "nesterov": True}),
        (EVENTS, MOMENTUM), (IN_PLACE, MOMENTUM),
        (AGAIN, {"lr": 0.03, "weight_decay": 2.0})),
    "optim.RMSprop": bowls(
        "RMSprop", (BOWL, RMSPROP), (BOWL, {**RMSPROP, "momentum": 0.5}),
        (BOWL, {**RMSPROP, "centered": True}), (FLAT, RMSPROP),
        (EVENTS, {**RMSPROP, "momentum": 0.5})),
    "optim.Adagrad": bowls(
        "Adagrad", (BOWL, {"lr": 0.3}),
        (BOWL, {"lr": 0.3, "lr_decay": 0.3}), (FLAT, {"lr": 0.3})),
    "optim.Adam": bowls(
        "Adam", (BOWL, {"lr": 0.1}), (FLAT, {"lr": 0.1}),
        (SPIKES, {"lr": 0.02, "betas": (0.8, 0.8), "amsgrad": True}),
        (AGAIN, {"lr": 0.1, "weight_decay": 2.0})),
    "optim.AdamW": bowls("AdamW", (BOWL, {"lr": 0.1, "weight_decay": 1.0})),
    "_optimizer": bowls("SGD", (BOWL, MOMENTUM), (EVENTS, MOMENTUM))
    + bowls("Adam", (EVENTS, {"lr": 0.1})),
    "lr_scheduler.StepLR": rates("StepLR", step_size=10, gamma=0.5),
    "lr_scheduler.MultiStepLR": rates(
        "MultiStepLR", milestones=[10, 20, 20], gamma=0.5),
    "lr_scheduler.ExponentialLR": rates("ExponentialLR", gamma=0.9),
    "lr_scheduler.LinearLR": rates(
        "LinearLR", start_factor=0.1, total_iters=20),
    "lr_scheduler.CosineAnnealingLR": rates(
        "CosineAnnealingLR", T_max=25, eta_min=0.2),
    "lr_scheduler.OneCycleLR": rates(
        "OneCycleLR", max_lr=1.0, total_steps=21, div_factor=10.0,
        final_div_factor=4.0, steps=20),
    "lr_scheduler.SequentialLR": rates("SequentialLR", milestones=[10]),
    "_scheduler": rates("StepLR", step_size=10, gamma=0.5)
    + rates("SequentialLR", milestones=[10]) + [
        one(LOADED, small.schedule, "StepLR", of="rate", step_size=10,
            gamma=0.5, resume=True)],
    **{f"activations.{name}": [
        one(NEURON, small.neuron, name),
        one(STEEP, small.neuron, name, start=100.0)]
       for name in ("sigmoid", "tanh", "softplus")},
    "activations.relu": [one(ASLEEP, small.asleep)],
    **{f"activations.{function}": [
        one(CLUSTERS, small.classes, name),
        one(LARGE, small.classes, name, start=100.0)]
       for function, name in (("softmax", "softmax"),
                              ("log_softmax", "cross_entropy"))},
    **{f"losses.{name}": [
        one(BINARY, small.binary, name),
        one(SURE, small.binary, name, start=-60.0)]
       for name in ("binary_cross_entropy",
                    "binary_cross_entropy_with_logits")},
    "losses": [one(PARABOLA, small.net)],
    "losses._pick": [one(CLUSTERS, small.classes, "cross_entropy")],
    "losses.cross_entropy": [one(
        CLUSTERS, small.classes, "cross_entropy", label_smoothing=0.2)],
    "losses.accuracy": [one(ERROR, small.evaluated, of="error")],
    "init": [
        one(START, small.start, "kaiming_normal_", nonlinearity="relu"),
        one(START, small.start, "kaiming_normal_", a=2.0),
        one(START, small.start, "kaiming_normal_", field=(3, 3))],
    "init.xavier_normal_": [one(START, small.start, "xavier_normal_")],
    "init.xavier_uniform_": [
        one(START, small.start, "xavier_uniform_", gain=2.0)],
    "init.normal_": [one(START, small.start, "normal_", std=0.2)],
    "init.uniform_": [one(START, small.start, "uniform_", a=-0.5, b=0.5)],
    "mlp": [one(PARABOLA, small.net),
            one(PARABOLA, small.net, batch_size=8)],
    "mlp.MLP.__call__": [
        one(PARABOLA, small.net),
        one(EVALUATED, small.evaluated, norm="batch"),
        one(EVALUATED, small.evaluated, norm="batch", dropout=0.3),
        one(PARABOLA, small.net, dropout=0.3)],
    "mlp.classify": [
        one(ERROR, small.evaluated, of="error"),
        one(ERROR, small.evaluated, of="error", norm="batch")],
    "_mode": [one(ERROR, small.evaluated, of="error", norm="batch"),
              one(EVALUATED, small.evaluated, dropout=0.5)],
    "_net.Net": [one(EVALUATED, small.evaluated, norm="batch")],
    "backprop": [
        one(WRITTEN, small.by_hand, loss) for loss in (
            "mse_loss", "cross_entropy",
            "binary_cross_entropy_with_logits")],
    "autograd.Value._graph": engines("(lambda x: x + x * b)(-a)") + [
        one(CHAIN, small.engine, "sum([a] * 1100) / 1100", steps=3)],
    "autograd.Value.backward": engines("a + b") + [
        one(PARTS, small.engine, "a + b", parts=2)],
    "autograd": engines(
        "(2 - a) * (a - b)", "b / a", "a ** 3 + b", "a @ b.T", "a + b[0]",
        "b ** 0 * b"),
    **{f"_operations.Operations.{name}": engines(expression)
       for name, expression in [
        ("exp", "a.exp()"), ("tanh", "a.tanh()"), ("T", "a @ b.T"),
        ("relu", "(0 * a).relu() + b.relu()"),
        ("where", "a.where(a < 1, b) + b"), ("mean", "b.mean()"),
        ("max", "(b[0] + 0 * a).max(0)"),
        ("__getitem__", "a[[0, 2, 0]]")]},
    "convolution": [
        one(FILTERS, layers.filters, "conv2d"),
        one(FILTERS, layers.filters, "conv2d", stride=2),
        one(FILTERS, layers.filters, "conv2d", stride=2, padding=1),
        one(FILTERS_WRITTEN, layers.filters, "conv2d", hand=True),
        one(FILTERS_WRITTEN, layers.filters, "conv2d", hand=True,
            padding=1)],
    "convolution.textbook_conv2d": [
        one(FILTERS_WRITTEN, layers.filters, "textbook_conv2d",
            stride=2, hand=True)],
    "convolution.max_pool2d": [
        one(POOLED, layers.pooling, "max_pool2d", padding=1),
        one(TIES, layers.pooling, "max_pool2d", stride=1, equal=True)],
    "convolution.max_pool2d_gradient": [
        one(TIES, layers.pooling, "max_pool2d", stride=1, equal=True,
            hand=True)],
    "convolution.avg_pool2d": [
        one(POOLED, layers.pooling, "avg_pool2d"),
        one(POOLED, layers.pooling, "avg_pool2d", padding=1)],
    "convolution.flatten": [one(CNN, layers.images)],
    "normalization": [
        one(NORM, layers.norm, "batch", shape=(3, 2, 4, 4))],
    "normalization._follow": [
        one(EVALUATED, small.evaluated, norm="batch")],
    "normalization.BatchNorm": [
        one(EVALUATED, small.evaluated, norm="batch")],
    "normalization.layer_norm": [
        one(NORM, layers.norm, "layer", shape=(6, 4)),
        one(NORM, layers.norm, "layer", shape=(3, 2, 4)),
        one(NORM, layers.norm, "layer", spread=0.01),
        one(NORM, layers.norm, "layer", spread=0.0)],
    "normalization._moments": [
        one(NORM, layers.norm, "layer", shape=(6, 4)),
        one(NORM, layers.norm, "layer", shift=1e4)],
    "normalization._gradients": [
        one(NORM_WRITTEN, layers.norm_by_hand)],
    "normalization.batch_norm": [
        one(EVALUATED, small.evaluated, norm="batch"),
        one(NORM, layers.norm, "batch", spread=200.0,
            dtype=torch.float16)],
    "dropout": [
        one(PARABOLA, small.net, dropout=0.3),
        one(EVALUATED, small.evaluated, dropout=0.5),
        one(PARABOLA, small.net, dropout=1.0)],
    "data": [one(BATCHES, layers.table)],
    "data.standardize": [one(STANDARD, layers.table, first="standardize")],
    "data.train_test_split": [one(HELD_OUT, layers.table, first="split")],
    "images": [one(FILES, layers.files)],
    "linear_regression": [one(LINE, layers.line)],
    "logistic_regression": [one(BOUNDARY, layers.boundary)],
    "logistic_regression.classify": [
        one(BOUNDARY_ERROR, layers.boundary, of="error")],
    "softmax_regression": [one(BATCHES, layers.table)],
    "checkpoint": [one(RESUMED, layers.resumed),
                   one(RESUMED, layers.resumed, norm="batch")],
    "cnn": [one(CNN, layers.images),
            one(CNN, layers.images, mean=0.3, std=0.5)],
    "cnn.CNN.parameters": [one(CNN, layers.images, norm="batch")],
    "cnn.Training._advance": [one(CNN, layers.images, one_cycle=True)],
    "cnn.Training.__iter__": [
        one(CNN, layers.images),
        one(CNN_RESUMED, layers.images, resume=True)],
    "_net.layer": [one(CNN, layers.images)],
    "cnn.classify": [
        one(CNN_ERROR, layers.images, of="error", norm="batch")],
    "cnn.evaluate": [one(CNN_ERROR, layers.images, of="error")],
    "_state": [one(CNN_RESUMED, layers.images, resume=True, dropout=0.5)],
    "tensors": [one(SLOPE, small.slope)],
}


def trainings(where: str) -> list[Training]:
    """Those of the function, then of its class, then of its topic."""
    names = where.split(".")
    return [training for i in range(len(names), 0, -1)
            for training in TRAININGS.get(".".join(names[:i]), [])]
