"""He initialisation: the start for layers with relu."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scratch._checks import check_whole
from scratch._net import Net
from scratch.data import as_generator
from scratch.init import kaiming_uniform_, uniform_, zeros_


class MLP(Net):
    def __init__(self, widths: Sequence[int],
                 generator: torch.Generator | int = 0,
                 device: torch.device | str = "cpu",
                 norm: str | None = None, dropout: float = 0.0,
                 he: bool = False):
        if len(widths) < 2:
            raise ValueError("widths must have at least two entries, "
                             f"got {list(widths)}")
        if norm not in (None, "batch", "layer"):
            raise ValueError("norm must be None, 'batch' or 'layer', "
                             f"got {norm!r}")
        widths = [check_whole("widths", m, 1) for m in widths]
        generator = as_generator(generator)
        super().__init__(norm, widths[1:-1], dropout, generator, device)
        self.layers: list[tuple[Tensor, Tensor]] = []
        for m, n in zip(widths, widths[1:]):
            bound = 1 / m ** 0.5
            weight, bias = torch.empty(n, m), torch.empty(n)
            if he:
                # A variance of 2 / m makes up for relu, which halves
                # the mean square.
                kaiming_uniform_(weight, nonlinearity="relu",
                                 generator=generator)
                zeros_(bias)
            else:
                for p in weight, bias:
                    uniform_(p, -bound, bound, generator)
            self.layers.append((
                weight.to(device=device).requires_grad_(),
                bias.to(device=device).requires_grad_()))
