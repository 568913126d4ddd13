"""Schedules: the learning rate as a formula of the step.

t counts the calls of `step`, which comes after `optimizer.step()`,
once an epoch or once a batch; `lr` is the learning rate after t calls.
Torch computes most schedules from the learning rate before, so rounding
errors add up. `step` raises ValueError if something else has changed
the learning rate, say a second schedule.
"""

from collections import Counter
from collections.abc import Iterable
from math import cos, pi, prod

from scratch._checks import check_number, check_whole
from scratch._optimizer import Optimizer
from scratch._scheduler import (LRScheduler, check_cycle,
                                check_factor, check_sequence)


class StepLR(LRScheduler):
    """Multiply by gamma after every `step_size` steps.

    lr(t) = lr0 gamma^k, where k is t / step_size rounded down

    step_size is an integer of at least 1, gamma in [0, 1]. Raises
    TypeError or ValueError otherwise.
    """

    def __init__(self, optimizer: Optimizer, step_size: int,
                 gamma: float = 0.1):
        super().__init__(
            optimizer, step_size=check_whole("step_size", step_size, 1),
            gamma=check_factor("gamma", gamma))

    def lr(self, lr0, t, step_size, gamma):
        # lr0 gamma^k, one factor after the other, as torch rounds it
        return prod([gamma] * (t // step_size), start=lr0)


class MultiStepLR(LRScheduler):
    """Multiply by gamma at each milestone.

    lr(t) = lr0 gamma^k, where k milestones are at most t

    milestones are integers of at least 0 in any order; one that comes
    twice counts twice. gamma is in [0, 1]. Raises TypeError or
    ValueError otherwise.
    """

    def __init__(self, optimizer: Optimizer, milestones: Iterable[int],
                 gamma: float = 0.1):
        super().__init__(
            optimizer, milestones=sorted(
                check_whole("milestones", m, 0) for m in milestones),
            gamma=check_factor("gamma", gamma))

    def lr(self, lr0, t, milestones, gamma):
        # lr0 gamma^k, one milestone after the other
        reached = Counter(m for m in milestones if m <= t)
        return prod([gamma ** n for n in reached.values()], start=lr0)


class ExponentialLR(LRScheduler):
    """Multiply by gamma at each step.

    lr(t) = lr0 gamma^t

    gamma is in [0, 1]. Raises TypeError or ValueError otherwise.
    """

    def __init__(self, optimizer: Optimizer, gamma: float):
        super().__init__(optimizer, gamma=check_factor("gamma", gamma))

    def lr(self, lr0, t, gamma):
        return lr0 * gamma ** t


class LinearLR(LRScheduler):
    """A straight line from one factor to another: a warm-up.

    lr(t) = lr0 ((n - m) a + m b) / n, where m = min(t, n)

    a = start_factor is in (0, 1], as torch divides by it, b =
    end_factor in [0, 1], and n = total_iters an integer of at least 1.
    Raises TypeError or ValueError otherwise.

    Goyal et al. (2017), https://arxiv.org/abs/1706.02677
    """

    def __init__(self, optimizer: Optimizer,
                 start_factor: float = 1.0 / 3, end_factor: float = 1.0,
                 total_iters: int = 5):
        a = check_factor("start_factor", start_factor)
        if a == 0:
            raise ValueError("start_factor must be above 0, got 0")
        super().__init__(
            optimizer, start_factor=a,
            end_factor=check_factor("end_factor", end_factor),
            total_iters=check_whole("total_iters", total_iters, 1))

    def lr(self, lr0, t, start_factor, end_factor, total_iters):
        # a + (b - a) m / n could round to less than 0
        a, b, n = start_factor, end_factor, total_iters
        m = min(t, n)
        return lr0 * ((n - m) * a + m * b) / n


class CosineAnnealingLR(LRScheduler):
    """Half a cosine, down to `eta_min` in T_max steps.

    lr(t) = eta_min + (lr0 - eta_min) (1 + cos(pi t / T_max)) / 2

    After T_max steps it rises again, as in torch, with period 2 T_max.
    T_max is an integer of at least 1, eta_min at least 0. Raises
    TypeError or ValueError otherwise.

    Loshchilov and Hutter (2017), https://arxiv.org/abs/1608.03983
    """

    def __init__(self, optimizer: Optimizer, T_max: int,
                 eta_min: float = 0.0):
        super().__init__(optimizer,
                         T_max=check_whole("T_max", T_max, 1),
                         eta_min=check_number("eta_min", eta_min, 0))

    def lr(self, lr0, t, T_max, eta_min):
        # eta_min + (lr0 - eta_min) (1 + cos(pi t / T_max)) / 2
        share = (1 + cos(pi * t / T_max)) / 2
        return eta_min + (lr0 - eta_min) * share


class OneCycleLR(LRScheduler):
    """Half a cosine up to `max_lr`, then half a cosine down.

    lr0 = max_lr / div_factor, whatever the optimiser was made with
    lr(t) = b + (a - b) (1 + cos(pi s)) / 2
    up, to the peak at p = pct_start total_steps - 1:
        a = lr0, b = max_lr, s = t / p
    down, to the last step at q = total_steps - 1:
        a = max_lr, b = lr0 / final_div_factor, s = (t - p) / (q - p)

    max_lr is at least 0, the factors are at least 1, and p is between
    0 and q. Raises TypeError or ValueError otherwise; `step` raises
    ValueError after total_steps calls. The momentum stays as it is.

    Smith (2018), https://arxiv.org/abs/1803.09820
    """

    def __init__(self, optimizer: Optimizer, max_lr: float,
                 total_steps: int, *, pct_start: float = 0.3,
                 div_factor: float = 25.0,
                 final_div_factor: float = 1e4):
        options = check_cycle(optimizer, max_lr, total_steps, pct_start,
                              div_factor, final_div_factor)
        lr0 = options["max_lr"] / options["div_factor"]
        optimizer.param_groups[0].update(
            initial_lr=lr0, max_lr=options["max_lr"],
            min_lr=lr0 / options["final_div_factor"])
        super().__init__(optimizer, **options)

    def lr(self, lr0, t, max_lr, total_steps, pct_start, div_factor,
           final_div_factor):
        if t > total_steps:
            raise ValueError(f"total_steps is {total_steps}, got a "
                             "step more")
        p, q = pct_start * total_steps - 1, total_steps - 1
        a, b, s = lr0, max_lr, t / p
        if t > p:
            a, b, s = max_lr, lr0 / final_div_factor, (t - p) / (q - p)
        # b + (a - b) (1 + cos(pi s)) / 2
        return b + (a - b) / 2 * (1 + cos(pi * s))


class SequentialLR(LRScheduler):
    """One schedule after the other.

    lr(t) = lr_i(t - m_i) from milestone m_i on, with m_0 = 0

    Each schedule counts its own steps from 0. milestones are integers,
    at least 1 and increasing, one fewer than schedulers. These are
    new, of one optimiser, with the same lr0. Raises TypeError or
    ValueError otherwise.
    """

    def __init__(self, optimizer: Optimizer,
                 schedulers: list[LRScheduler], milestones: list[int]):
        counts = check_sequence(optimizer, schedulers, milestones)
        self._schedulers = list(schedulers)
        super().__init__(optimizer, milestones=counts, _schedulers=[
            one.options for one in schedulers])

    def lr(self, lr0, t, milestones, _schedulers):
        i = sum(m <= t for m in milestones)
        one, start = self._schedulers[i], [0, *milestones][i]
        return one.lr(lr0, t - start, **_schedulers[i])
