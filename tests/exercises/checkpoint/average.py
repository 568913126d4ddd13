"""The mean of the parameters in several checkpoints."""

from pathlib import Path
from typing import Any

import torch

from scratch.checkpoint import _read


def average(model: Any, paths: list[str | Path]) -> None:
    """Set each parameter, in place, to its mean over the files."""
    files = [_read(path) for path in paths]
    for i, p in enumerate(model.parameters()):
        values = [torch.from_numpy(file[f"parameter.{i}"])
                  for file in files]
        # p = 1/n sum p_k
        p.data.copy_(sum(values) / len(values))
