"""The best line at once, from the normal equations."""

import torch
from torch import Tensor


def solve(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """w (1, features) and b (1,) with the smallest squared error."""
    # X^T X p = X^T y; X is x with a column of ones
    rows = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    p = torch.linalg.solve(rows.T @ rows, rows.T @ y)
    return p[:-1].T, p[-1]
