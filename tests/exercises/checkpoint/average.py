"""The mean of the parameters in several checkpoints."""

from pathlib import Path
from typing import Any

from scratch.checkpoint import _parameters, _read


def average(model: Any, paths: list[str | Path]) -> None:
    """Set each parameter, in place, to its mean over the files."""
    files = [_parameters(_read(path)) for path in paths]
    for p, *values in zip(model.parameters(), *files):
        # p = 1/n sum p_k
        p.data.copy_(sum(values) / len(values))
