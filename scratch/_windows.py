"""Checks of images, filters and windows."""

from collections.abc import Sequence

from torch import Tensor

from scratch._checks import check_whole
from scratch._floats import check_axes, check_floats


def check_size(input: Tensor, size: int) -> None:
    """Raise unless the images have one channel, and this size.

    The errors are those of `check_floats`, and ValueError for shapes.
    """
    check_axes(4, input=input)
    if input.shape[1:] != (1, size, size):
        raise ValueError(f"input must have shape (n, 1, {size}, {size})"
                         f", got {tuple(input.shape)}")


def check_convolution(input: Tensor, weight: Tensor,
                      bias: Tensor | None, stride: int,
                      padding: int) -> tuple[int, int]:
    """Stride and padding. Raise unless filters and images match."""
    check_axes(4, input=input, weight=weight)
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
    check_axes(4, input=input)
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
