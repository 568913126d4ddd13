"""Normalisation: layers that keep the size of what passes through.

A layer subtracts a mean and divides by a standard deviation, then
multiplies by a weight and adds a bias, both learned:

    z = (x - mean) / sqrt(var + eps),    y = weight z + bias

var is the mean of (x - mean)^2. Batch normalisation takes mean and var
of each channel, over the whole batch; layer normalisation of each row,
over its features. eps > 0, else a constant channel would be 0 / 0.

A weight of None is 1, a bias 0. Beside an input in float16 or bfloat16
all else may be float32. All raise TypeError for what is no tensor,
RuntimeError for a dtype, ValueError for a shape or unless eps > 0.

Ioffe and Szegedy (2015), https://arxiv.org/abs/1502.03167
Ba, Kiros and Hinton (2016), https://arxiv.org/abs/1607.06450
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from scratch._checks import check_fraction, check_whole
from scratch._floats import check_alike, wide
from scratch._norm import (Layer, check_channels, check_eps,
                           check_features, check_running,
                           check_sizes)

# What a channel's mean is taken over: rows, and in images pixels.
_AXES = {2: [0], 4: [0, 2, 3]}


def batch_norm(input: Tensor, running_mean: Tensor | None,
               running_var: Tensor | None, weight: Tensor | None = None,
               bias: Tensor | None = None, training: bool = False,
               momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """weight z + bias, where each channel has its own mean and var.

    input is (n, c), or (n, c, h, w) for images; all else is (c,). In
    training mean and var are those of the batch, and the running ones,
    unless they are None, move towards them in place:

        running <- (1 - momentum) running + momentum batch

    There the batch's var is divided by n - 1, not n. In evaluation mean
    and var are the running ones. Raises ValueError unless momentum is
    in [0, 1], and in training for fewer than 2 values per channel.
    """
    momentum, eps = check_fraction("momentum", momentum), check_eps(eps)
    check_running(running_mean, running_var, training)
    check_channels(input, training, running_mean=running_mean,
                   running_var=running_var, weight=weight, bias=bias)
    x = wide(input)
    if training:
        mean, var = _moments(x, _AXES[x.dim()])
        if running_mean is not None and running_var is not None:
            _follow(running_mean, mean, momentum)
            # the sum of squares / (n - 1), not / n
            n = x.numel() / x.shape[1]
            _follow(running_var, var * (n / (n - 1)), momentum)
    else:
        mean, var = _shaped(running_mean, x), _shaped(running_var, x)
    z = (x - mean) / torch.sqrt(var + eps)
    y = _affine(z, _shaped(weight, x), _shaped(bias, x))
    return y.to(input.dtype)


def layer_norm(input: Tensor, normalized_shape: Sequence[int],
               weight: Tensor | None = None, bias: Tensor | None = None,
               eps: float = 1e-5) -> Tensor:
    """weight z + bias, where each row has its own mean and var.

    A row has the shape `normalized_shape`, of the last axes of input;
    so have weight and bias.
    """
    eps = check_eps(eps)
    sizes = check_features(input, normalized_shape, weight=weight,
                           bias=bias)
    x = wide(input)
    mean, var = _moments(x, [*range(-len(sizes), 0)])
    z = (x - mean) / torch.sqrt(var + eps)
    return _affine(z, weight, bias).to(input.dtype)


def batch_norm_gradients(input: Tensor, weight: Tensor,
                         upstream: Tensor, eps: float = 1e-5,
                         ) -> tuple[Tensor, Tensor, Tensor]:
    """dL/dx, dL/dweight and dL/dbias of `batch_norm` in training.

    upstream, written G, is dL/dy, and has the shape of the input. With
    g = weight G, and means over the batch,

        dL/dx = (g - mean(g) - z mean(g z)) / sqrt(var + eps)

    The second term comes through the mean, the third through var.
    """
    check_channels(input, weight=weight)
    dx, dw, db = _gradients(input, _shaped(weight, input), upstream,
                            _AXES[input.dim()], eps)
    return dx, dw.flatten(), db.flatten()


def layer_norm_gradients(input: Tensor, normalized_shape: Sequence[int],
                         weight: Tensor, upstream: Tensor,
                         eps: float = 1e-5,
                         ) -> tuple[Tensor, Tensor, Tensor]:
    """The same gradients of `layer_norm`; its means are over a row."""
    sizes = check_features(input, normalized_shape, weight=weight)
    return _gradients(input, weight, upstream,
                      [*range(-len(sizes), 0)], eps)


def _gradients(input: Tensor, weight: Tensor, upstream: Tensor,
               axes: list[int], eps: float,
               ) -> tuple[Tensor, Tensor, Tensor]:
    eps = check_eps(eps)
    check_alike(input=input, upstream=upstream)
    x, upstream = wide(input), wide(upstream)
    mean, var = _moments(x, axes)
    std = torch.sqrt(var + eps)
    z, g = (x - mean) / std, weight * upstream
    # dL/dx = (g - mean(g) - z mean(g z)) / std
    dx = (g - g.mean(dim=axes, keepdim=True)
          - z * (g * z).mean(dim=axes, keepdim=True)) / std
    # dL/dweight = sum G z,  dL/dbias = sum G
    dw = (upstream * z).sum_to_size(weight.shape)
    db = upstream.sum_to_size(weight.shape)
    return dx.to(input.dtype), dw.to(weight.dtype), db.to(weight.dtype)


class BatchNorm(Layer):
    """`batch_norm` with weight, bias and running statistics.

    weight and running_var start at 1, bias and running_mean at 0.
    """

    def __init__(self, num_features: int, eps: float = 1e-5,
                 momentum: float = 0.1,
                 device: torch.device | str = "cpu",
                 dtype: torch.dtype | None = None):
        c = check_whole("num_features", num_features, 1)
        super().__init__([c], eps, device, dtype)
        self.momentum = check_fraction("momentum", momentum)
        self.running_mean = torch.zeros_like(self.bias.data)
        self.running_var = torch.ones_like(self.weight.data)

    def __call__(self, input: Tensor) -> Tensor:
        """Outputs in the input's shape, (n, c) or (n, c, h, w)."""
        return batch_norm(input, self.running_mean, self.running_var,
                          self.weight, self.bias, self.training,
                          self.momentum, self.eps)


