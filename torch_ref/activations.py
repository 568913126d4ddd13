"""Activations: torch's own."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torch_ref._floats import check_along, check_floats


def relu(input: Tensor) -> Tensor:
    """max(x, 0), by `torch.relu`."""
    check_floats(input=input)
    return torch.relu(input)


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + exp(-x)), by `torch.sigmoid`."""
    check_floats(input=input)
    return torch.sigmoid(input)


def tanh(input: Tensor) -> Tensor:
    """Hyperbolic tangent, by `torch.tanh`."""
    check_floats(input=input)
    return torch.tanh(input)


def softplus(input: Tensor) -> Tensor:
    """log(1 + exp(x)), by `F.softplus`."""
    check_floats(input=input)
    # Above a threshold torch returns x itself. The default, 20, drops
    # exp(-20) = 2e-9, which is not negligible in float64; exp(-40) is.
    return F.softplus(input, threshold=40)


def textbook_softmax(input: Tensor, dim: int) -> Tensor:
    """exp(x_i) / sum_j exp(x_j) along `dim`; exp may overflow."""
    check_along(input, dim)
    return input.exp().div(input.exp().sum(dim, keepdim=True))


def softmax(input: Tensor, dim: int) -> Tensor:
    """exp(x_i) / sum_j exp(x_j) along `dim`, by `torch.softmax`."""
    check_along(input, dim)
    return torch.softmax(input, dim)


def log_softmax(input: Tensor, dim: int) -> Tensor:
    """x_i - log(sum_j exp(x_j)), by `torch.log_softmax`."""
    check_along(input, dim)
    return torch.log_softmax(input, dim)
