"""What torch's optimisers accept without a word, and should not."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim.lr_scheduler import LRScheduler

from torch_ref._checks import check_option, check_params, is_dense

# What an optimiser remembers, and the option that each is for, if any.
REMEMBERS: dict[type[torch.optim.Optimizer], dict[str, str]] = {
    torch.optim.SGD: {"momentum_buffer": "momentum"},
    torch.optim.RMSprop: {
        "step": "", "square_avg": "", "grad_avg": "centered",
        "momentum_buffer": "momentum"},
    torch.optim.Adagrad: {"step": "", "sum": ""},
    torch.optim.Adam: {"step": "", "exp_avg": "", "exp_avg_sq": "",
                       "max_exp_avg_sq": "amsgrad"}}
# It may climb; and what tells Adam from AdamW.
KIND = {"maximize", "decoupled_weight_decay"}
# Settings of the computation, not of the formula.
NOT_BY_HAND = KIND | {
    "params", "foreach", "capturable", "differentiable", "fused",
    "initial_accumulator_value"}


class Optimizer(torch.optim.Optimizer):
    """The base class: it rejects the same as the one by hand.

    `foreach=False` selects torch's plain loop over the parameters, the
    one that reads like the formula.
    """

    def __init__(self, params: Iterable[Tensor], **options: Any):
        options = {name: check_option(name, value)
                   for name, value in options.items()}
        super().__init__(check_params(params),
                         **{**options, "foreach": False})
        self.register_step_pre_hook(_check_options)

    def state_dict(self) -> dict[str, Any]:
        """State and options."""
        _check_options(self)
        return super().state_dict()

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore a copy of a `state_dict`, ours or by hand.

        Raises ValueError, or TypeError for an option, and changes
        nothing, if it is the state of another optimiser or of other
        parameters.
        """
        check_state(self, state_dict)
        # torch.optim leaves out what is not in `state_dict`.
        groups = [{**own, **{
            name: value for name, value in saved.items()
            if name not in NOT_BY_HAND}} for own, saved in zip(
                self.state_dict()["param_groups"],
                state_dict["param_groups"])]
        # torch.optim shares the memory of what it loads.
        state = {i: {
            name: torch.tensor(float(value)) if name == "step"
            else value.detach().clone()
            for name, value in saved.items()}
            for i, saved in state_dict["state"].items() if saved}
        super().load_state_dict(
            {"state": state, "param_groups": groups})


def _check_options(optimizer: torch.optim.Optimizer, *_: Any) -> None:
    """Before a step: each may have been changed since the last one."""
    for group in optimizer.param_groups:
        group.update({name: check_option(name, value)
                      for name, value in group.items()
                      if name not in NOT_BY_HAND})


def check_state(optimizer: torch.optim.Optimizer,
                state_dict: dict[str, Any]) -> None:
    """Raise ValueError or TypeError if it is of another optimiser."""
    groups = optimizer.param_groups
    saved = state_dict.get("param_groups", [])
    if len(saved) != len(groups):
        raise ValueError("state_dict: the number of groups must be "
                         f"{len(groups)}, got {len(saved)}")
    params = [p for group in groups for p in group["params"]]
    numbers = [i for group in saved for i in group.get("params", [])]
    if numbers != list(range(len(params))):
        raise ValueError("state_dict: params must be "
                         f"{list(range(len(params)))}, got {numbers}")
    for group, other in zip(groups, saved):
        options = group.keys() - NOT_BY_HAND
        if not options <= other.keys():
            raise ValueError("state_dict: the options must be "
                             f"{sorted(options)}, got {list(other)}")
        for name in KIND & group.keys():
            if other.get(name, group[name]) != group[name]:
                raise ValueError(
                    f"state_dict: {name} must be {group[name]}, got "
                    f"{other[name]}")
        for name in options:
            if name == "betas" or isinstance(group[name], int | float):
                check_option(name, other[name])
    state = state_dict.get("state")
    if state is None or not state.keys() <= set(numbers):
        raise ValueError(
            "state_dict: the state must be that of parameters "
            f"{numbers}, got {state and list(state)}")
    of = [group for group in saved for i in group["params"]]
    names = next((names for kind, names in REMEMBERS.items()
                  if isinstance(optimizer, kind)), {})
    for i, p in enumerate(params):
        if names:
            _check_entries(p, state.get(i, {}), names, of[i])


def check_schedule(scheduler: LRScheduler, saved: dict[str, Any],
                   step: int) -> None:
    """Raise ValueError unless it is that of this schedule and step."""
    expected = {**scheduler.state_dict(), "last_epoch": step,
                "_step_count": step + 1}
    # The last learning rate is in the optimiser's options as well.
    if {**saved, "_last_lr": expected["_last_lr"]} != expected:
        raise ValueError(f"the schedule must be {expected}, got "
                         f"{saved}")
    if len(saved["_last_lr"]) != len(expected["_last_lr"]):
        raise ValueError("the schedule must have a learning rate for "
                         f"each group, got {saved['_last_lr']}")
    for lr in saved["_last_lr"]:
        check_option("lr", lr)


def _check_entries(p: Tensor, saved: dict[str, Any],
                   names: dict[str, str],
                   options: dict[str, Any]) -> None:
    """What is remembered of p: all of it, or nothing."""
    needed = [name for name, option in names.items()
              if not option or options[option]]
    # Adagrad remembers a sum even before the first step.
    if (saved or "sum" in names) and not (
            set(needed) <= saved.keys() <= names.keys()):
        raise ValueError("state_dict: a parameter's state must be "
                         f"{needed}, got {list(saved)}")
    for name, value in saved.items():
        if name == "step":
            # By hand it is a number.
            if isinstance(value, Tensor) and value.numel() == 1:
                value = value.item()
            # NaN fails the comparison.
            if not (isinstance(value, int | float) and value >= 0
                    and value % 1 == 0):
                raise ValueError("state_dict: step must be an integer "
                                 f"of at least 0, got {value}")
        elif not is_dense(value):
            raise ValueError(f"state_dict: {name} must be a dense "
                             f"tensor, got a {type(value).__name__}")
        elif not value.is_floating_point():
            raise ValueError(f"state_dict: {name} must be real, got "
                             f"dtype {value.dtype}")
        elif value.shape != p.shape:
            raise ValueError(
                f"state_dict: {name} must have shape {tuple(p.shape)}, "
                f"got {tuple(value.shape)}")
