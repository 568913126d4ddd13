"""What the normalising layers reject, as by hand."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from torch_ref._checks import check_number, check_whole
from torch_ref._floats import check_floats, check_tensors
from torch_ref._net import check_mode


def check_eps(eps: Any) -> float:
    """The number. Raise TypeError, or ValueError unless above 0."""
    value = check_number("eps", eps, 0)
    if value == 0:
        raise ValueError(f"eps must be above 0, got {eps}")
    return value


def check_channels(input: Tensor, training: bool = True,
                   **tensors: Tensor | None) -> None:
    """Raise unless there is one number for each channel of `input`.

    TypeError for what is no tensor, RuntimeError for a dtype,
    ValueError for a shape, and in training for a channel of one value.
    """
    check_dtypes(input, tensors)
    if input.dim() not in (2, 4):
        raise ValueError("input must have shape (n, c) or (n, c, h, w),"
                         f" got {tuple(input.shape)}")
    check_shapes(tuple(input.shape[1:2]), tensors)
    # One value is its own mean, and n - 1 is 0.
    if training and input.numel() <= input.shape[1]:
        raise ValueError("Expected more than 1 value per channel when "
                         f"training, got shape {tuple(input.shape)}")


def check_running(mean: Tensor | None, var: Tensor | None,
                  training: bool) -> None:
    """Raise TypeError, ValueError or RuntimeError for the statistics.

    Both are tensors without a gradient; in training both may be None.
    """
    check_mode(training)
    if (mean is None) != (var is None) or mean is None and not training:
        raise ValueError(
            "running_mean and running_var must be two tensors, or in "
            f"training both None, got training={training} and "
            f"{[type(t).__name__ for t in (mean, var)]}")
    for tensor in mean, var:
        if tensor is not None and tensor.requires_grad:
            raise RuntimeError("running_mean and running_var must not "
                               "require a gradient")


def check_features(input: Tensor, normalized_shape: Sequence[int],
                   **tensors: Tensor | None) -> tuple[int, ...]:
    """`normalized_shape`, if the shape of `input` ends with it.

    Raises as `check_channels` and `check_sizes` do.
    """
    check_dtypes(input, tensors)
    if not isinstance(normalized_shape, list | tuple):
        raise TypeError("normalized_shape must be a list or a tuple, "
                        f"got {normalized_shape!r}")
    sizes = check_sizes(normalized_shape)
    if tuple(input.shape[-len(sizes):]) != sizes:
        raise ValueError(f"the shape of input must end with {sizes}, "
                         f"got {tuple(input.shape)}")
    check_shapes(sizes, tensors)
    return sizes


def check_sizes(normalized_shape: Any) -> tuple[int, ...]:
    """The sizes of the last axes, at least one of them, each >= 1.

    A number stands for one axis.
    """
    if not isinstance(normalized_shape, list | tuple):
        normalized_shape = [normalized_shape]
    if not normalized_shape:
        raise ValueError("normalized_shape must not be empty, got "
                         f"{normalized_shape}")
    return tuple(check_whole("normalized_shape", size, 1)
                 for size in normalized_shape)


def check_dtypes(input: Tensor,
                 tensors: dict[str, Tensor | None]) -> None:
    """Raise unless all have the dtype of `input`, or float32.

    float32 only beside an input of 16 bits. Errors: `check_floats`.
    """
    given = {name: t for name, t in tensors.items() if t is not None}
    check_tensors(**given)
    check_floats(input=input)
    narrow = input.dtype in (torch.float16, torch.bfloat16)
    if narrow and {t.dtype for t in given.values()} == {torch.float32}:
        return
    check_floats(input=input, **given)


def check_shapes(shape: tuple[int, ...],
                 tensors: dict[str, Tensor | None]) -> None:
    """Raise ValueError unless all that are given have the shape."""
    for name, tensor in tensors.items():
        if tensor is not None and tuple(tensor.shape) != shape:
            raise ValueError(f"{name} must have shape {shape}, got "
                             f"{tuple(tensor.shape)}")
