"""Checks shared by the topics: shapes, labels, numbers."""

from collections.abc import Iterable
from math import inf, isfinite
from numbers import Real
from operator import index
from typing import Any

import torch
from torch import Tensor


def check_same_shape(input: Tensor, target: Tensor) -> None:
    """Raise ValueError unless the shapes are equal.

    (n, 1) and (n,) would silently broadcast to (n, n).
    """
    if input.shape != target.shape:
        raise ValueError(
            "input and target must have the same shape, got "
            f"{tuple(input.shape)} and {tuple(target.shape)}")


def check_not_empty(values: Tensor) -> None:
    """Raise ValueError if there is none: the mean would be 0 / 0."""
    if values.numel() == 0:
        raise ValueError("the batch must not be empty, got shape "
                         f"{tuple(values.shape)}")


def check_unit_interval(name: str, values: Tensor,
                        error: type[Exception]) -> None:
    """Raise `error` unless every value is in [0, 1]."""
    values = values.detach()
    # NaN fails both comparisons.
    if values.numel() and not (values.min().item() >= 0
                               and values.max().item() <= 1):
        outside = values[~((values >= 0) & (values <= 1))]
        raise error(
            f"{name} must be in [0, 1], got {outside[0].item()}")


def check_labels(input: Tensor, target: Tensor) -> None:
    """Raise unless `target` holds one class index per row of `input`.

    ValueError for the shapes, RuntimeError for the dtype, IndexError
    for a label outside the classes.
    """
    if input.dim() != 2 or target.shape != input.shape[:1]:
        raise ValueError(
            "input must have shape (n, classes) and target (n,), got "
            f"{tuple(input.shape)} and {tuple(target.shape)}")
    if target.dtype != torch.int64:
        raise RuntimeError(
            f"target must have dtype torch.int64, got {target.dtype}")
    classes = input.shape[1]
    if len(target) and not (target.min().item() >= 0
                            and target.max().item() < classes):
        outside = target[(target < 0) | (target >= classes)]
        raise IndexError(f"target must be from 0 to {classes - 1}, got "
                         f"{outside[0].item()}")


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


def is_dense(value: Any) -> bool:
    """Is it a tensor with a number in memory for each entry?"""
    return (isinstance(value, Tensor) and not value.is_meta
            and value.layout == torch.strided)
