"""What torch's schedules accept without a word, and should not."""

from copy import deepcopy
from typing import Any

import torch.optim.lr_scheduler
from torch.optim import Optimizer

from torch_ref._checks import check_number, check_option, check_whole


class LRScheduler(torch.optim.lr_scheduler.LRScheduler):
    """The base class: it rejects the same as the one by hand."""

    # By hand there is nothing to switch off.
    _switched_off: dict[str, bool] = {}

    def __init__(self, optimizer: Optimizer, **options: Any):
        self._options = {name: value for name, value in options.items()
                         if name != "schedulers"}
        lrs = initial(optimizer)
        # Another schedule may have changed "lr" already.
        for group, lr0 in zip(optimizer.param_groups, lrs):
            group["lr"] = lr0
        super().__init__(optimizer, **options, **self._switched_off)

    def get_lr(self) -> list[Any]:
        """Not below 0, where rounding takes a line that ends at 0."""
        return [max(lr, 0.0) for lr in super().get_lr()]

    def step(self, epoch: int | None = None) -> None:
        """Go on to the next learning rate, or change nothing."""
        # Torch warns that it will go.
        if epoch is not None:
            raise TypeError(f"step must have no epoch, got {epoch}")
        groups = [group["lr"] for group in self.optimizer.param_groups]
        # It is -1 when torch takes the schedule to step 0.
        if self.last_epoch >= 0 and groups != self._last_lr:
            raise ValueError(
                f"lr must be that of the schedule, {self._last_lr}, "
                f"got {groups}; load an optimiser's state after its "
                "schedule is made")
        before = dict(self.__dict__)
        try:
            super().step()
        except ValueError:
            self.__dict__.update(before)
            raise

    def get_last_lr(self) -> list[Any]:
        """The learning rate of now: a copy of torch's list."""
        return list(super().get_last_lr())

    def state_dict(self) -> dict[str, Any]:
        """The options, t, and the learning rates: lr0 and lr(t)."""
        return deepcopy({
            **self._options, "base_lrs": self.base_lrs,
            "last_epoch": self.last_epoch, "_last_lr": self._last_lr})

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore t from a `state_dict`, by hand or by torch."""
        state = check_state(self.state_dict(), state_dict)
        self._go_to(state["last_epoch"])
        self.base_lrs, self._last_lr = (state["base_lrs"],
                                        state["_last_lr"])

    def _go_to(self, t: int) -> None:
        self.last_epoch, self._step_count = t, t + 1


def initial(optimizer: Any) -> list[float]:
    """The learning rate that each group was made with.

    Raises TypeError or ValueError for what has none.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError("optimizer must be an optimiser, got a "
                        f"{type(optimizer).__name__}")
    return [check_number("lr", group.get("initial_lr", group["lr"]), 0)
            for group in optimizer.param_groups]


def check_factor(name: str, value: Any) -> float:
    """The number. Raise TypeError, or ValueError outside [0, 1]."""
    factor = check_number(name, value, 0)
    if factor > 1:
        raise ValueError(f"{name} must be at most 1, got {value}")
    return factor


def check_cycle(max_lr: Any, total_steps: Any, pct_start: Any,
                div_factor: Any,
                final_div_factor: Any) -> dict[str, Any]:
    """The options. Raise unless the peak has a step on each side."""
    options: dict[str, Any] = {
        "max_lr": check_number("max_lr", max_lr, 0),
        "total_steps": check_whole("total_steps", total_steps, 1),
        "pct_start": check_factor("pct_start", pct_start),
        "div_factor": check_number("div_factor", div_factor, 1),
        "final_div_factor": check_number("final_div_factor",
                                         final_div_factor, 1)}
    last = options["total_steps"] - 1
    top = options["pct_start"] * options["total_steps"] - 1
    # Torch divides by 0, or begins beyond the peak.
    if not 0 < top < last:
        raise ValueError(
            "the peak, at step pct_start * total_steps - 1, must be "
            f"between the first, 0, and the last, {last}, got {top}")
    return options


def check_sequence(optimizer: Optimizer, schedulers: Any,
                   milestones: Any) -> list[int]:
    """The milestones. Raise unless the schedules can follow another.

    TypeError for what is no schedule, ValueError for what does not fit.
    """
    lrs = initial(optimizer)
    for one in schedulers:
        # Torch begins an inner sequence at its second step.
        if not isinstance(one, LRScheduler) or hasattr(
                one, "_schedulers"):
            raise TypeError("schedulers must be schedules, and none a "
                            f"sequence, got a {type(one).__name__}")
    if not schedulers or len(milestones) != len(schedulers) - 1:
        raise ValueError(
            "there must be a milestone between each two schedulers, "
            f"got {len(milestones)} for {len(schedulers)}")
    counts = [check_whole("milestones", m, 1) for m in milestones]
    if counts != sorted(set(counts)):
        raise ValueError(f"milestones must increase, got {milestones}")
    if len(set(map(id, schedulers))) < len(schedulers) or any(
            one.optimizer is not optimizer or one.last_epoch != 0
            or one.base_lrs != lrs for one in schedulers):
        raise ValueError("schedulers must be new, different, and of "
                         "this optimizer, with one learning rate at "
                         "the start")
    return counts


def check_state(own: dict[str, Any],
                saved: dict[str, Any]) -> dict[str, Any]:
    """A copy of what is saved, if it is of a schedule like this one."""
    if saved.keys() != own.keys():
        raise ValueError(f"state_dict: the names must be {list(own)}, "
                         f"got {list(saved)}")
    state = {**saved, "last_epoch": check_whole(
        "state_dict: last_epoch", saved["last_epoch"], 0)}
    for name, value in own.items():
        if name in ("base_lrs", "_last_lr"):
            if not (isinstance(saved[name], list)
                    and len(saved[name]) == len(value)):
                raise ValueError(f"state_dict: {name} must be a list "
                                 f"of {len(value)} numbers, got "
                                 f"{saved[name]}")
            state[name] = [check_option("lr", lr) for lr in saved[name]]
        elif name != "last_epoch" and saved[name] != value:
            raise ValueError(f"state_dict: {name} must be {value}, got "
                             f"{saved[name]}")
    return state
