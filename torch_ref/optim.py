"""Optimisers: torch's own, one parameter at a time.

The lectures explain every option here. What torch accepts without a
word, `Optimizer` rejects as by hand.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from torch_ref._optimizer import Optimizer


class SGD(Optimizer, torch.optim.SGD):
    """Gradient descent, with momentum or Nesterov momentum."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 momentum: float = 0, dampening: float = 0,
                 weight_decay: float = 0, nesterov: bool = False):
        super().__init__(params, lr=lr, momentum=momentum,
                         dampening=dampening, weight_decay=weight_decay,
                         nesterov=nesterov)


class RMSprop(Optimizer, torch.optim.RMSprop):
    """RMSprop: divide g by the root of a running mean of g^2."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-2,
                 alpha: float = 0.99, eps: float = 1e-8,
                 weight_decay: float = 0, momentum: float = 0,
                 centered: bool = False):
        super().__init__(params, lr=lr, alpha=alpha, eps=eps,
                         weight_decay=weight_decay, momentum=momentum,
                         centered=centered)


class Adagrad(Optimizer, torch.optim.Adagrad):
    """Adagrad: divide g by the root of the sum of all g^2."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-2,
                 lr_decay: float = 0, weight_decay: float = 0,
                 eps: float = 1e-10):
        super().__init__(params, lr=lr, lr_decay=lr_decay,
                         weight_decay=weight_decay, eps=eps)


class Adam(Optimizer, torch.optim.Adam):
    """Adam, and AMSGrad with `amsgrad`."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0,
                 amsgrad: bool = False):
        super().__init__(params, lr=lr, betas=betas, eps=eps,
                         weight_decay=weight_decay, amsgrad=amsgrad)


class AdamW(Optimizer, torch.optim.AdamW):
    """Adam with decoupled weight decay."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 1e-2,
                 amsgrad: bool = False):
        super().__init__(params, lr=lr, betas=betas, eps=eps,
                         weight_decay=weight_decay, amsgrad=amsgrad)
