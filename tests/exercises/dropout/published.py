"""Dropout as it was published: the scale waits for evaluation."""

import torch
from torch import Tensor

from scratch._checks import check_fraction
from scratch._mode import Mode
from scratch.data import as_generator
from scratch.dropout import dropout


class Dropout(Mode):
    def __init__(self, p: float = 0.5,
                 generator: torch.Generator | int = 0,
                 inverted: bool = True):
        self.p = check_fraction("p", p)
        self.inverted = inverted
        self.generator = as_generator(generator)

    def __call__(self, input: Tensor) -> Tensor:
        output = dropout(input, self.p, self.training, self.generator)
        # E(mask) = 1 - p in training, so (1 - p) x in evaluation.
        return output if self.inverted else output * (1 - self.p)
