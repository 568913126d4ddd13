"""An ordinary call of every public name, for odd arguments."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tests.compare.idx_writer import write_idx, write_images

X = torch.tensor([[0.5, -1.0], [2.0, 0.25], [-0.5, 3.0]])
P = torch.tensor([[0.5, 0.25], [0.0, 1.0], [0.75, 0.125]])
Y = torch.tensor([[0.0], [1.0], [1.0]])
LABELS = torch.tensor([0, 1, 1])
IMAGES = torch.tensor([0.5, -1.0, 2.0, 0.25, -0.5, 3.0, 1.0]).repeat(
    18)[:120].reshape(2, 2, 5, 6)
FILTERS = IMAGES[:, :, :3, :2].repeat(2, 1, 1, 1)[:3]
DIGITS = torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(0))
# The arguments of a call, from a wing and an empty folder.
Call = Callable[[Any, Path], dict[str, Any]]


def square(x: Tensor) -> Tensor:
    """A scalar function."""
    return (x * x).sum()


def _optimiser(**options: Any) -> Call:
    return lambda wing, folder: {
        "params": [X.clone().requires_grad_(), Y.clone().requires_grad_()]
    } | options


def _schedule(**options: Any) -> Call:
    return lambda wing, folder: {"optimizer": wing.optim.SGD(
        [X.clone().requires_grad_()], 0.1), **options}


def _sequence(wing: Any, folder: Path) -> dict[str, Any]:
    one, side = _schedule()(wing, folder)["optimizer"], wing.lr_scheduler
    return {"optimizer": one, "milestones": [2], "schedulers": [
        side.LinearLR(one, 0.25), side.StepLR(one, 1)]}


def _weight(**options: Any) -> Call:
    return lambda wing, folder: {
        "tensor": X.clone(), **options,
        "generator": torch.Generator().manual_seed(0)}


def _checkpoint(wing: Any, folder: Path) -> dict[str, Any]:
    model = wing.mlp.MLP([2, 1])
    return {"path": folder / "run.save", "model": model,
            "optimizer": wing.optim.Adam(model.parameters(), 0.1),
            "epoch": 3, "generator": torch.Generator()}


def _saved(wing: Any, folder: Path) -> dict[str, Any]:
    arguments = _checkpoint(wing, folder)
    wing.checkpoint.save(**arguments)
    del arguments["epoch"]
    return arguments


def _images(kind: str) -> Call:
    def call(wing: Any, folder: Path) -> dict[str, Any]:
        write_images(folder, kind, train=10, test=10)
        return {"root": folder, "train": True}
    return call


def _labels_file(wing: Any, folder: Path) -> dict[str, Any]:
    write_idx(folder / "labels", LABELS.numpy(force=True).astype("u1"))
    return {"path": folder / "labels"}


def _cnn(wing: Any) -> Any:
    return wing.cnn.CNN(0.25, 0.5, channels=(2, 3), size=8)


_elementwise: Call = lambda wing, folder: {"input": X}
_along: Call = lambda wing, folder: {"input": X, "dim": 1}
_labels: Call = lambda wing, folder: {
    "input": X, "target": LABELS, "reduction": "mean"}
# No padding: some of torch's kernels skip it, so that no infinity of
# the weight meets a 0.
_convolution: Call = lambda wing, folder: {
    "input": IMAGES, "weight": FILTERS, "bias": IMAGES[0, 0, 0, :3],
    "stride": 2, "padding": 0}
_pooling: Call = lambda wing, folder: {
    "input": IMAGES, "kernel_size": 2, "stride": 2, "padding": 1}
_kaiming = {"a": 0.2, "mode": "fan_out", "nonlinearity": "leaky_relu"}
_adam = {"lr": 0.1, "betas": (0.9, 0.99), "eps": 1e-8,
         "weight_decay": 0.1, "amsgrad": True}

CALLS: dict[str, Call] = {
    "tensors.abs": _elementwise,
    "tensors.dot": lambda wing, folder: {"input": X[0], "tensor": X[1]},
    "tensors.mm": lambda wing, folder: {"input": X, "mat2": P.T},
    "tensors.lerp": lambda wing, folder: {
        "input": X, "end": P, "weight": 0.25},
    "tensors.from_numpy": lambda wing, folder: {
        "array": X.numpy(force=True).copy()},
    "tensors.to_numpy": _elementwise,
    "tensors.mean_square": _elementwise,
    "tensors.gradient": lambda wing, folder: {
        "function": square, "input": X},
    "tensors.numerical_gradient": lambda wing, folder: {
        "function": square, "input": X.double(), "eps": 1e-6},
    "activations.relu": _elementwise,
    "activations.sigmoid": _elementwise,
    "activations.tanh": _elementwise,
    "activations.softplus": _elementwise,
    "activations.textbook_softmax": _along,
    "activations.softmax": _along,
    "activations.log_softmax": _along,
    "autograd.Value": lambda wing, folder: {"data": X},
    "losses.mse_loss": lambda wing, folder: {
        "input": X, "target": P, "reduction": "mean"},
    "losses.binary_cross_entropy": lambda wing, folder: {
        "input": P, "target": P.flip(0), "reduction": "mean"},
    "losses.binary_cross_entropy_with_logits": lambda wing, folder: {
        "input": X, "target": P, "reduction": "mean"},
    "losses.nll_loss": _labels,
    "losses.cross_entropy": lambda wing, folder: {
        "input": X, "target": LABELS, "reduction": "mean",
        "label_smoothing": 0.1},
    "losses.accuracy": lambda wing, folder: {
        "input": LABELS, "target": LABELS.flip(0)},
    "init.calculate_gain": lambda wing, folder: {
        "nonlinearity": "leaky_relu", "param": 0.2},
    "init.uniform_": _weight(a=-0.5, b=1.0),
    "init.normal_": _weight(mean=0.5, std=2.0),
    "init.constant_": lambda wing, folder: {"tensor": X.clone(), "val": 0.5},
    "init.zeros_": lambda wing, folder: {"tensor": X.clone()},
    "init.xavier_uniform_": _weight(gain=2.0),
    "init.xavier_normal_": _weight(gain=2.0),
    "init.kaiming_uniform_": _weight(**_kaiming),
    "init.kaiming_normal_": _weight(**_kaiming),
    "optim.SGD": _optimiser(lr=0.1, momentum=0.9, dampening=0.0,
                            weight_decay=0.1, nesterov=True),
    "optim.RMSprop": _optimiser(lr=0.1, alpha=0.9, eps=1e-8,
                                weight_decay=0.1, momentum=0.9,
                                centered=False),
    "optim.Adagrad": _optimiser(lr=0.1, lr_decay=0.1, weight_decay=0.1,
                                eps=1e-8),
    "optim.Adam": _optimiser(**_adam),
    "optim.AdamW": _optimiser(**_adam),
    "lr_scheduler.StepLR": _schedule(step_size=2, gamma=0.5),
    "lr_scheduler.MultiStepLR": _schedule(milestones=[3, 1], gamma=0.5),
    "lr_scheduler.ExponentialLR": _schedule(gamma=0.5),
    "lr_scheduler.LinearLR": _schedule(start_factor=0.25, end_factor=0.75,
                                       total_iters=3),
    "lr_scheduler.CosineAnnealingLR": _schedule(T_max=3, eta_min=0.01),
    "lr_scheduler.OneCycleLR": _schedule(
        max_lr=1.0, total_steps=8, pct_start=0.5, div_factor=25.0,
        final_div_factor=1e4),
    "lr_scheduler.SequentialLR": _sequence,
    "data.as_generator": lambda wing, folder: {"generator": 0},
    "data.line": lambda wing, folder: {"size": 3, "generator": 0},
    "data.parabola": lambda wing, folder: {
        "size": 3, "uniform": 0.2, "normal": 0.1, "generator": 0},
    "data.blobs": lambda wing, folder: {"size": 3, "generator": 0},
    "data.digits": lambda wing, folder: {},
    "data.breast_cancer": lambda wing, folder: {},
    "data.standardize": lambda wing, folder: {"input": X, "reference": P},
    "data.train_test_split": lambda wing, folder: {
        "x": X, "y": Y, "test_size": 0.3, "generator": 0},
    "data.batches": lambda wing, folder: {
        "x": X, "y": Y, "batch_size": 2, "shuffle": True,
        "drop_last": False, "generator": torch.Generator()},
    "images.read_idx": _labels_file,
    "images.mnist": _images("MNIST"),
    "images.fashion_mnist": _images("FashionMNIST"),
    "linear_regression.LinearRegression": lambda wing, folder: {
        "features": 2, "device": "cpu"},
    "linear_regression.train": lambda wing, folder: {
        "model": wing.linear_regression.LinearRegression(2), "x": X,
        "y": Y, "lr": 0.1, "steps": 3, "stop": 0.0,
        "keep_gradients": True},
    "logistic_regression.Boundary": lambda wing, folder: {"device": "cpu"},
    "logistic_regression.LogisticRegression": lambda wing, folder: {
        "features": 2, "device": "cpu"},
    "logistic_regression.train": lambda wing, folder: {
        "model": wing.logistic_regression.LogisticRegression(2),
        "loss_function": wing.losses.binary_cross_entropy, "x": X,
        "y": Y, "lr": 0.1, "momentum": 0.9, "epochs": 3},
    "logistic_regression.classify": lambda wing, folder: {
        "model": wing.logistic_regression.Boundary(), "x": X},
    "softmax_regression.SoftmaxRegression": lambda wing, folder: {
        "features": 2, "classes": 3, "device": "cpu"},
    "softmax_regression.train": lambda wing, folder: {
        "model": wing.softmax_regression.SoftmaxRegression(2, 2),
        "x": X, "y": LABELS, "lr": 0.1, "epochs": 2, "batch_size": 2,
        "gamma": 0.5, "generator": 0},
    "softmax_regression.classify": lambda wing, folder: {
        "model": wing.softmax_regression.SoftmaxRegression(2, 2), "x": X},
    "softmax_regression.evaluate": lambda wing, folder: {
        "model": wing.softmax_regression.SoftmaxRegression(2, 2), "x": X,
        "y": LABELS},
    "mlp.MLP": lambda wing, folder: {
        "widths": [2, 3, 1], "generator": 0, "device": "cpu",
        "norm": "batch", "dropout": 0.25},
    "mlp.sequential": lambda wing, folder: {
        "model": wing.mlp.MLP([2, 3, 1])},
    "mlp.train": lambda wing, folder: {
        "model": wing.mlp.MLP([2, 3, 1]),
        "loss_function": wing.losses.mse_loss, "x": X, "y": Y, "lr": 0.1,
        "epochs": 2, "batch_size": 2, "generator": torch.Generator()},
    "mlp.train_with": lambda wing, folder: {
        "model": (model := wing.mlp.MLP([2, 3, 1])),
        "optimizer": wing.optim.Adam(model.parameters(), 0.1),
        "loss_function": wing.losses.mse_loss, "x": X, "y": Y,
        "epochs": 2, "batch_size": 2, "generator": torch.Generator()},
    "mlp.classify": lambda wing, folder: {
        "model": wing.mlp.MLP([2, 3, 2]), "x": X},
    "backprop.linear_input_gradient": lambda wing, folder: {
        "weight": X, "upstream": P @ P.T},
    "backprop.linear_parameter_gradients": lambda wing, folder: {
        "input": X, "upstream": P},
    "backprop.relu_gradient": lambda wing, folder: {
        "output": P, "upstream": X},
    "backprop.mse_loss_gradient": lambda wing, folder: {
        "input": X, "target": P},
    "backprop.binary_cross_entropy_with_logits_gradient":
        lambda wing, folder: {"input": X, "target": P},
    "backprop.cross_entropy_gradient": lambda wing, folder: {
        "input": X, "target": LABELS},
    "backprop.linear_regression_gradients": lambda wing, folder: {
        "model": wing.linear_regression.LinearRegression(2), "x": X,
        "y": Y},
    "backprop.softmax_regression_gradients": lambda wing, folder: {
        "model": wing.softmax_regression.SoftmaxRegression(2, 2), "x": X,
        "y": LABELS},
    "backprop.mlp_gradients": lambda wing, folder: {
        "model": wing.mlp.MLP([2, 3, 1]), "x": X, "y": Y,
        "loss_gradient": wing.backprop.mse_loss_gradient},
    "backprop.train": lambda wing, folder: {
        "model": wing.mlp.MLP([2, 3, 1]),
        "gradients": wing.backprop.mlp_gradients, "x": X, "y": Y,
        "lr": 0.1, "epochs": 2, "batch_size": 2,
        "generator": torch.Generator(), "gamma": 0.5, "stop": 0.0},
    "convolution.textbook_conv2d": _convolution,
    "convolution.conv2d": _convolution,
    "convolution.max_pool2d": _pooling,
    "convolution.avg_pool2d": _pooling,
    "convolution.flatten": lambda wing, folder: {"input": IMAGES},
    "convolution.conv2d_gradients": lambda wing, folder: {
        "input": IMAGES, "weight": FILTERS, "upstream":
        IMAGES[:, :1, :2].repeat(1, 3, 1, 1)[..., :3], "stride": 2,
        "padding": 0},
    "convolution.max_pool2d_gradient": lambda wing, folder: {
        "input": IMAGES, "upstream": IMAGES[:, :, :3, :4],
        "kernel_size": 2, "stride": 2, "padding": 1},
    "normalization.batch_norm": lambda wing, folder: {
        "input": X, "running_mean": P[0].clone(), "weight": X[1],
        "running_var": P[2].clone(), "bias": P[1], "training": True,
        "momentum": 0.25, "eps": 1e-5},
    "normalization.layer_norm": lambda wing, folder: {
        "input": X, "normalized_shape": [2], "weight": X[1], "bias": P[1],
        "eps": 1e-5},
    "normalization.batch_norm_gradients": lambda wing, folder: {
        "input": X, "weight": X[1], "upstream": P, "eps": 1e-5},
    "normalization.layer_norm_gradients": lambda wing, folder: {
        "input": X, "normalized_shape": [2], "weight": X[1],
        "upstream": P, "eps": 0.5},
    "normalization.BatchNorm": lambda wing, folder: {
        "num_features": 2, "eps": 1e-5, "momentum": 0.25, "device": "cpu",
        "dtype": torch.float32},
    "normalization.LayerNorm": lambda wing, folder: {
        "normalized_shape": [2], "eps": 1e-5, "device": "cpu",
        "dtype": torch.float32},
    "dropout.dropout": lambda wing, folder: {
        "input": X, "p": 0.25, "training": True,
        "generator": torch.Generator()},
    "dropout.Dropout": lambda wing, folder: {"p": 0.25, "generator": 0},
    "checkpoint.save": _checkpoint,
    "checkpoint.load": _saved,
    "checkpoint.train": lambda wing, folder: {
        "path": folder / "run.save",
        "model": (model := wing.mlp.MLP([2, 3, 1])),
        "optimizer": wing.optim.Adam(model.parameters(), 0.1),
        "loss_function": wing.losses.mse_loss, "x": X, "y": Y,
        "epochs": 2, "batch_size": 2, "generator": torch.Generator()},
    "cnn.CNN": lambda wing, folder: {
        "mean": 0.25, "std": 0.5, "generator": 0, "channels": (2, 3),
        "size": 8, "device": "cpu", "norm": "batch", "dropout": 0.25},
    "cnn.Recipe": lambda wing, folder: {
        "batch_size": 2, "lr": 0.1, "betas": (0.5, 0.9),
        "label_smoothing": 0.1, "one_cycle": True, "normalise": True,
        "accelerate": False},
    "cnn.Training": lambda wing, folder: {
        "model": _cnn(wing), "x": DIGITS, "y": LABELS,
        "recipe": wing.cnn.Recipe(2, 0.1, label_smoothing=0.1),
        "epochs": 2, "seed": 3, "bf16": False},
    "cnn.classify": lambda wing, folder: {"model": _cnn(wing), "x": DIGITS},
    "cnn.evaluate": lambda wing, folder: {
        "model": _cnn(wing), "x": DIGITS, "y": LABELS},
}
