"""Optimisers: torch's own, one parameter at a time.

`foreach=False` selects torch's plain loop over the parameters, the one
that reads like the formula. The lectures explain every option here.
What torch accepts without a word, `checked` rejects as by hand.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from torch_ref._checks import checked


class SGD(torch.optim.SGD):
    """Gradient descent, with momentum or Nesterov momentum."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 momentum: float = 0, dampening: float = 0,
                 weight_decay: float = 0, nesterov: bool = False):
        options: dict[str, Any] = {
            "lr": lr, "momentum": momentum, "dampening": dampening,
            "weight_decay": weight_decay, "nesterov": nesterov}
        super().__init__(checked(params, options), **options,
                         foreach=False)


class RMSprop(torch.optim.RMSprop):
    """RMSprop: divide g by the root of a running mean of g^2."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-2,
                 alpha: float = 0.99, eps: float = 1e-8,
                 weight_decay: float = 0, momentum: float = 0,
                 centered: bool = False):
        options: dict[str, Any] = {
            "lr": lr, "alpha": alpha, "eps": eps,
            "weight_decay": weight_decay, "momentum": momentum,
            "centered": centered}
        super().__init__(checked(params, options), **options,
                         foreach=False)


class Adagrad(torch.optim.Adagrad):
    """Adagrad: divide g by the root of the sum of all g^2."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-2,
                 lr_decay: float = 0, weight_decay: float = 0,
                 eps: float = 1e-10):
        options: dict[str, Any] = {
            "lr": lr, "lr_decay": lr_decay,
            "weight_decay": weight_decay, "eps": eps}
        super().__init__(checked(params, options), **options,
                         foreach=False)


class Adam(torch.optim.Adam):
    """Adam, and AMSGrad with `amsgrad`."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0,
                 amsgrad: bool = False):
        options: dict[str, Any] = {
            "lr": lr, "betas": betas, "eps": eps,
            "weight_decay": weight_decay, "amsgrad": amsgrad}
        super().__init__(checked(params, options), **options,
                         foreach=False)


class AdamW(torch.optim.AdamW):
    """Adam with decoupled weight decay."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 1e-2,
                 amsgrad: bool = False):
        options: dict[str, Any] = {
            "lr": lr, "betas": betas, "eps": eps,
            "weight_decay": weight_decay, "amsgrad": amsgrad}
        super().__init__(checked(params, options), **options,
                         foreach=False)
