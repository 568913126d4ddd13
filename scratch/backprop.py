"""Backpropagation: every gradient by hand, without autograd.

L is the loss, a number. `upstream`, written G, is the gradient of L
with respect to a function's output, and has the output's shape. The
function returns the gradient with respect to its input or parameters.

The models come from their own topics. Autograd records what is done
with their tensors; `.data` is the same memory without a record.

Rumelhart, Hinton and Williams (1986), https://doi.org/10.1038/323533a0
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from scratch._checks import (check_gradients, check_not_empty,
                             check_trainable, check_training,
                             check_unit_interval)
from scratch._floats import (check_alike, check_axes, check_classes,
                             check_pair)
from scratch._net import check_plain
from scratch.activations import log_softmax
from scratch.linear_regression import LinearRegression
from scratch.mlp import MLP, _deal
from scratch.softmax_regression import SoftmaxRegression


def linear_input_gradient(weight: Tensor, upstream: Tensor) -> Tensor:
    """dL/dx = G W, (n, k), for x W^T + b; W (m, k), G (n, m)."""
    check_axes(2, weight=weight, upstream=upstream)
    # dL/dx_ij = sum_c G_ic W_cj
    return upstream @ weight


def linear_parameter_gradients(input: Tensor, upstream: Tensor,
                               ) -> tuple[Tensor, Tensor]:
    """dL/dW = G^T x, (m, k), and dL/db = sum of the rows of G, (m,).

    The layer is x W^T + b; x (n, k), G (n, m).
    """
    check_axes(2, input=input, upstream=upstream)
    # dL/dW_cj = sum_i G_ic x_ij,  dL/db_c = sum_i G_ic
    return upstream.T @ input, upstream.sum(dim=0)


def relu_gradient(output: Tensor, upstream: Tensor) -> Tensor:
    """dL/dx = G where relu(x) > 0, else 0, from relu's output.

    Both arguments have the same shape. A net keeps the output anyway.
    It is positive exactly where the input is.
    """
    check_alike(output=output, upstream=upstream)
    # Not a product with the slope: 0 times infinity is NaN.
    return torch.where(output <= 0, 0, upstream)


def mse_loss_gradient(input: Tensor, target: Tensor,
                      ) -> tuple[Tensor, Tensor]:
    """The loss L = mean((x - y)^2), and dL/dx = 2 (x - y) / n.

    n is the number of entries. Shapes and errors are as in `mse_loss`.
    """
    input, target = check_pair(input, target)
    check_not_empty(input)
    error = input - target
    # dL/dx = 2 (x - y) / n
    return (error * error).mean(), error * (2 / input.numel())


def binary_cross_entropy_with_logits_gradient(
        input: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """The loss from logits x, and dL/dx = (s - y) / n, s = sigmoid(x).

    The slope of the logarithms, (s - y) / (s (1 - s)), times that of
    the sigmoid, s (1 - s), is s - y. n is the number of entries.
    Shapes and errors are as in `binary_cross_entropy_with_logits`.
    """
    input, target = check_pair(input, target)
    check_unit_interval("target", target, ValueError)
    check_not_empty(input)
    x, y = input, target
    low = x.clamp(max=0)
    # log(1 + exp(-|x|))
    bend = torch.log1p(torch.exp(-x.abs()))
    # log s = min(x, 0) - bend
    s = torch.exp(low - bend)
    # L = mean(max(x, 0) - x y + bend), where n is 1 for x < 0
    n = (x < 0).to(x.dtype)
    loss = (x * (1 - n - y) + bend).mean()
    # dL/dx = (s - y) / n
    return loss, (s - y).div_(x.numel())


def cross_entropy_gradient(input: Tensor, target: Tensor,
                           ) -> tuple[Tensor, Tensor]:
    """The loss from logits x, and dL/dx = (p - q) / n, p = softmax(x).

    q is 1 at the class y and 0 elsewhere; n is the number of rows.
    Shapes and errors are as in `cross_entropy`.
    """
    input = check_classes(input, target)
    check_not_empty(target)
    n = len(target)
    log_p = log_softmax(input, dim=1)
    rows = torch.arange(n, device=target.device)
    q = torch.zeros_like(log_p)
    q[rows, target] = 1
    # L = mean(-log p_y),  dL/dx = (p - q) / n
    loss = -log_p[rows, target].mean()
    return loss, (torch.exp(log_p) - q).div_(n)


def linear_regression_gradients(
        model: LinearRegression, x: Tensor, y: Tensor,
) -> tuple[Tensor, list[Tensor]]:
    """Half the mean squared error of all rows, and [dL/dw, dL/db]."""
    check_trainable(model)
    w, b = (p.data for p in model.parameters())
    output, y = check_pair(x @ w.T + b, y)
    check_not_empty(output)
    n = len(x)
    # L = e . e / 2n for e = x w^T + b - y, and so dL/de = e / n
    error = output - y
    loss = (error * error).sum() / (2 * n)
    return loss, [*linear_parameter_gradients(x, error / n)]


def softmax_regression_gradients(
        model: SoftmaxRegression, x: Tensor, y: Tensor,
) -> tuple[Tensor, list[Tensor]]:
    """The mean cross-entropy of all rows, and [dL/dW, dL/db]."""
    check_trainable(model)
    w, b = (p.data for p in model.parameters())
    loss, upstream = cross_entropy_gradient(x @ w.T + b, y)
    return loss, [*linear_parameter_gradients(x, upstream)]


def mlp_gradients(
        model: MLP, x: Tensor, y: Tensor, loss_gradient: Callable
        = binary_cross_entropy_with_logits_gradient,
) -> tuple[Tensor, list[Tensor]]:
    """The loss, and dL/dp for each parameter in turn.

    loss_gradient(outputs, y) returns the loss and its gradient, as
    `mse_loss_gradient` does. Raises ValueError if the net has a norm
    or dropout.
    """
    check_trainable(model)
    check_plain(model)
    layers = [(w.data, b.data) for w, b in model.layers]
    # Forward: layer i takes h[i], and h[i + 1] = relu(h[i] W^T + b).
    h = [x]
    for w, b in layers[:-1]:
        h.append((h[-1] @ w.T).add_(b).clamp_(min=0))
    w, b = layers[-1]
    loss, upstream = loss_gradient((h[-1] @ w.T).add_(b), y)
    # Backward: the chain rule, from the last layer to the first.
    gradients = [*linear_parameter_gradients(h[-1], upstream)]
    for i in range(len(layers) - 1, 0, -1):
        # through the weights of layer i, then the relu before it
        upstream = linear_input_gradient(layers[i][0], upstream)
        upstream = relu_gradient(h[i], upstream)
        gradients[:0] = linear_parameter_gradients(h[i - 1], upstream)
    return loss, gradients


def train(model: Any, gradients: Callable, x: Tensor, y: Tensor,
          lr: float, epochs: int, batch_size: int | None = None,
          generator: torch.Generator | None = None, gamma: float = 1.0,
          stop: float = 0.0) -> Iterator[float]:
    """Gradient descent with gradients written out by hand.

    gradients(model, rows, targets) returns the loss and dL/dp for
    each parameter, as `mlp_gradients` does. `gamma` is that of
    `softmax_regression.train`, `stop` that of
    `linear_regression.train`; all else is as in `mlp.train`.
    """
    lr, epochs, gamma, stop = check_training(
        model, lr=lr, epochs=epochs, gamma=gamma, stop=stop)
    parameters = [p.data for p in model.parameters()]
    for epoch in range(epochs):
        for rows, targets in _deal(x, y, batch_size, generator):
            loss, slopes = gradients(model, rows, targets)
            value = loss.item()
            if value < stop:
                yield value
                return
            slopes = check_gradients(parameters, slopes)
            for p, slope in zip(parameters, slopes):
                # p <- p - lr dL/dp
                p.sub_(slope, alpha=lr)
            yield value
        lr *= gamma