class LayerNorm(Layer):
    """`layer_norm` with a weight from 1 and a bias from 0.

    normalized_shape is the shape of a row; a number n is (n,).
    """

    def __init__(self, normalized_shape: int | Sequence[int],
                 eps: float = 1e-5, device: torch.device | str = "cpu",
                 dtype: torch.dtype | None = None):
        self.normalized_shape = check_sizes(normalized_shape)
        super().__init__(self.normalized_shape, eps, device, dtype)

    def __call__(self, input: Tensor) -> Tensor:
        """Outputs in the input's shape, (..., *normalized_shape)."""
        return layer_norm(input, self.normalized_shape, self.weight,
                          self.bias, self.eps)


def _shaped(values: Any, input: Tensor) -> Any:
    # For images (c,) becomes (c, 1, 1), to be broadcast.
    if values is None or input.dim() == 2:
        return values
    return values.reshape(-1, 1, 1)


def _moments(x: Tensor, axes: list[int]) -> tuple[Tensor, Tensor]:
    # Not mean(x^2) - mean^2: at 10,000 +- 1, in float32, it would be
    # only rounding error, perhaps below 0.
    mean = x.mean(dim=axes, keepdim=True)
    return mean, ((x - mean) ** 2).mean(dim=axes, keepdim=True)


def _affine(z: Tensor, weight: Tensor | None,
            bias: Tensor | None) -> Tensor:
    # y = weight z + bias
    y = z if weight is None else weight * z
    return y if bias is None else y + bias


def _follow(running: Tensor, batch: Tensor, momentum: float) -> None:
    # running <- (1 - momentum) running + momentum batch
    running.data.copy_((1 - momentum) * running
                       + momentum * batch.detach().flatten())
