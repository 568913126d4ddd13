"""Checks shared by the topics: shapes, labels, integers."""

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
    return whole
