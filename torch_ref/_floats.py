"""Floating-point tensors: what torch should reject, but does not."""

import torch
from torch import Tensor


def check_tensors(**tensors: Tensor) -> None:
    """Raise TypeError unless all are tensors."""
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} must be a tensor, got a "
                            f"{type(tensor).__name__}")


def check_floats(**tensors: Tensor) -> None:
    """Raise unless all are tensors of one floating-point dtype.

    TypeError for anything but a tensor, RuntimeError for a dtype.
    """
    check_tensors(**tensors)
    for name, tensor in tensors.items():
        if not tensor.is_floating_point():
            raise RuntimeError(f"{name} must have a floating-point "
                               f"dtype, got {tensor.dtype}")
    dtypes = [tensor.dtype for tensor in tensors.values()]
    if len(set(dtypes)) > 1:
        raise RuntimeError(
            f"{' and '.join(tensors)} must have the same dtype, got "
            f"{' and '.join(map(str, dtypes))}")


def check_alike(**tensors: Tensor) -> None:
    """Raise unless all have one floating-point dtype and one shape.

    The errors are those of `check_floats`, and ValueError for shapes.
    """
    check_floats(**tensors)
    shapes = [tuple(tensor.shape) for tensor in tensors.values()]
    if len(set(shapes)) > 1:
        raise ValueError(
            f"{' and '.join(tensors)} must have the same shape, got "
            f"{' and '.join(map(str, shapes))}")


# As the messages say them.
_WORDS = {2: "two", 4: "four"}


def check_axes(axes: int, **tensors: Tensor) -> None:
    """Raise unless all have 2 axes, or 4, and one floating-point dtype.

    2 are those of a table, 4 those of images, (n, c, h, w). The errors
    are those of `check_floats`, and ValueError for shapes.
    """
    check_floats(**tensors)
    for name, tensor in tensors.items():
        if tensor.dim() != axes:
            raise ValueError(f"{name} must have {_WORDS[axes]} axes, "
                             f"got shape {tuple(tensor.shape)}")


def check_weight(tensor: Tensor) -> None:
    """Raise unless it is the weight of a layer, with two axes or more.

    The errors are those of `check_floats`, and ValueError for shapes.
    """
    check_floats(tensor=tensor)
    if tensor.dim() < 2 or tensor.numel() == 0:
        raise ValueError("tensor must have two axes or more, and at "
                         "least one entry, got shape "
                         f"{tuple(tensor.shape)}")


def check_along(input: Tensor, dim: int) -> None:
    """Raise unless `input` has floats, and entries along `dim`.

    TypeError or IndexError for a `dim` that is no axis, ValueError for
    an empty one.
    """
    check_floats(input=input)
    if input.dim() and input.shape[dim] == 0:
        raise ValueError("input must have at least one entry along "
                         f"dim {dim}, got shape {tuple(input.shape)}")


def autocast(input: Tensor) -> Tensor:
    """As torch's losses cast it under `torch.autocast`: in float32."""
    if (torch.is_autocast_enabled(input.device.type)
            and input.dtype in (torch.float16, torch.bfloat16)):
        return input.float()
    return input
