"""Odd values: what may stand where a tensor or a number should.

Each table maps a name to a function from the ordinary value to the odd
one. `odd(value)` chooses the table by the type of the ordinary value.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from operator import methodcaller
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor


def _with(value: float) -> Callable[[Tensor], Tensor]:
    """Replace the last entry."""
    def change(x: Tensor) -> Tensor:
        """A copy, in a dtype that can hold the value."""
        x = x.contiguous().clone()
        x = x if value in (-1, 9) else x.float()
        x.view(-1)[-1] = value
        return x
    return change


ANYTHING: dict[str, Callable[[Any], Any]] = {
    "None": lambda _: None, "a string": lambda _: "1",
    "True": lambda _: True, "a list": lambda _: [1.0],
    "an object": lambda _: object(),
}
TENSORS: dict[str, Callable[[Tensor], Any]] = {
    **{str(dtype): methodcaller("to", dtype) for dtype in (
        torch.float16, torch.bfloat16, torch.float32, torch.float64,
        torch.int64, torch.int32, torch.uint8, torch.bool,
        torch.complex64)},
    "0-dim": lambda x: x.reshape(-1)[0],
    "one axis": lambda x: x.reshape(-1),
    "one axis more": lambda x: x[None],
    "transposed": lambda x: x.T if x.dim() == 2 else x.flip(0),
    "strided": lambda x: torch.stack([x, 0 * x], dim=-1)[..., 0],
    "transposed in memory": lambda x: (
        x.T.contiguous().T if x.dim() == 2 else x),
    "expanded": lambda x: x[:1].expand(x.shape) if x.dim() else x,
    "no rows": lambda x: x[:0] if x.dim() else x,
    "no columns": lambda x: x[..., :0] if x.dim() else x,
    "one row": lambda x: x[:1] if x.dim() else x,
    "a column more": lambda x: (
        torch.cat([x, x[..., :1]], dim=-1) if x.dim() else x),
    "a row more": lambda x: torch.cat([x, x[:1]]) if x.dim() else x,
    "-0.0": _with(-0.0), "-1": _with(-1), "9": _with(9),
    "NaN": _with(math.nan), "inf": _with(math.inf),
    "-inf": _with(-math.inf), "1e30": _with(1e30),
    "requires grad": lambda x: (
        x.clone().requires_grad_() if x.is_floating_point() else x),
    "a result": lambda x: (
        x.clone().requires_grad_() * 1 if x.is_floating_point() else x),
    "an array": lambda x: x.numpy(force=True),
    "nested lists": lambda x: x.tolist(), "a number": lambda _: 0.5,
    **ANYTHING,
}
ARRAYS: dict[str, Callable[[np.ndarray], Any]] = {
    **{name: methodcaller("astype", name) for name in (
        "f2", "f8", "i8", "u1", "u2", "u4", "?", "c8", ">f4", "U", "O")},
    "0-dim": lambda x: x[0, 0], "no rows": lambda x: x[:0],
    "transposed": lambda x: x.T, "backwards": lambda x: x[::-1],
    "a tensor": torch.from_numpy,
    **ANYTHING,
}
NUMBERS: dict[str, Callable[[Any], Any]] = {
    "0": lambda _: 0, "1": lambda _: 1, "-1": lambda _: -1,
    "2": lambda _: 2, "0.0": lambda _: 0.0, "2.0": lambda _: 2.0,
    "2.5": lambda _: 2.5, "-0.5": lambda _: -0.5,
    "NaN": lambda _: math.nan, "inf": lambda _: math.inf,
    "-inf": lambda _: -math.inf, "1e-320": lambda _: 1e-320,
    "False": lambda _: False,
    "np.int64": lambda _: np.int64(2), "np.uint8": lambda _: np.uint8(1),
    "np.float64": lambda _: np.float64(0.5),
    "np.float32": lambda _: np.float32(0.5),
    "np.bool": lambda _: np.True_,
    "an integer tensor": lambda _: torch.tensor(2),
    "a float tensor": lambda _: torch.tensor(0.5),
    "complex": lambda _: 0.5j, "a fraction": lambda _: Fraction(1, 2),
    "10 ** 30": lambda _: 10 ** 30, "-10 ** 30": lambda _: -10 ** 30,
    "two numbers": lambda _: (0.5, 0.5),
    "a generator": lambda _: torch.Generator().manual_seed(5),
    **ANYTHING,
}
STRINGS: dict[str, Callable[[Any], Any]] = {
    "none": lambda _: "none", "sum": lambda _: "sum",
    "empty": lambda _: "", "capitals": str.upper,
    "in a list": lambda text: [text], **ANYTHING,
}


def _first(change: Callable[[Tensor], Tensor]) -> Callable[[list], list]:
    """Change the first item, if it is a tensor."""
    return lambda items: [change(item) if i == 0 and isinstance(
        item, Tensor) else item for i, item in enumerate(items)]


LISTS: dict[str, Callable[[list], Any]] = {
    "empty": lambda items: [], "the first": lambda items: items[:1],
    "a tuple": tuple, "reversed": lambda items: items[::-1],
    "the first twice": lambda items: items[:1] * 2,
    "with None": lambda items: [*items, None],
    "with 0": lambda items: [*items, 0],
    "with -1": lambda items: [*items, -1],
    "with 2.0": lambda items: [*items, 2.0],
    "with True": lambda items: [*items, True],
    "used up": lambda items: iter(()), "an iterator": iter,
    "its first item": lambda items: items[0],
    "first frozen": _first(lambda p: p.detach()),
    "first a result": _first(lambda p: p * 1),
    "first of integers": _first(lambda p: p.detach().long()),
    "first complex": _first(lambda p: p.detach().to(torch.complex64)),
    "first without entries": _first(
        lambda p: p.detach()[:0].requires_grad_()),
    "first a transposed view": _first(
        lambda p: p.detach().T.clone().T.requires_grad_()),
    **ANYTHING,
}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "one loss per row": lambda f: lambda *a: f(*a) * torch.ones(3),
    "a constant": lambda f: lambda *a: torch.tensor(1.0),
    "a float": lambda f: lambda *a: 1.0,
    "nothing": lambda f: lambda *a: None, "NaN": lambda f: (
        lambda *a: f(*a) * math.nan),
    **ANYTHING,
}
PATHS: dict[str, Callable[[Path], Any]] = {
    "as text": str, "missing": lambda path: path / "missing",
    "a folder": lambda path: path.parent, "bytes": lambda path: bytes(path),
    "a number": lambda path: 99999,
    # Not a string: it would be a file in the current folder.
    **{name: ANYTHING[name] for name in ("None", "an object", "a list")},
}


def _frozen(model: Any) -> Any:
    next(iter(model.parameters())).requires_grad_(False)
    return model


def _all_frozen(model: Any) -> Any:
    for p in model.parameters():
        p.requires_grad_(False)
    return model


def _in_dtype(dtype: torch.dtype) -> Callable[[Any], Any]:
    def change(model: Any) -> Any:
        for p in model.parameters():
            p.data = p.data.to(dtype)
        return model
    return change


MODELS: dict[str, Callable[[Any], Any]] = {
    "one frozen": _frozen, "all frozen": _all_frozen,
    "float64": _in_dtype(torch.float64),
    "float16": _in_dtype(torch.float16),
    "a function": lambda model: lambda x: x, **ANYTHING,
}


def odd(value: Any) -> dict[str, Callable[[Any], Any]]:
    """The odd values that can take the place of an ordinary one."""
    for kind, table in ((Tensor, TENSORS), (np.ndarray, ARRAYS),
                        (bool, NUMBERS), (int, NUMBERS),
                        (float, NUMBERS), (str, STRINGS), (list, LISTS),
                        (tuple, NUMBERS), (torch.Generator, NUMBERS),
                        (Path, PATHS)):
        if isinstance(value, kind):
            return table
    if hasattr(value, "parameters"):
        return MODELS
    if hasattr(value, "state_dict"):
        return ANYTHING
    return FUNCTIONS
