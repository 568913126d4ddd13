"""What a training of the CNN saves, and what it accepts."""

from typing import Any

import torch

from torch_ref._checks import check_model, check_whole
from torch_ref._optimizer import check_schedule, check_state


def saved(training: Any) -> dict[str, Any]:
    """All that the next step depends on."""
    return {"step": training.step, "model": training.model.state_dict(),
            "optimizer": training.optimizer.state_dict(),
            "scheduler": training.scheduler.state_dict(),
            # of the masks to come, if the net has dropout
            "generator": training.model.drop.generator.get_state()}


def restore(training: Any, state: dict[str, Any]) -> None:
    """Load it. What does not fit is found before anything changes."""
    step = check_whole("step", state["step"], 0)
    if step > training.steps:
        raise ValueError(f"step must be at most {training.steps}, got "
                         f"{step}")
    check_model(training.model, state["model"])
    check_state(training.optimizer, state["optimizer"])
    check_schedule(training.scheduler, state["scheduler"], step)
    # Does it fit? A generator of the same kind says so.
    torch.Generator().set_state(state["generator"])
    training.model.load_state_dict(state["model"])
    training.optimizer.load_state_dict(state["optimizer"])
    training.scheduler.load_state_dict(state["scheduler"])
    training.model.drop.generator.set_state(state["generator"])
    training.step = step
