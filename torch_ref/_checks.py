"""Checks of what torch accepts without a word, and should not."""

from collections.abc import Iterable
from math import inf, isfinite
from numbers import Real
from operator import index
from typing import Any

import torch
from torch import Tensor, nn

# What a schedule notes beside the options.
SCHEDULED = ("initial_lr", "max_lr", "min_lr")
# Options for which True is a mistake; for others it is a flag.
NUMBERS = ("lr", "momentum", "dampening", "weight_decay", "alpha",
           "betas", "eps", "lr_decay", *SCHEDULED)


def check_params(params: Iterable[Tensor]) -> list[Tensor]:
    """The parameters, as a list.

    Raises TypeError or ValueError as the optimisers by hand do.
    """
    if isinstance(params, Tensor):
        raise TypeError("params must be a list, got one tensor")
    params = list(params)
    for p in params:
        if not isinstance(p, Tensor):
            raise TypeError("params must contain tensors only, got a "
                            f"{type(p).__name__}")
        if p.is_complex():
            raise TypeError(f"params must be real, got dtype {p.dtype}")
    # Torch only warns.
    if len(set(map(id, params))) < len(params):
        raise ValueError("params must be different tensors, got the "
                         "same one twice")
    return params


def check_option(name: str, value: Any) -> Any:
    """The option, in Python's own numbers, which a file can hold.

    Raises TypeError or ValueError for a value without meaning.
    """
    # A flag, such as `nesterov`.
    if isinstance(value, bool) and name not in NUMBERS:
        return value
    if name == "betas" and not (isinstance(value, tuple | list)
                                and len(value) == 2):
        raise ValueError(f"betas must be two numbers, got {value}")
    for number in value if name == "betas" else [value]:
        if isinstance(number, bool) or not isinstance(number, Real):
            raise TypeError(f"{name} must be a number, got {value!r}")
        # NaN fails both comparisons.
        if name == "betas" and not 0 <= float(number) < 1:
            raise ValueError(f"betas must be in [0, 1), got {value}")
        # Torch accepts any dampening.
        if name != "dampening" and not 0 <= float(number):
            raise ValueError(f"{name} must be at least 0, got {value}")
    return tuple(map(float, value)) if name == "betas" else float(value)


def is_dense(value: Any) -> bool:
    """Is it a tensor with a number in memory for each entry?"""
    return (isinstance(value, Tensor) and not value.is_meta
            and value.layout == torch.strided)


def check_model(model: nn.Module, saved: dict[str, Any]) -> None:
    """Raise ValueError unless each tensor of the model has its values.

    Torch loads all that fits before it reports what does not.
    """
    expected = {name: (tuple(p.shape), p.dtype)
                for name, p in model.state_dict().items()}
    found = {name: (tuple(p.shape), p.dtype) if is_dense(p) else type(p)
             for name, p in saved.items()}
    if found != expected:
        raise ValueError(f"the parameters must be {expected}, got "
                         f"{found}")


def check_whole(name: str, value: Any, least: int) -> int:
    """The integer. Raise TypeError, or ValueError below `least`.

    True is not an integer, one of NumPy's is: it has `__index__`.
    Nothing that torch counts is as large as 2^64.
    """
    try:
        whole = index(value)
    except TypeError:
        whole = None
    if whole is None or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if whole < least:
        raise ValueError(
            f"{name} must be at least {least}, got {value}")
    if whole >= 2 ** 64:
        raise ValueError(f"{name} must be below 2^64, got {value}")
    return whole


def check_number(name: str, value: Any, least: float) -> float:
    """The number, as Python's own float.

    Raises TypeError, or ValueError below `least` or unless finite.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    # NaN fails the comparison.
    if not float(value) >= least:
        raise ValueError(
            f"{name} must be at least {least}, got {value}")
    if float(value) == inf:
        raise ValueError(f"{name} must be finite, got {value}")
    return float(value)


def check_fraction(name: str, value: Any) -> float:
    """The number. Raise TypeError, or ValueError outside [0, 1]."""
    fraction = check_number(name, value, 0)
    if fraction > 1:
        raise ValueError(f"{name} must be in [0, 1], got {value}")
    return fraction


def check_finite(name: str, value: Any) -> float:
    """The number, as Python's own float, of either sign.

    Raises TypeError, or ValueError for NaN and the infinities.
    """
    if isinstance(value, Real) and not isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}")
    return check_number(name, value, -inf)


def check_training(model: Any, **options: Any) -> list[Any]:
    """The options of a training, as Python's own numbers.

    steps and epochs are integers, all are at least 0, except `stop`.
    Raises TypeError or ValueError before anything is trained.
    """
    check_trainable(model)
    return [check_whole(name, value, 0) if name in ("steps", "epochs")
            else check_number(name, value,
                              -inf if name == "stop" else 0)
            for name, value in options.items()]


def check_trainable(model: Any) -> None:
    """Raise ValueError if a parameter is frozen."""
    if not all(p.requires_grad for p in model.parameters()):
        raise ValueError("every parameter must require a gradient, "
                         "got one with requires_grad=False")


def check_gradients(parameters: list[Tensor],
                    gradients: Iterable[Tensor]) -> list[Tensor]:
    """The gradients, one for each parameter and of its shape.

    Raises ValueError otherwise: a smaller one would be broadcast.
    """
    gradients = list(gradients)
    shapes, got = ([None if t is None else tuple(t.shape) for t in ts]
                   for ts in (parameters, gradients))
    if got != shapes:
        raise ValueError(
            f"gradients must have the shapes {shapes}, got {got}")
    return gradients


def check_rows(*tensors: Tensor) -> None:
    """Raise unless all are tensors with the same number of rows.

    TypeError for what is no tensor, ValueError if there is no row.
    """
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            raise TypeError("data must be tensors, got a "
                            f"{type(tensor).__name__}")
    rows = [len(tensor) for tensor in tensors]
    if not rows or rows[0] == 0 or len(set(rows)) > 1:
        raise ValueError("tensors must have the same number of rows, "
                         f"at least 1, got {rows}")


def check_tables(input: Tensor, reference: Tensor) -> None:
    """Raise unless they are two tables with the same columns.

    ValueError for the shapes, RuntimeError for the dtypes.
    """
    if len(reference) == 0 or input.shape[1:] != reference.shape[1:]:
        raise ValueError(
            "input and reference must have the same columns, and "
            "reference at least one row, got "
            f"{tuple(input.shape)} and {tuple(reference.shape)}")
    for table in input, reference:
        if not table.is_floating_point():
            raise RuntimeError("input and reference must have a "
                               f"floating dtype, got {table.dtype}")
