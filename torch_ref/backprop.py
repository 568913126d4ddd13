"""Backpropagation: the same gradients, by `torch.autograd.grad`."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from torch_ref._checks import (check_gradients, check_trainable,
                               check_training)
from torch_ref._floats import check_alike, check_axes
from torch_ref._net import check_plain
from torch_ref.data import batches
from torch_ref.linear_regression import LinearRegression
from torch_ref.losses import (binary_cross_entropy_with_logits,
                              cross_entropy, mse_loss)
from torch_ref.mlp import MLP
from torch_ref.softmax_regression import SoftmaxRegression


def linear_input_gradient(weight: Tensor, upstream: Tensor) -> Tensor:
    """dL/dx of `F.linear(x, weight)`, which does not depend on x."""
    check_axes(2, weight=weight, upstream=upstream)
    x = upstream.new_zeros(len(upstream), weight.shape[1],
                           requires_grad=True)
    output = torch.nn.functional.linear(x, weight)
    return torch.autograd.grad(output, x, upstream)[0]


def linear_parameter_gradients(input: Tensor, upstream: Tensor,
                               ) -> tuple[Tensor, Tensor]:
    """dL/dW and dL/db of `F.linear(input, W, b)` at W = 0 and b = 0."""
    check_axes(2, input=input, upstream=upstream)
    features, outputs = input.shape[1], upstream.shape[1]
    weight = input.new_zeros(outputs, features, requires_grad=True)
    bias = input.new_zeros(outputs, requires_grad=True)
    output = torch.nn.functional.linear(input, weight, bias)
    dw, db = torch.autograd.grad(output, (weight, bias), upstream)
    return dw, db


def relu_gradient(output: Tensor, upstream: Tensor) -> Tensor:
    """dL/dx of `torch.relu`, whose slope is the same at its output."""
    check_alike(output=output, upstream=upstream)
    x = output.detach().requires_grad_()
    return torch.autograd.grad(torch.relu(x), x, upstream)[0]


def mse_loss_gradient(input: Tensor, target: Tensor,
                      ) -> tuple[Tensor, Tensor]:
    """`F.mse_loss` and its gradient."""
    return _with_gradient(mse_loss, input, target)


def binary_cross_entropy_with_logits_gradient(
        input: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """`F.binary_cross_entropy_with_logits` and its gradient."""
    return _with_gradient(binary_cross_entropy_with_logits, input,
                          target)


def cross_entropy_gradient(input: Tensor, target: Tensor,
                           ) -> tuple[Tensor, Tensor]:
    """`F.cross_entropy` and its gradient."""
    return _with_gradient(cross_entropy, input, target)


def linear_regression_gradients(
        model: LinearRegression, x: Tensor, y: Tensor,
) -> tuple[Tensor, list[Tensor]]:
    """Half the mean squared error of all rows, and [dL/dw, dL/db]."""
    check_trainable(model)
    loss = 0.5 * mse_loss(model(x), y)
    return _with_gradients(loss, model)


def softmax_regression_gradients(
        model: SoftmaxRegression, x: Tensor, y: Tensor,
) -> tuple[Tensor, list[Tensor]]:
    """The mean cross-entropy of all rows, and [dL/dW, dL/db]."""
    check_trainable(model)
    loss = cross_entropy(model(x), y)
    return _with_gradients(loss, model)


def mlp_gradients(
        model: MLP, x: Tensor, y: Tensor, loss_gradient: Callable
        = binary_cross_entropy_with_logits_gradient,
) -> tuple[Tensor, list[Tensor]]:
    """The loss, and dL/dp for each parameter in turn."""
    check_trainable(model)
    check_plain(model)
    output = model(x)
    loss, upstream = loss_gradient(output, y)
    # from dL/d(output) back to every parameter
    return loss, [*torch.autograd.grad(
        output, [*model.parameters()], upstream)]


def train(model: Any, gradients: Callable, x: Tensor, y: Tensor,
          lr: float, epochs: int, batch_size: int | None = None,
          generator: torch.Generator | None = None, gamma: float = 1.0,
          stop: float = 0.0) -> Iterator[float]:
    """SGD with the gradients as given; `.grad` stays None."""
    lr, epochs, gamma, stop = check_training(
        model, lr=lr, epochs=epochs, gamma=gamma, stop=stop)
    size = len(x) if batch_size is None else batch_size
    parameters = list(model.parameters())
    for epoch in range(epochs):
        for rows, targets in batches(x, y, batch_size=size,
                                     shuffle=generator is not None,
                                     generator=generator):
            loss, slopes = gradients(model, rows, targets)
            if loss < stop:
                yield loss.item()
                return
            slopes = check_gradients(parameters, slopes)
            with torch.no_grad():
                for p, slope in zip(parameters, slopes):
                    p.sub_(slope, alpha=lr)
            yield loss.item()
        lr *= gamma


def _with_gradient(loss_function: Callable, input: Tensor,
                   target: Tensor) -> tuple[Tensor, Tensor]:
    x = input.detach().requires_grad_()
    loss = loss_function(x, target)
    return loss.detach(), torch.autograd.grad(loss, x)[0]


def _with_gradients(loss: Tensor, model: torch.nn.Module,
                    ) -> tuple[Tensor, list[Tensor]]:
    parameters = [*model.parameters()]
    return loss.detach(), [*torch.autograd.grad(loss, parameters)]
