"""Checkpoints: save, stop, and resume as if nothing had happened.

A file holds all that the next step depends on: the parameters, the
running statistics of a norm, the optimiser's state and options, the
epoch, and the generator's state. A net with dropout draws its masks
from the generator that it was built with: save that one. The mode is
not in the file, as by torch.

It is an `.npz`, a zip of plain arrays without pickle, so that loading
a stranger's file runs none of the stranger's code.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from scratch._checks import check_whole
from scratch._files import replacing
from scratch._optimizer import Optimizer
from scratch.mlp import MLP, train_with
from scratch.tensors import to_numpy

FORMAT = "checkpoint by hand, version 1"


def save(path: str | Path, model: Any, optimizer: Optimizer, epoch: int,
         generator: torch.Generator) -> None:
    """Write the whole state of a training run to `path`.

    The file is written in another folder and then renamed: even after
    a crash, `path` is the complete old file or the complete new one.
    """
    epoch = check_whole("epoch", epoch, 0)
    state = optimizer.state_dict()
    arrays = {"format": np.array(FORMAT), "epoch": np.array(epoch),
              "generator": to_numpy(generator.get_state()),
              "options": np.array(json.dumps(state["param_groups"]))}
    for i, p in enumerate(_tensors(model)):
        arrays[f"parameter.{i}"] = _pack(p)
    for i, entries in state["state"].items():
        for name, value in entries.items():
            arrays[f"state.{i}.{name}"] = _pack(torch.as_tensor(value))
    # One wrong bit can make a zip lose an entry: list them all.
    arrays["names"] = np.array(sorted(arrays))
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    with replacing(path) as part:
        part.write_bytes(packed.getbuffer())


def load(path: str | Path, model: Any, optimizer: Optimizer,
         generator: torch.Generator) -> int:
    """Restore what `save` wrote, in place, and return the epoch.

    Raises ValueError, and changes nothing, if the file is damaged, is
    not a checkpoint, or does not fit the model, the optimiser or the
    generator.
    """
    arrays = _read(path)
    # Whatever is wrong, it is found before anything is changed.
    try:
        parameters = _tensors(model)
        epoch = check_whole("epoch", arrays["epoch"].item(), 0)
        saved = _parameters(arrays)
        expected = [(tuple(p.shape), p.dtype) for p in parameters]
        found = [(tuple(p.shape), p.dtype) for p in saved]
        if found != expected:
            raise ValueError(f"the parameters must be {expected}, got "
                             f"{found}")
        random = torch.from_numpy(arrays["generator"])
        torch.Generator(generator.device).set_state(random)
        optimizer.load_state_dict(_state_dict(arrays))
    except Exception as error:
        raise ValueError(
            f"{path}: must be a {FORMAT} of this training "
            f"({type(error).__name__}: {error})") from error
    generator.set_state(random)
    for p, value in zip(parameters, saved):
        p.data.copy_(value)
    return epoch


def train(path: str | Path, optimizer: Optimizer, model: MLP,
          loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, epochs: int,
          batch_size: int | None = None,
          generator: torch.Generator | None = None) -> Iterator[float]:
    """`mlp.train_with`, saved to `path` after every epoch.

    If the file exists, training resumes from it. Yields the loss of
    each remaining step.
    """
    epochs = check_whole("epochs", epochs, 0)
    # Without a generator the rows stay in order, and the file gets the
    # state of an unused one.
    saved = generator or torch.Generator()
    done = 0
    if Path(path).exists():
        done = load(path, model, optimizer, saved)
    for epoch in range(done, epochs):
        yield from train_with(optimizer, model, loss_function, x, y, 1,
                              batch_size, generator)
        save(path, model, optimizer, epoch + 1, saved)


def _read(path: str | Path) -> dict[str, np.ndarray]:
    content = Path(path).read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            damaged = archive.testzip()
        with np.load(io.BytesIO(content), allow_pickle=False) as npz:
            arrays = dict(npz)
        names = arrays.pop("names").tolist()
        if (damaged or sorted(arrays) != names
                or arrays["format"].item() != FORMAT):
            raise ValueError
    # A damaged zip can raise a dozen different exceptions.
    except Exception as error:
        raise ValueError(
            f"{path}: must be a {FORMAT}, got a damaged or foreign "
            f"file ({type(error).__name__})") from error
    return arrays


def _tensors(model: Any) -> list[Tensor]:
    # Running statistics, if a model has them, come after the rest.
    buffers = model.buffers() if hasattr(model, "buffers") else []
    return [*model.parameters(), *buffers]


def _parameters(arrays: dict[str, np.ndarray]) -> list[Tensor]:
    # By number, as "parameter.10" sorts before "parameter.2".
    count = sum(key.startswith("parameter.") for key in arrays)
    return [_unpack(arrays[f"parameter.{i}"]) for i in range(count)]


def _state_dict(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    state: dict[int, dict[str, Tensor]] = {}
    for key, array in arrays.items():
        if key.startswith("state."):
            _, i, name = key.split(".")
            state.setdefault(int(i), {})[name] = _unpack(array)
    groups = json.loads(arrays["options"].item())
    return {"state": state, "param_groups": groups}


def _pack(values: Tensor) -> np.ndarray:
    # NumPy has no bfloat16: take the bits for an integer.
    if values.dtype == torch.bfloat16:
        values = values.view(torch.int16)
    return to_numpy(values)


def _unpack(array: np.ndarray) -> Tensor:
    values = torch.from_numpy(array)
    if values.dtype == torch.int16:
        values = values.view(torch.bfloat16)
    return values
