"""Half-cosines one after the other, each longer than the last."""

from math import cos, pi

from scratch._checks import check_number, check_whole
from scratch._optimizer import Optimizer
from scratch._scheduler import LRScheduler


class CosineAnnealingWarmRestarts(LRScheduler):
    """Half a cosine down, then from lr0 again.

    Loshchilov and Hutter (2017), https://arxiv.org/abs/1608.03983
    """

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1,
                 eta_min: float = 0.0):
        super().__init__(optimizer, T_0=check_whole("T_0", T_0, 1),
                         T_mult=check_whole("T_mult", T_mult, 1),
                         eta_min=check_number("eta_min", eta_min, 0))

    def lr(self, lr0, t, T_0, T_mult, eta_min):
        length = T_0
        while t >= length:
            t, length = t - length, length * T_mult
        share = (1 + cos(pi * t / length)) / 2
        return eta_min + (lr0 - eta_min) * share
