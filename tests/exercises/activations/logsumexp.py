"""log(sum exp(x)) without overflow."""

import torch
from torch import Tensor


def logsumexp(input: Tensor, dim: int) -> Tensor:
    """log(sum_j exp(x_j)) along `dim`."""
    # As in `softmax`, the largest exp is exp(0).
    m = input.detach().max(dim, keepdim=True).values
    # m + log(sum_j exp(x_j - m))
    total = torch.exp(input - m).sum(dim)
    return m.reshape(total.shape) + torch.log(total)
