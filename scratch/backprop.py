"""Backpropagation: every gradient by hand, without autograd.

L is the loss, a number. `upstream`, or G, is dL/d of a function's
output, in the output's shape; what it returns is dL/d of its input.

The models are those of their own topics. Their tensors record what is
done with them; `.data` is the same memory without a record.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from scratch._checks import (check_labels, check_not_empty,
                             check_same_shape, check_unit_interval)
from scratch.activations import log_softmax
from scratch.linear_regression import LinearRegression
from scratch.mlp import MLP, _deal
from scratch.softmax_regression import SoftmaxRegression


def linear_input_gradient(weight: Tensor, upstream: Tensor) -> Tensor:
    """dL/dx = G W, (n, k), of x W^T + b; W (m, k), G (n, m)."""
    # dL/dx_ij = sum_c G_ic W_cj
    return upstream @ weight


def linear_parameter_gradients(input: Tensor, upstream: Tensor,
                               ) -> tuple[Tensor, Tensor]:
    """dL/dW = G^T x, (m, k), and dL/db = the sum of G's rows, (m,)."""
    # dL/dW_cj = sum_i G_ic x_ij,  dL/db_c = sum_i G_ic
    return upstream.T @ input, upstream.sum(dim=0)


def relu_gradient(output: Tensor, upstream: Tensor) -> Tensor:
    """dL/dx = G where relu(x) > 0, else 0, from relu's output.

    Any one shape. The output is what a net has kept, and it is above 0
    just where the input is. So the slope, 1 or 0, is its sign.
    """
    return upstream * output.sign()


def mse_loss_gradient(input: Tensor, target: Tensor,
                      ) -> tuple[Tensor, Tensor]:
    """The loss L = mean((x - y)^2), and dL/dx = 2 (x - y) / n.

    n is the number of entries. Shapes and errors as for `mse_loss`.
    """
    check_same_shape(input, target)
    check_not_empty(input)
    error = input - target
    # dL/dx = 2 (x - y) / n
    return (error * error).mean(), error * (2 / input.numel())


def binary_cross_entropy_with_logits_gradient(
        input: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """The loss from logits, and dL/dx = (s - y) / n, s = sigmoid(x).

    The slope of the logarithms, (s - y) / (s (1 - s)), meets that of
    the sigmoid, s (1 - s), and both products are gone. n is the number
    of entries. Shapes and errors as for the loss of that name.
    """
    check_same_shape(input, target)
    check_unit_interval("target", target, ValueError)
    check_not_empty(input)
    x, y = input, target
    low = x.clamp(max=0)
    # log(1 + exp(-|x|))
    bend = torch.log1p(torch.exp(-x.abs()))
    # log s = min(x, 0) - bend
    s = torch.exp(low - bend)
    # L = mean(max(x, 0) - x y + bend)
    loss = (x - low - x * y + bend).mean()
    # dL/dx = (s - y) / n
    return loss, (s - y).div_(x.numel())


def cross_entropy_gradient(input: Tensor, target: Tensor,
                           ) -> tuple[Tensor, Tensor]:
    """The loss from logits, and dL/dx = (p - q) / n, p = softmax(x).

    q is 1 at the class y and 0 elsewhere, n the number of rows. Shapes
    and errors as for `cross_entropy`.
    """
    check_labels(input, target)
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
    """Half the mean squared error, and [dL/dw, dL/db]."""
    w, b = (p.data for p in model.parameters())
    n, output = len(x), x @ w.T + b
    check_same_shape(output, y)
    check_not_empty(output)
    # L = e . e / 2n for e = x w^T + b - y, and so dL/de = e / n
    error = output - y
    loss = (error * error).sum() / (2 * n)
    return loss, [*linear_parameter_gradients(x, error / n)]


def softmax_regression_gradients(
        model: SoftmaxRegression, x: Tensor, y: Tensor,
) -> tuple[Tensor, list[Tensor]]:
    """The cross-entropy, and [dL/dW, dL/db]."""
    w, b = (p.data for p in model.parameters())
    loss, upstream = cross_entropy_gradient(x @ w.T + b, y)
    return loss, [*linear_parameter_gradients(x, upstream)]


def mlp_gradients(
        model: MLP, x: Tensor, y: Tensor, loss_gradient: Callable
        = binary_cross_entropy_with_logits_gradient,
) -> tuple[Tensor, list[Tensor]]:
    """The loss, and dL/dp for each of the parameters in turn.

    loss_gradient(outputs, y): one of the three functions above.
    """
    layers = [(w.data, b.data) for w, b in model.layers]
    # Forward: h[i] goes into layer i, h[i + 1] = relu(h[i] W^T + b).
    h = [x]
    for w, b in layers[:-1]:
        h.append((h[-1] @ w.T).add_(b).clamp_(min=0))
    w, b = layers[-1]
    loss, upstream = loss_gradient((h[-1] @ w.T).add_(b), y)
    # Backward: the chain rule, from the last layer to the first.
    gradients = [*linear_parameter_gradients(h[-1], upstream)]
    for i in range(len(layers) - 1, 0, -1):
        # back through the weights of layer i, and the relu before it
        upstream = linear_input_gradient(layers[i][0], upstream)
        upstream = relu_gradient(h[i], upstream)
        gradients[:0] = linear_parameter_gradients(h[i - 1], upstream)
    return loss, gradients


def train(model: Any, gradients: Callable, x: Tensor, y: Tensor,
          lr: float, epochs: int, batch_size: int | None = None,
          generator: torch.Generator | None = None, gamma: float = 1.0,
          stop: float = 0.0) -> Iterator[float]:
    """The topics' own training, by gradients written out.

    gradients(model, rows, targets): one of the last three functions;
    all else as for the `train` of the model's topic, or of `mlp`.
    """
    parameters = [p.data for p in model.parameters()]
    for epoch in range(epochs):
        for rows, targets in _deal(x, y, batch_size, generator):
            loss, slopes = gradients(model, rows, targets)
            value = loss.item()
            if value < stop:
                yield value
                return
            for p, slope in zip(parameters, slopes):
                # p <- p - lr dL/dp
                p.sub_(slope, alpha=lr)
            yield value
        lr *= gamma
