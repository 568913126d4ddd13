"""A checkpoint that torch's own optimiser can load."""

from pathlib import Path
from typing import Any

from torch import Tensor

from scratch.checkpoint import _parameters, _read, _state_dict


def to_torch(path: str | Path,
             ) -> tuple[list[Tensor], dict[str, Any]]:
    """The parameters, and a `state_dict` for torch's optimiser."""
    arrays = _read(path)
    return _parameters(arrays), _state_dict(arrays)
