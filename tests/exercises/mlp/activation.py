"""A hidden layer with any activation."""

from collections.abc import Callable, Sequence
from functools import reduce

import torch
from torch import Tensor

from scratch._checks import check_whole
from scratch._net import Net
from scratch.activations import relu
from scratch.data import as_generator
from scratch.mlp import _linear


class MLP(Net):
    def __init__(self, widths: Sequence[int],
                 generator: torch.Generator | int = 0,
                 device: torch.device | str = "cpu",
                 norm: str | None = None, dropout: float = 0.0,
                 activation: Callable[[Tensor], Tensor] = relu):
        if len(widths) < 2:
            raise ValueError("widths must have at least two entries, "
                             f"got {list(widths)}")
        if norm not in (None, "batch", "layer"):
            raise ValueError("norm must be None, 'batch' or 'layer', "
                             f"got {norm!r}")
        self.activation = activation
        widths = [check_whole("widths", m, 1) for m in widths]
        generator = as_generator(generator)
        super().__init__(norm, widths[1:-1], dropout, generator, device)
        self.layers: list[tuple[Tensor, Tensor]] = []
        for m, n in zip(widths, widths[1:]):
            bound = 1 / m ** 0.5
            weight, bias = torch.empty(n, m), torch.empty(n)
            for p in weight, bias:
                p.uniform_(-bound, bound, generator=generator)
            self.layers.append((
                weight.to(device=device).requires_grad_(),
                bias.to(device=device).requires_grad_()))

    def __call__(self, x: Tensor) -> Tensor:
        *hidden, (weight, bias) = self.layers
        for i, (w, b) in enumerate(hidden):
            x = x @ w.T + b
            if self.norms:
                x = self.norms[i](x)
            x = self.activation(x)
            if self.drop.p:
                x = self.drop(x)
        return x @ weight.T + bias


def sequential(model: MLP) -> Callable[[Tensor], Tensor]:
    chain: list[Callable[[Tensor], Tensor]] = []
    *hidden, last = model.layers
    for i, layer in enumerate(hidden):
        chain += [_linear(*layer), *model.norms[i:i + 1],
                  model.activation]
        if model.drop.p:
            chain.append(model.drop)
    # no relu after the last layer, and no dropout
    chain.append(_linear(*last))
    return lambda x: reduce(lambda h, f: f(h), chain, x)
