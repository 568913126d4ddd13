"""Schedules: torch's own, each in the form that its lecture explains.

Torch computes most schedules from the learning rate before. What it
accepts without a word, `LRScheduler` rejects as by hand.
"""

from collections.abc import Iterable
from copy import deepcopy

from torch.optim import Optimizer, lr_scheduler

from torch_ref._checks import check_number, check_whole
from torch_ref._scheduler import (LRScheduler, check_cycle,
                                  check_factor, check_sequence)


class StepLR(LRScheduler, lr_scheduler.StepLR):
    """Multiply by gamma after every `step_size` steps."""

    def __init__(self, optimizer: Optimizer, step_size: int,
                 gamma: float = 0.1):
        super().__init__(
            optimizer, step_size=check_whole("step_size", step_size, 1),
            gamma=check_factor("gamma", gamma))


class MultiStepLR(LRScheduler, lr_scheduler.MultiStepLR):
    """Multiply by gamma at each milestone."""

    def __init__(self, optimizer: Optimizer, milestones: Iterable[int],
                 gamma: float = 0.1):
        super().__init__(
            optimizer, milestones=sorted(
                check_whole("milestones", m, 0) for m in milestones),
            gamma=check_factor("gamma", gamma))


class ExponentialLR(LRScheduler, lr_scheduler.ExponentialLR):
    """Multiply by gamma at each step."""

    def __init__(self, optimizer: Optimizer, gamma: float):
        super().__init__(optimizer, gamma=check_factor("gamma", gamma))


class LinearLR(LRScheduler, lr_scheduler.LinearLR):
    """A straight line from one factor to another: a warm-up."""

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


class CosineAnnealingLR(LRScheduler, lr_scheduler.CosineAnnealingLR):
    """Half a cosine, down to `eta_min` in T_max steps."""

    def __init__(self, optimizer: Optimizer, T_max: int,
                 eta_min: float = 0.0):
        super().__init__(optimizer,
                         T_max=check_whole("T_max", T_max, 1),
                         eta_min=check_number("eta_min", eta_min, 0))


class OneCycleLR(LRScheduler, lr_scheduler.OneCycleLR):
    """Half a cosine up to `max_lr`, then half a cosine down."""

    _switched_off = {"cycle_momentum": False}

    def __init__(self, optimizer: Optimizer, max_lr: float,
                 total_steps: int, *, pct_start: float = 0.3,
                 div_factor: float = 25.0,
                 final_div_factor: float = 1e4):
        super().__init__(optimizer, **check_cycle(
            max_lr, total_steps, pct_start, div_factor,
            final_div_factor))


class SequentialLR(LRScheduler, lr_scheduler.SequentialLR):
    """One schedule after the other."""

    def __init__(self, optimizer: Optimizer,
                 schedulers: list[LRScheduler], milestones: list[int]):
        counts = check_sequence(optimizer, schedulers, milestones)
        # Torch does not set them.
        self._own, self.base_lrs = (list(schedulers),
                                    schedulers[0].base_lrs)
        super().__init__(optimizer, schedulers=list(schedulers),
                         milestones=counts)
        self._go_to(0)

    def state_dict(self):
        """Also the options of each schedule."""
        return {**super().state_dict(),
                "_schedulers": [deepcopy(one._options)
                                for one in self._own]}

    def load_state_dict(self, state_dict):
        """Each schedule also goes to its own step."""
        super().load_state_dict(state_dict)
        for one in self._own:
            one.base_lrs = list(self.base_lrs)
        self._go_to(self.last_epoch)

    def _go_to(self, t):
        starts = [0, *self._milestones]
        ends = [*self._milestones, t + 1]
        for one, start, end in zip(self._own, starts, ends):
            one._go_to(max(0, min(t, end - 1) - start))
            one._last_lr = self._last_lr
        self.last_epoch = t
