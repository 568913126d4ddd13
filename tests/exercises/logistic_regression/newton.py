"""Newton's method for logistic regression."""

from collections.abc import Iterator

import torch
from torch import Tensor

from scratch.logistic_regression import LogisticRegression
from scratch.losses import binary_cross_entropy


def newton(model: LogisticRegression, x: Tensor, y: Tensor,
           steps: int = 10) -> Iterator[float]:
    """Newton's method; yields each step's loss after its update."""
    # X is x with a column of ones
    rows = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    for step in range(steps):
        s = model(x).detach()
        # g = X^T (s - y) / n,  H = X^T S X / n
        g = rows.T @ (s - y) / len(x)
        h = rows.T @ (s * (1 - s) * rows) / len(x)
        # p <- p - H^-1 g
        change = torch.linalg.solve(h, g)[:, 0]
        model.w.data.sub_(change[None, :-1])
        model.b.data.sub_(change[-1:])
        yield binary_cross_entropy(s, y).item()
