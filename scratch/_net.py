"""What nets share: norms, dropout, and the mode of both."""

from collections.abc import Sequence
from math import prod
from typing import Any, Self

import torch
from torch import Tensor

from scratch._mode import Mode
from scratch.dropout import Dropout
from scratch.init import uniform_
from scratch.normalization import BatchNorm, LayerNorm


class Net(Mode):
    """A norm for each hidden layer, or none at all, and a `Dropout`.

    norm: "batch" or "layer" for `BatchNorm` or `LayerNorm`; hidden: the
    features of each hidden layer. It starts in training.
    """

    def __init__(self, norm: str | None, hidden: Sequence[int],
                 dropout: float, generator: torch.Generator,
                 device: torch.device | str):
        self.norms = [
            (BatchNorm if norm == "batch" else LayerNorm)(
                n, device=device) for n in hidden if norm]
        self.drop = Dropout(dropout, generator)

    def buffers(self) -> list[Tensor]:
        """The running statistics, which no gradient changes."""
        return [b for norm in self.norms if isinstance(norm, BatchNorm)
                for b in (norm.running_mean, norm.running_var)]

    def train(self, mode: bool = True) -> Self:
        """Switch norms and dropout to training, or to evaluation."""
        for layer in [*self.norms, self.drop]:
            layer.train(mode)
        return super().train(mode)


def check_plain(model: Any) -> None:
    """Raise ValueError if a net has a norm or drops entries."""
    if len(model.norms) or model.drop.p:
        raise ValueError(
            "model must have neither norm nor dropout, got "
            f"{len(model.norms)} norms and dropout={model.drop.p}")


def layer(shape: list[int], generator: torch.Generator,
          device: torch.device | str) -> tuple[Tensor, Tensor]:
    """A weight of this shape, and a bias for each output."""
    weight, bias = torch.empty(shape), torch.empty(shape[0])
    bound = 1 / prod(shape[1:]) ** 0.5
    for p in weight, bias:
        uniform_(p, -bound, bound, generator)
    return (weight.to(device=device).requires_grad_(),
            bias.to(device=device).requires_grad_())
