"""What a training of the CNN saves, and what it accepts."""

from typing import Any

import torch
from torch import Tensor

from scratch._checks import check_whole, is_dense
from scratch._scheduler import check_state


def saved(training: Any) -> dict[str, Any]:
    """A copy of all that the next step depends on."""
    return {"step": training.step,
            "model": {name: p.detach().clone()
                      for name, p in _tensors(training.model).items()},
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
    tensors = _tensors(training.model)
    _check_model(tensors, state["model"])
    schedule = check_state(training.scheduler.state_dict(),
                           state["scheduler"])
    if schedule["last_epoch"] != step:
        raise ValueError(f"the schedule must be at step {step}, got "
                         f"{schedule['last_epoch']}")
    # Does it fit? A generator of the same kind says so.
    torch.Generator().set_state(state["generator"])
    training.optimizer.load_state_dict(state["optimizer"])
    training.scheduler.load_state_dict(state["scheduler"])
    for name, p in tensors.items():
        p.data.copy_(state["model"][name])
    training.model.drop.generator.set_state(state["generator"])
    training.step = step


def _tensors(model: Any) -> dict[str, Tensor]:
    """The tensors of a net, by torch's names."""
    tensors = dict(zip(("mean", "std"), model.pixels))
    for name, layer in (("conv1", model.conv1), ("conv2", model.conv2),
                        ("linear", model.linear)):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = layer
    for i, norm in enumerate(model.norms):
        tensors |= {f"norms.{i}.weight": norm.weight,
                    f"norms.{i}.bias": norm.bias,
                    f"norms.{i}.running_mean": norm.running_mean,
                    f"norms.{i}.running_var": norm.running_var}
    return tensors


def _check_model(tensors: dict[str, Tensor],
                 state: dict[str, Any]) -> None:
    """Raise ValueError unless each tensor has its saved values."""
    expected = {name: (tuple(p.shape), p.dtype)
                for name, p in tensors.items()}
    found = {name: (tuple(p.shape), p.dtype) if is_dense(p)
             else type(p) for name, p in state.items()}
    if found != expected:
        raise ValueError(f"the parameters must be {expected}, got "
                         f"{found}")
