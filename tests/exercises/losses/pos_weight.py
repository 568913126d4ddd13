"""A weight for label 1 in the loss from logits."""

import torch
from torch import Tensor

from scratch._checks import check_unit_interval
from scratch._floats import check_pair
from scratch.losses import _reduce


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor,
                                     reduction: str = "mean",
                                     pos_weight: float = 1.0,
                                     ) -> Tensor:
    input, target = check_pair(input, target)
    check_unit_interval("target", target, ValueError)
    x, y = input, target
    # The textbook form takes log(0) at x = 17 in float32. With log s =
    # x - softplus(x) and log(1 - s) = -softplus(x) the loss becomes
    # softplus(x) - x y = max(x, 0) - x y + log(1 + exp(-|x|)).
    # n is 1 for x < 0, else 0: a constant for autograd.
    n = (x < 0).to(x.dtype)
    w = pos_weight
    # (1 - y) max(x, 0) + w y max(-x, 0)
    linear = x * ((1 - n) * (1 - y) - w * n * y)
    # exp(-|x|)
    z = torch.exp(x * (2 * n - 1))
    # (1 - y + w y) log(1 + exp(-|x|))
    tail = (1 - y + w * y) * torch.log1p(z)
    return _reduce(linear + tail, reduction)
