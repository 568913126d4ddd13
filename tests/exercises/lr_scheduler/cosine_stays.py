"""Half a cosine that does not rise again."""

from math import cos, pi

from scratch._checks import check_number, check_whole
from scratch._optimizer import Optimizer
from scratch._scheduler import LRScheduler


class CosineAnnealingLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, T_max: int,
                 eta_min: float = 0.0, rise: bool = True):
        super().__init__(optimizer,
                         T_max=check_whole("T_max", T_max, 1),
                         eta_min=check_number("eta_min", eta_min, 0),
                         rise=rise)

    def lr(self, lr0, t, T_max, eta_min, rise):
        t = t if rise else min(t, T_max)
        # eta_min + (lr0 - eta_min) (1 + cos(pi t / T_max)) / 2
        share = (1 + cos(pi * t / T_max)) / 2
        return eta_min + (lr0 - eta_min) * share
