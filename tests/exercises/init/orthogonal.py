"""A matrix with orthogonal rows, or columns."""

import torch
from torch import Tensor

from scratch.init import normal_


def orthogonal_(tensor: Tensor, gain: float = 1.0,
                generator: torch.Generator | None = None) -> Tensor:
    """W W^T = gain^2 I; with more rows than columns, W^T W."""
    x = normal_(tensor, generator=generator).data
    rows = x if len(x) <= x.shape[1] else x.T
    for i in range(len(rows)):
        # Twice: the first time leaves a rounding error of the others.
        for _ in range(2):
            # v <- v - sum_j (v . q_j) q_j
            rows[i] -= (rows[:i] @ rows[i]) @ rows[:i]
            rows[i] /= (rows[i] @ rows[i]).sqrt()
    x.mul_(gain)
    return tensor
