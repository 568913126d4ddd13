"""Normalisation: `F.batch_norm`, `F.layer_norm` and their layers.

The weight must be contiguous in memory: the backward pass of
`F.batch_norm` reads that of (n, c) as if it were.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torch_ref._checks import check_fraction, check_whole
from torch_ref._floats import check_alike
from torch_ref._norm import (check_channels, check_eps,
                             check_features, check_running,
                             check_sizes)


def batch_norm(input: Tensor, running_mean: Tensor | None,
               running_var: Tensor | None, weight: Tensor | None = None,
               bias: Tensor | None = None, training: bool = False,
               momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """`F.batch_norm`, for (n, c) and (n, c, h, w)."""
    momentum, eps = check_fraction("momentum", momentum), check_eps(eps)
    check_running(running_mean, running_var, training)
    check_channels(input, training, running_mean=running_mean,
                   running_var=running_var, weight=weight, bias=bias)
    if weight is not None:
        weight = weight.contiguous()
    return F.batch_norm(input, running_mean, running_var, weight, bias,
                        training, momentum, eps)


def layer_norm(input: Tensor, normalized_shape: Sequence[int],
               weight: Tensor | None = None, bias: Tensor | None = None,
               eps: float = 1e-5) -> Tensor:
    """`F.layer_norm`."""
    eps = check_eps(eps)
    sizes = check_features(input, normalized_shape, weight=weight,
                           bias=bias)
    return F.layer_norm(input, sizes, weight, bias, eps)


def batch_norm_gradients(input: Tensor, weight: Tensor,
                         upstream: Tensor, eps: float = 1e-5,
                         ) -> tuple[Tensor, Tensor, Tensor]:
    """dL/dx, dL/dweight and dL/dbias of `F.batch_norm` in training."""
    eps = check_eps(eps)
    check_channels(input, weight=weight)
    check_alike(input=input, upstream=upstream)
    x, w, b = _leaves(input, weight)
    y = F.batch_norm(x, None, None, w, b, training=True, eps=eps)
    dx, dw, db = torch.autograd.grad(y, (x, w, b), upstream)
    return dx, dw, db


def layer_norm_gradients(input: Tensor, normalized_shape: Sequence[int],
                         weight: Tensor, upstream: Tensor,
                         eps: float = 1e-5,
                         ) -> tuple[Tensor, Tensor, Tensor]:
    """dL/dx, dL/dweight and dL/dbias of `F.layer_norm`."""
    eps = check_eps(eps)
    sizes = check_features(input, normalized_shape, weight=weight)
    check_alike(input=input, upstream=upstream)
    x, w, b = _leaves(input, weight)
    y = F.layer_norm(x, sizes, w, b, eps)
    dx, dw, db = torch.autograd.grad(y, (x, w, b), upstream)
    return dx, dw, db


class BatchNorm(nn.BatchNorm2d):
    """`nn.BatchNorm2d`, which here takes (n, c), too.

    `nn.BatchNorm1d` differs from it only in the shapes that it takes.
    """

    def __init__(self, num_features: int, eps: float = 1e-5,
                 momentum: float = 0.1,
                 device: torch.device | str = "cpu",
                 dtype: torch.dtype | None = None):
        num_features = check_whole("num_features", num_features, 1)
        momentum = check_fraction("momentum", momentum)
        super().__init__(num_features, check_eps(eps), momentum,
                         device=device, dtype=dtype)

    def _check_input_dim(self, input: Tensor) -> None:
        # nn.BatchNorm2d calls it first of all.
        check_channels(input, self.training, weight=self.weight)


class LayerNorm(nn.LayerNorm):
    """`nn.LayerNorm`."""

    def __init__(self, normalized_shape: int | Sequence[int],
                 eps: float = 1e-5, device: torch.device | str = "cpu",
                 dtype: torch.dtype | None = None):
        super().__init__([*check_sizes(normalized_shape)],
                         check_eps(eps), device=device, dtype=dtype)

    def forward(self, input: Tensor) -> Tensor:
        """Outputs in the input's shape, (..., *normalized_shape)."""
        check_features(input, self.normalized_shape, weight=self.weight)
        return super().forward(input)


def _leaves(input: Tensor, weight: Tensor) -> list[Tensor]:
    # The bias does not matter for any gradient.
    return [t.detach().contiguous().requires_grad_() for t in (
        input, weight, torch.zeros_like(weight))]
