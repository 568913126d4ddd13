"""Initialisation by `torch.nn.init`.

Its functions accept numbers that are not finite, weights without
entries and names of other nonlinearities: these raise here.
"""

from typing import Any

import torch
from torch import Tensor, nn

from torch_ref._checks import check_finite, check_number
from torch_ref._floats import check_floats, check_weight


def calculate_gain(nonlinearity: str,
                   param: float | None = None) -> float:
    """`nn.init.calculate_gain`, for five of its names."""
    if param is not None:
        param = check_finite("param", param)
    if nonlinearity not in ("linear", "sigmoid", "tanh", "relu",
                            "leaky_relu"):
        raise ValueError("nonlinearity must be linear, sigmoid, tanh, "
                         "relu or leaky_relu, got "
                         f"{nonlinearity!r}")
    name: Any = nonlinearity
    return float(nn.init.calculate_gain(name, param))


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0,
             generator: torch.Generator | None = None) -> Tensor:
    """`nn.init.uniform_`. Raises ValueError if a > b."""
    check_floats(tensor=tensor)
    a, b = check_finite("a", a), check_finite("b", b)
    if a > b:
        raise ValueError(f"a must be at most b, got {a} and {b}")
    return nn.init.uniform_(tensor, a, b, generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0,
            generator: torch.Generator | None = None) -> Tensor:
    """`nn.init.normal_`. Raises ValueError if std < 0."""
    check_floats(tensor=tensor)
    mean, std = check_finite("mean", mean), check_number("std", std, 0)
    return nn.init.normal_(tensor, mean, std, generator)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """`nn.init.constant_`."""
    check_floats(tensor=tensor)
    return nn.init.constant_(tensor, check_finite("val", val))


def zeros_(tensor: Tensor) -> Tensor:
    """`nn.init.zeros_`."""
    check_floats(tensor=tensor)
    return nn.init.zeros_(tensor)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0,
                    generator: torch.Generator | None = None) -> Tensor:
    """`nn.init.xavier_uniform_`."""
    check_weight(tensor)
    gain = check_number("gain", gain, 0)
    return nn.init.xavier_uniform_(tensor, gain, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0,
                   generator: torch.Generator | None = None) -> Tensor:
    """`nn.init.xavier_normal_`."""
    check_weight(tensor)
    gain = check_number("gain", gain, 0)
    return nn.init.xavier_normal_(tensor, gain, generator)


def kaiming_uniform_(tensor: Tensor, a: float = 0,
                     mode: str = "fan_in",
                     nonlinearity: str = "leaky_relu",
                     generator: torch.Generator | None = None,
                     ) -> Tensor:
    """`nn.init.kaiming_uniform_`."""
    options = _kaiming_options(tensor, a, mode, nonlinearity)
    return nn.init.kaiming_uniform_(tensor, *options, generator)


def kaiming_normal_(tensor: Tensor, a: float = 0, mode: str = "fan_in",
                    nonlinearity: str = "leaky_relu",
                    generator: torch.Generator | None = None,
                    ) -> Tensor:
    """`nn.init.kaiming_normal_`."""
    options = _kaiming_options(tensor, a, mode, nonlinearity)
    return nn.init.kaiming_normal_(tensor, *options, generator)


def _kaiming_options(tensor: Tensor, a: float, mode: str,
                     nonlinearity: str) -> tuple[Any, Any, Any]:
    check_weight(tensor)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError("mode must be fan_in or fan_out, got "
                         f"{mode!r}")
    a = check_finite("a", a)
    # It rejects the nonlinearities that are not taught.
    calculate_gain(nonlinearity, a)
    return a, mode, nonlinearity
