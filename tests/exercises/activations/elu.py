"""ELU: an exponential below 0, a line above."""

import torch
from torch import Tensor


def elu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """x for x > 0, else alpha (exp(x) - 1)."""
    positive = input > 0
    # Autograd differentiates both branches, and for x > 0 the slope
    # of the other would be 0 * exp(89) = 0 * inf = NaN in float32.
    x = torch.where(positive, 0, input)
    # alpha (exp(x) - 1); near 0 the difference loses its digits.
    return torch.where(positive, input, alpha * torch.expm1(x))
