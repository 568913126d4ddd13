"""Label smoothing in the gradient of the cross-entropy."""

import torch
from torch import Tensor

from scratch._checks import check_not_empty
from scratch._floats import check_classes
from scratch.activations import log_softmax


def cross_entropy_gradient(input: Tensor, target: Tensor,
                           label_smoothing: float = 0.0,
                           ) -> tuple[Tensor, Tensor]:
    input = check_classes(input, target)
    check_not_empty(target)
    n = len(target)
    log_p = log_softmax(input, dim=1)
    rows = torch.arange(n, device=target.device)
    q = torch.zeros_like(log_p)
    q[rows, target] = 1
    # q <- (1 - a) q + a / K for K classes
    a = label_smoothing
    q = (1 - a) * q + a / log_p.shape[1]
    # L = -1/n sum q log p,  dL/dx = (p - q) / n
    loss = -(q * log_p).sum() / n
    return loss, (torch.exp(log_p) - q).div_(n)
