"""Dropout by `F.dropout`, with a generator lent to it."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torch_ref._checks import check_fraction
from torch_ref._floats import check_floats
from torch_ref._net import check_mode
from torch_ref.data import as_generator


def dropout(input: Tensor, p: float = 0.5, training: bool = True,
            generator: torch.Generator | None = None) -> Tensor:
    """`F.dropout`, which itself draws from the global generator only.

    On other devices than the CPU it would draw other masks: there a
    tensor of ones, on the CPU, goes through it.
    """
    p = _check(input, p, training, generator)
    if generator is None or p == 0 or not training:
        return _drop(input, p, training)
    # The global generator gets this state, and its own one back.
    with torch.random.fork_rng(devices=[]):
        torch.set_rng_state(generator.get_state())
        output = _drop(input, p, training)
        generator.set_state(torch.get_rng_state())
    return output


def _drop(input: Tensor, p: float, training: bool) -> Tensor:
    if input.device.type == "cpu":
        return F.dropout(input, p, training)
    ones = torch.ones_like(input, device="cpu")
    return input * F.dropout(ones, p, training).to(input.device)


class Dropout(nn.Module):
    """`nn.Dropout` with a generator of its own."""

    def __init__(self, p: float = 0.5,
                 generator: torch.Generator | int = 0):
        super().__init__()
        self.p = check_fraction("p", p)
        self.generator = as_generator(generator)

    def forward(self, input: Tensor) -> Tensor:
        """A new mask in training; in evaluation the input itself."""
        return dropout(input, self.p, self.training, self.generator)


def _check(input: Tensor, p: float, training: Any,
           generator: Any) -> float:
    check_floats(input=input)
    check_mode(training)
    if not isinstance(generator, torch.Generator | None):
        raise TypeError("generator must be a torch.Generator or None, "
                        f"got {generator!r}")
    return check_fraction("p", p)
