"""Floating-point tensors: which are rejected, which become float32."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scratch._checks import (check_labels, check_same_shape,
                             check_whole)


def check_tensors(**tensors: Tensor) -> None:
    """Raise TypeError unless all are tensors."""
    for name, tensor in tensors.items():
        # A Value of `autograd` is like a tensor, as torch calls it.
        if not hasattr(type(tensor), "__torch_function__"):
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


def check_matrices(**tensors: Tensor) -> None:
    """Raise unless all are tables of one floating-point dtype.

    The errors are those of `check_floats`, and ValueError for shapes.
    """
    check_floats(**tensors)
    for name, tensor in tensors.items():
        if tensor.dim() != 2:
            raise ValueError(f"{name} must have two axes, got shape "
                             f"{tuple(tensor.shape)}")


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
    # A tensor with no axes counts as one with a single entry.
    if input.dim() and input.shape[dim] == 0:
        raise ValueError("input must have at least one entry along "
                         f"dim {dim}, got shape {tuple(input.shape)}")


def check_pair(input: Tensor,
               target: Tensor) -> tuple[Tensor, Tensor]:
    """Both, after `autocast`. Raise unless they match.

    The errors are those of `check_floats`, and ValueError for shapes.
    """
    check_tensors(input=input, target=target)
    input, target = autocast(input), autocast(target)
    check_floats(input=input, target=target)
    check_same_shape(input, target)
    return input, target


def check_classes(input: Tensor, target: Tensor) -> Tensor:
    """`input`, after `autocast`. Raise unless `target` labels it.

    The errors are those of `check_floats` and `check_labels`.
    """
    check_tensors(input=input, target=target)
    check_floats(input=input)
    check_labels(input, target)
    return autocast(input)


def wide(input: Tensor) -> Tensor:
    """In float32, if the dtype has 16 bits; else as it is.

    float16 ends at 65,504, so an intermediate result may overflow
    although the final one does not. Torch's kernels use float32, too.
    """
    if input.dtype.itemsize > 2:
        return input
    return input.to(torch.float32)


def autocast(input: Tensor) -> Tensor:
    """`wide` under `torch.autocast`, else as it is.

    There torch computes losses in float32, and so does each caller.
    """
    if (torch.is_autocast_enabled(input.device.type)
            and input.is_floating_point()):
        return wide(input)
    return input


def check_images(**tensors: Tensor) -> None:
    """Raise unless all are images (n, c, h, w) of one floating dtype.

    The errors are those of `check_floats`, and ValueError for shapes.
    """
    check_floats(**tensors)
    for name, tensor in tensors.items():
        if tensor.dim() != 4:
            raise ValueError(f"{name} must have four axes, got shape "
                             f"{tuple(tensor.shape)}")


def check_size(input: Tensor, size: int) -> None:
    """Raise unless the images have one channel, and this size.

    The errors are those of `check_floats`, and ValueError for shapes.
    """
    check_images(input=input)
    if input.shape[1:] != (1, size, size):
        raise ValueError(f"input must have shape (n, 1, {size}, {size})"
                         f", got {tuple(input.shape)}")


def check_convolution(input: Tensor, weight: Tensor,
                      bias: Tensor | None, stride: int,
                      padding: int) -> tuple[int, int]:
    """Stride and padding. Raise unless filters and images match."""
    check_images(input=input, weight=weight)
    if bias is not None:
        check_floats(input=input, bias=bias)
        if bias.shape != weight.shape[:1]:
            raise ValueError(
                "bias must have an entry for each filter, got shapes "
                f"{tuple(bias.shape)} and {tuple(weight.shape)}")
    if weight.shape[1] != input.shape[1] or weight.numel() == 0:
        raise ValueError(
            "weight must have the channels of input, and at least one "
            f"entry, got shapes {tuple(weight.shape)} and "
            f"{tuple(input.shape)}")
    return _check_windows(input, weight.shape[2:], stride, padding)


def check_pooling(input: Tensor, kernel_size: int, stride: int | None,
                  padding: int) -> tuple[int, int]:
    """Stride and padding. Raise unless the windows fit."""
    check_images(input=input)
    kernel_size = check_whole("kernel_size", kernel_size, 1)
    if stride is None:
        stride = kernel_size
    if check_whole("padding", padding, 0) > kernel_size // 2:
        raise ValueError("padding must be at most half of kernel_size, "
                         f"got {padding} and {kernel_size}")
    return _check_windows(input, (kernel_size, kernel_size), stride,
                          padding)


def _check_windows(input: Tensor, kernel: Sequence[int], stride: int,
                   padding: int) -> tuple[int, int]:
    stride = check_whole("stride", stride, 1)
    padding = check_whole("padding", padding, 0)
    if 0 in input.shape[1:]:
        raise ValueError("an image must have at least one pixel, got "
                         f"shape {tuple(input.shape)}")
    for pixels, size in zip(input.shape[2:], kernel):
        if size > pixels + 2 * padding:
            raise ValueError(
                "a window must fit into the padded image, got "
                f"{tuple(kernel)} for shape {tuple(input.shape)} with "
                f"padding {padding}")
    return stride, padding


def check_upstream(upstream: Tensor, input: Tensor,
                   shape: Sequence[int]) -> None:
    """Raise unless it is a gradient of an output with this shape."""
    check_floats(input=input, upstream=upstream)
    if tuple(upstream.shape) != tuple(shape):
        raise ValueError(f"upstream must have the shape {tuple(shape)} "
                         f"of the output, got {tuple(upstream.shape)}")
