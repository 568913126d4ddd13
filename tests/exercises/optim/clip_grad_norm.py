"""Clipping all gradients as one vector."""

from collections.abc import Iterable

import torch
from torch import Tensor


def clip_grad_norm(params: Iterable[Tensor],
                   max_norm: float) -> Tensor:
    """Clip all gradients as one vector; return its norm before."""
    grads = [p.grad for p in params if p.grad is not None]
    # n = sqrt(sum g^2), over all entries of all gradients
    norm = torch.stack([(g * g).sum() for g in grads])
    norm = norm.sum().sqrt()
    # g <- g min(1, max_norm / (n + 1e-6))
    scale = (max_norm / (norm + 1e-6)).clamp(max=1)
    for g in grads:
        g.mul_(scale)
    return norm
