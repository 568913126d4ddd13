"""Dropout as it was published: the scale waits for evaluation."""

import torch
from torch import Tensor

from scratch.data import as_generator
from scratch.dropout import _check_probability, dropout


class Dropout:
    def __init__(self, p: float = 0.5,
                 generator: torch.Generator | int = 0,
                 inverted: bool = True):
        self.p = _check_probability(p)
        self.inverted = inverted
        self.generator = as_generator(generator)
        self.training = True

    def __call__(self, input: Tensor) -> Tensor:
        output = dropout(input, self.p, self.training, self.generator)
        # E(mask) = 1 - p in training, so (1 - p) x in evaluation.
        return output if self.inverted else output * (1 - self.p)
