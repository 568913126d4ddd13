"""A checkpoint that torch's own optimiser can load."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from scratch._optimizer import Optimizer
from scratch.checkpoint import _read


def load(path: str | Path, model: Any, optimizer: Optimizer,
         generator: torch.Generator) -> int:
    arrays = _read(path)
    parameters = list(model.parameters())
    saved = _parameters(arrays)
    expected = [(tuple(p.shape), p.dtype) for p in parameters]
    found = [(tuple(p.shape), p.dtype) for p in saved]
    if found != expected:
        raise ValueError(f"{path}: the parameters must be {expected}, "
                         f"got {found}")
    optimizer.load_state_dict(_state_dict(arrays))
    generator.set_state(torch.from_numpy(arrays["generator"]))
    for p, value in zip(parameters, saved):
        p.data.copy_(value)
    return arrays["epoch"].item()


def to_torch(path: str | Path,
             ) -> tuple[list[Tensor], dict[str, Any]]:
    """The parameters, and a `state_dict` for torch's optimiser."""
    arrays = _read(path)
    return _parameters(arrays), _state_dict(arrays)


def _parameters(arrays: dict[str, np.ndarray]) -> list[Tensor]:
    return [torch.from_numpy(arrays[name]) for name in arrays
            if name.startswith("parameter.")]


def _state_dict(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    state: dict[int, dict[str, Tensor]] = {}
    for key, array in arrays.items():
        if key.startswith("state."):
            _, i, name = key.split(".")
            state.setdefault(int(i), {})[name] = torch.from_numpy(array)
    groups = json.loads(arrays["options"].item())
    return {"state": state, "param_groups": groups}
