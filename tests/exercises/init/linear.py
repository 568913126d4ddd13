"""The start of nn.Linear and nn.Conv2d."""

import torch
from torch import Tensor

from scratch.init import _fans, kaiming_uniform_, uniform_


def linear_(weight: Tensor, bias: Tensor,
            generator: torch.Generator | None = None) -> None:
    """Both from U(-1 / sqrt(m), 1 / sqrt(m)), m = fan_in."""
    # gain = sqrt(2 / (1 + 5)), bound = sqrt(3) gain / sqrt(m)
    kaiming_uniform_(weight, a=5 ** 0.5, generator=generator)
    bound = 1 / _fans(weight)[0] ** 0.5
    uniform_(bias, -bound, bound, generator)
