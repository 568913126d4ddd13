"""Initialisation: how large the first weights are.

A layer's weight has shape (outputs, inputs), for a convolution
(outputs, inputs, height, width). A name that ends in _ writes into its
tensor and returns it. Autograd does not record that: `.data` is the
same memory without a record.

All draw from `generator`; None is torch's global one. All raise
TypeError for what is no tensor, RuntimeError unless its dtype is
floating, ValueError for a number that is not finite.
"""

from math import prod, sqrt

import torch
from torch import Tensor

from scratch._checks import check_finite, check_number
from scratch._floats import check_floats, check_weight


def calculate_gain(nonlinearity: str,
                   param: float | None = None) -> float:
    """The factor by which weights make up for what follows them.

    linear and sigmoid 1, tanh 5/3, relu sqrt(2), leaky_relu
    sqrt(2 / (1 + a^2)), where a, its slope below 0, is `param`, and
    0.01 if that is None. Raises ValueError for any other name.

    He et al. (2015), https://arxiv.org/abs/1502.01852, for the relus
    """
    a = 0.01 if param is None else check_finite("param", param)
    if nonlinearity in ("linear", "sigmoid"):
        return 1.0
    if nonlinearity == "tanh":
        return 5 / 3
    if nonlinearity == "relu":
        # relu halves the mean square.
        return sqrt(2)
    if nonlinearity == "leaky_relu":
        # It keeps (1 + a^2) / 2 of the mean square.
        return sqrt(2 / (1 + a ** 2))
    raise ValueError("nonlinearity must be linear, sigmoid, tanh, relu "
                     f"or leaky_relu, got {nonlinearity!r}")


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0,
             generator: torch.Generator | None = None) -> Tensor:
    """Draw each entry from U(a, b), with std (b - a) / sqrt(12).

    Raises ValueError if a > b.
    """
    check_floats(tensor=tensor)
    a, b = check_finite("a", a), check_finite("b", b)
    if a > b:
        raise ValueError(f"a must be at most b, got {a} and {b}")
    tensor.data.uniform_(a, b, generator=generator)
    return tensor


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0,
            generator: torch.Generator | None = None) -> Tensor:
    """Draw each entry from N(mean, std^2).

    std is the standard deviation. Raises ValueError if it is below 0.
    """
    check_floats(tensor=tensor)
    mean, std = check_finite("mean", mean), check_number("std", std, 0)
    tensor.data.normal_(mean, std, generator=generator)
    return tensor


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Set each entry to `val`."""
    check_floats(tensor=tensor)
    tensor.data.fill_(check_finite("val", val))
    return tensor


def zeros_(tensor: Tensor) -> Tensor:
    """Set each entry to 0."""
    return constant_(tensor, 0.0)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0,
                    generator: torch.Generator | None = None) -> Tensor:
    """Draw from U(-bound, bound), with xavier_normal_'s std.

    bound = gain sqrt(6 / (fan_in + fan_out)). Errors are as there.

    Glorot and Bengio (2010),
    https://proceedings.mlr.press/v9/glorot10a.html
    """
    fan_in, fan_out = _fans(tensor)
    gain = check_number("gain", gain, 0)
    # std = gain sqrt(2 / (fan_in + fan_out))
    std = gain * sqrt(2 / (fan_in + fan_out))
    # U(-bound, bound) has the standard deviation bound / sqrt(3).
    bound = sqrt(3) * std
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0,
                   generator: torch.Generator | None = None) -> Tensor:
    """Draw from N(0, std^2), std = gain sqrt(2 / (fan_in + fan_out)).

    fan_in is the number of products that an output sums, fan_out the
    number of those in which an input occurs. Raises ValueError if
    gain < 0, the tensor has fewer than two axes, or no entry.

    Glorot and Bengio (2010), linked above
    """
    fan_in, fan_out = _fans(tensor)
    gain = check_number("gain", gain, 0)
    # std = gain sqrt(2 / (fan_in + fan_out))
    std = gain * sqrt(2 / (fan_in + fan_out))
    return normal_(tensor, 0.0, std, generator)


def kaiming_uniform_(tensor: Tensor, a: float = 0,
                     mode: str = "fan_in",
                     nonlinearity: str = "leaky_relu",
                     generator: torch.Generator | None = None,
                     ) -> Tensor:
    """Draw from U(-bound, bound), with kaiming_normal_'s std.

    bound = gain sqrt(3 / fan). With a = sqrt(5) it is 1 / sqrt(fan),
    the start of `nn.Linear`. Errors are as there.

    He et al. (2015), linked above
    """
    # U(-bound, bound) has the standard deviation bound / sqrt(3).
    bound = sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(tensor: Tensor, a: float = 0, mode: str = "fan_in",
                    nonlinearity: str = "leaky_relu",
                    generator: torch.Generator | None = None,
                    ) -> Tensor:
    """Draw from N(0, std^2), std = gain / sqrt(fan).

    gain = calculate_gain(nonlinearity, a): a is the slope of a leaky
    relu below 0. fan is fan_in or fan_out, as `mode` says: the first
    keeps the size of the signal, the second that of the gradient.
    Raises ValueError for another `mode`, or `nonlinearity`, and if the
    tensor has fewer than two axes, or no entry.

    He et al. (2015), linked above
    """
    std = _kaiming_std(tensor, a, mode, nonlinearity)
    return normal_(tensor, 0.0, std, generator)


def _kaiming_std(tensor: Tensor, a: float, mode: str,
                 nonlinearity: str) -> float:
    fan_in, fan_out = _fans(tensor)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError("mode must be fan_in or fan_out, got "
                         f"{mode!r}")
    fan = fan_in if mode == "fan_in" else fan_out
    a = check_finite("a", a)
    # std = gain / sqrt(fan)
    return calculate_gain(nonlinearity, a) / sqrt(fan)


def _fans(tensor: Tensor) -> tuple[int, int]:
    check_weight(tensor)
    outputs, inputs, *field = tensor.shape
    # An output sums over the inputs and over its receptive field.
    return inputs * prod(field), outputs * prod(field)
