"""One schedule of each kind, on either side, and what it changes."""

import copy
from types import ModuleType
from typing import Any

import torch

import scratch.checkpoint
import scratch.lr_scheduler
import scratch.optim
import torch_ref.checkpoint
import torch_ref.lr_scheduler
import torch_ref.optim

WINGS = (scratch, torch_ref)
ORDINARY: dict[str, dict] = {
    "StepLR": {"step_size": 2}, "MultiStepLR": {"milestones": [1, 3]},
    "ExponentialLR": {"gamma": 0.5}, "LinearLR": {"start_factor": 0.25},
    "CosineAnnealingLR": {"T_max": 6, "eta_min": 0.01},
    "OneCycleLR": {"max_lr": 1.0, "total_steps": 8}}
NAMES = [*ORDINARY, "SequentialLR"]


def an_optimizer(wing: ModuleType, lr: float = 0.1) -> Any:
    """SGD, on one parameter."""
    return wing.optim.SGD([torch.ones(2, requires_grad=True)], lr)


def made(wing: ModuleType, name: str, optimizer: Any) -> Any:
    """A schedule with ordinary options."""
    side = wing.lr_scheduler
    if name == "SequentialLR":
        return side.SequentialLR(
            optimizer, [side.LinearLR(optimizer, 0.25),
                        side.ExponentialLR(optimizer, 0.5)], [4])
    return getattr(side, name)(optimizer, **ORDINARY[name])


def advance(optimizer: Any, scheduler: Any, steps: int) -> None:
    """Steps of both, in their order."""
    for _ in range(steps):
        optimizer.step()
        scheduler.step()


def known(optimizer: Any, scheduler: Any) -> list[Any]:
    """A copy of all that a schedule changes."""
    return copy.deepcopy([optimizer.param_groups[0]["lr"],
                          scheduler.state_dict(), scheduler.get_last_lr()])
