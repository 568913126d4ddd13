"""Dropout: in training, each entry is set to 0 with probability p."""

from typing import Any

import torch
from torch import Tensor

from scratch._checks import check_fraction
from scratch._floats import check_floats
from scratch._mode import Mode, check_mode
from scratch.data import as_generator


def dropout(input: Tensor, p: float = 0.5, training: bool = True,
            generator: torch.Generator | None = None) -> Tensor:
    """In training input * mask, else the input itself.

    An entry of the mask is 0 with probability p, else 1 / (1 - p), so
    its mean is 1: the output's expectation is the input, and nothing is
    to be scaled in evaluation. Autograd multiplies the gradient by the
    same mask. The output has the input's shape and dtype; NaN stays
    NaN, and inf * 0 is NaN.

    The mask is drawn on the CPU, so that a seed gives the same mask on
    every device, from `generator`; None is torch's global one. p = 0,
    p = 1 and an empty input need no draw. Raises TypeError for what is
    no tensor, number, bool or generator, RuntimeError unless the input
    is floating, ValueError unless p is in [0, 1].

    Srivastava et al. (2014),
    https://jmlr.org/papers/v15/srivastava14a.html
    """
    p = _check(input, p, training, generator)
    if not training or p == 0 or input.numel() == 0:
        return input
    if p == 1:
        # 0 / (1 - p) would be 0 / 0.
        return input * torch.zeros_like(input)
    # mask = Bernoulli(1 - p) / (1 - p)
    mask = torch.empty_like(input, device="cpu")
    mask = mask.bernoulli_(1 - p, generator=generator) / (1 - p)
    return input * mask.to(input.device)


class Dropout(Mode):
    """`dropout` with a generator of its own, and a mode.

    It starts in training: `training` is True. An integer seeds a new
    generator; each call draws a new mask. Raises TypeError or
    ValueError as `dropout` and `as_generator` do.
    """

    def __init__(self, p: float = 0.5,
                 generator: torch.Generator | int = 0):
        self.p = check_fraction("p", p)
        self.generator = as_generator(generator)

    def __call__(self, input: Tensor) -> Tensor:
        """A new mask in training; in evaluation the input itself."""
        return dropout(input, self.p, self.training, self.generator)

    def parameters(self) -> list[Tensor]:
        """None: there is nothing to learn."""
        return []


def _check(input: Tensor, p: float, training: Any,
           generator: Any) -> float:
    check_floats(input=input)
    check_mode(training)
    if not isinstance(generator, torch.Generator | None):
        raise TypeError("generator must be a torch.Generator or None, "
                        f"got {generator!r}")
    return check_fraction("p", p)
