"""What all schedules share: the count t, and where lr(t) is written."""

import warnings
from copy import deepcopy
from typing import Any

from scratch._checks import check_number, check_whole
from scratch._optimizer import Optimizer, check_option


class LRScheduler:
    """The base class: a subclass defines `lr`, one formula of t.

    t is 0 when the schedule is made, and each `step` adds 1. lr(t) is
    written into `optimizer.param_groups[0]["lr"]`. The lr0 of the
    formula is the learning rate that the optimiser was made with; the
    group keeps it as "initial_lr", as in torch.

    Raises TypeError or ValueError if `optimizer` is no optimiser, or
    if its learning rate is not finite.
    """

    def __init__(self, optimizer: Optimizer, **options: Any):
        lr0 = initial(optimizer)
        self.optimizer, self.options = optimizer, options
        self.base_lrs = [lr0]
        optimizer.param_groups[0]["initial_lr"] = lr0
        optimizer.stepped_since_schedule = False
        self._move(0)

    def lr(self, lr0: float, t: int, *args: Any,
           **options: Any) -> float:
        """The learning rate after t steps, for lr0 at the start."""
        raise NotImplementedError

    def step(self) -> None:
        """Go on to the next learning rate, after `optimizer.step()`.

        Warns if the optimiser has not used lr(0). Raises ValueError,
        and changes nothing, at the end of a schedule that has one, or
        if something else has changed the learning rate.
        """
        lr = self.optimizer.param_groups[0]["lr"]
        if [lr] != self._last_lr:
            raise ValueError(
                f"lr must be that of the schedule, {self._last_lr}, "
                f"got {lr}; load an optimiser's state after its "
                "schedule is made")
        if not (self.last_epoch
                or self.optimizer.stepped_since_schedule):
            warnings.warn("optimizer.step() must come before "
                          "scheduler.step(), or lr(0) is never used",
                          stacklevel=2)
        self._move(self.last_epoch + 1)

    def _move(self, t: int) -> None:
        lr = self.lr(self.base_lrs[0], t, **self.options)
        self.last_epoch, self._last_lr = t, [lr]
        self.optimizer.param_groups[0]["lr"] = lr

    def get_last_lr(self) -> list[float]:
        """The learning rate of now, in a list, as in torch."""
        return list(self._last_lr)

    def state_dict(self) -> dict[str, Any]:
        """The options, t, and the learning rates: lr0 and lr(t)."""
        return deepcopy({
            **self.options, "base_lrs": self.base_lrs,
            "last_epoch": self.last_epoch, "_last_lr": self._last_lr})

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore t from a `state_dict`, by hand or by torch.

        The optimiser's own state has its learning rate: load both.
        Raises TypeError or ValueError, and changes nothing, if it is
        the state of a schedule with other options.
        """
        state = check_state(self.state_dict(), state_dict)
        self.last_epoch = state["last_epoch"]
        self.base_lrs, self._last_lr = (state["base_lrs"],
                                        state["_last_lr"])


def initial(optimizer: Any) -> float:
    """The learning rate that the optimiser was made with.

    Raises TypeError or ValueError for what has none.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError("optimizer must be an optimiser, got a "
                        f"{type(optimizer).__name__}")
    group = optimizer.param_groups[0]
    # A schedule may have changed "lr" already.
    return check_number("lr", group.get("initial_lr", group["lr"]), 0)


def check_factor(name: str, value: Any) -> float:
    """The number. Raise TypeError, or ValueError outside [0, 1]."""
    factor = check_number(name, value, 0)
    if factor > 1:
        raise ValueError(f"{name} must be at most 1, got {value}")
    return factor


def check_cycle(optimizer: Any, max_lr: Any, total_steps: Any,
                pct_start: Any, div_factor: Any,
                final_div_factor: Any) -> dict[str, Any]:
    """The options. Raise unless the peak has a step on each side."""
    initial(optimizer)
    options: dict[str, Any] = {
        "max_lr": check_number("max_lr", max_lr, 0),
        "total_steps": check_whole("total_steps", total_steps, 1),
        "pct_start": check_factor("pct_start", pct_start),
        "div_factor": check_number("div_factor", div_factor, 1),
        "final_div_factor": check_number("final_div_factor",
                                         final_div_factor, 1)}
    last = options["total_steps"] - 1
    top = options["pct_start"] * options["total_steps"] - 1
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
    lrs = [initial(optimizer)]
    for one in schedulers:
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
                    and len(saved[name]) == 1):
                raise ValueError(f"state_dict: {name} must be a list "
                                 f"of one number, got {saved[name]}")
            state[name] = [check_option("lr", saved[name][0])]
        elif name != "last_epoch" and saved[name] != value:
            raise ValueError(f"state_dict: {name} must be {value}, got "
                             f"{saved[name]}")
    return state
