"""Adadelta, an optimiser without a learning rate to choose."""

from collections.abc import Iterable

import torch
from torch import Tensor

from scratch._optimizer import Optimizer


class Adadelta(Optimizer):
    """Adadelta: recent steps set the length of the next.

    Zeiler (2012), https://arxiv.org/abs/1212.5701
    """
    remembers = {"square_avg": "", "acc_delta": ""}

    def __init__(self, params: Iterable[Tensor], lr: float = 1.0,
                 rho: float = 0.9, eps: float = 1e-6):
        super().__init__(params, lr=lr, rho=rho, eps=eps)

    def update(self, p, g, state, lr, rho, eps):
        # s <- rho s + (1 - rho) g^2
        s = state.get("square_avg", 0)
        s = rho * s + (1 - rho) * g * g
        # d = sqrt(u + eps) g / sqrt(s + eps)
        u = state.get("acc_delta", torch.zeros_like(p))
        d = (u + eps).sqrt() / (s + eps).sqrt() * g
        # u <- rho u + (1 - rho) d^2
        u = rho * u + (1 - rho) * d * d
        state["square_avg"], state["acc_delta"] = s, u
        # p <- p - lr d
        p.sub_(d, alpha=lr)
