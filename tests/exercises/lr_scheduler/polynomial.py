"""A power of a straight line, down to 0."""

from scratch._checks import check_number, check_whole
from scratch._optimizer import Optimizer
from scratch._scheduler import LRScheduler


class PolynomialLR(LRScheduler):
    """Down to 0 in `total_iters` steps, as a power of a line.

    lr(t) = lr0 (1 - min(t, n) / n)^r, n = total_iters, r = power
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5,
                 power: float = 1.0):
        super().__init__(
            optimizer,
            total_iters=check_whole("total_iters", total_iters, 1),
            power=check_number("power", power, 0))

    def lr(self, lr0, t, total_iters, power):
        # lr0 (1 - min(t, n) / n)^r
        return lr0 * (1 - min(t, total_iters) / total_iters) ** power
