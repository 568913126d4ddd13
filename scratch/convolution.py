"""Convolution: one small filter for all places of an image.

Images have the shape (n, c, h, w): n images with c channels of h rows
and w columns. `padding` adds that many rows and columns on each of the
four sides. A window of k rows starts at every `stride`-th row: there
are h' = (h + 2 padding - k) // stride + 1 of them below each other,
and likewise w' side by side.

All raise TypeError for what is no tensor or no integer, RuntimeError
unless the dtype is floating, ValueError for other shapes, a stride
below 1, a padding below 0, and a window that does not fit.

LeCun et al. (1998), https://doi.org/10.1109/5.726791
"""

from collections.abc import Sequence
from math import inf
from typing import Any

import torch
from torch import Tensor

from scratch._floats import check_axes, wide
from scratch._windows import (check_convolution, check_pooling,
                              check_upstream)


def textbook_conv2d(input: Tensor, weight: Tensor,
                    bias: Tensor | None = None, stride: int = 1,
                    padding: int = 0) -> Tensor:
    """`conv2d` as six loops: for reading, as it is far slower."""
    stride, padding = check_convolution(input, weight, bias, stride,
                                        padding)
    x = _pad(input, padding)
    outputs, channels, kh, kw = weight.shape
    h = (x.shape[2] - kh) // stride + 1
    w = (x.shape[3] - kw) // stride + 1
    # each step for all images at once
    z = x.new_zeros(len(x), outputs, h, w)
    for o in range(outputs):
        for i in range(h):
            for j in range(w):
                for c in range(channels):
                    for u in range(kh):
                        for v in range(kw):
                            z[:, o, i, j] += weight[o, c, u, v] * x[
                                :, c, i * stride + u, j * stride + v]
    return z if bias is None else z + bias[:, None, None]


def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None,
           stride: int = 1, padding: int = 0) -> Tensor:
    """z_noij = b_o + sum_cuv w_ocuv x_nc(is + u)(js + v).

    x is the input with a padding of 0, s the stride. weight has shape
    (o, c, kh, kw), bias (o,), the result (n, o, h', w'). The filter is
    not flipped: mathematics calls this a cross-correlation.
    """
    stride, padding = check_convolution(input, weight, bias, stride,
                                        padding)
    patches = _patches(_pad(input, padding), weight.shape[2:], stride)
    # a row for each filter, a column for each window
    z = weight.flatten(1) @ patches.flatten(1)
    if bias is not None:
        # Under autocast z is in bfloat16, and stays so.
        z = z + bias.to(z.dtype)[:, None]
    return z.unflatten(1, patches.shape[1:]).permute(1, 0, 2, 3)


def max_pool2d(input: Tensor, kernel_size: int,
               stride: int | None = None, padding: int = 0) -> Tensor:
    """The largest entry of each window: (n, c, h', w').

    If `stride` is None, it is `kernel_size`. The padding, at most half
    of `kernel_size`, is -infinity, and so never above a pixel.
    """
    stride, padding = check_pooling(input, kernel_size, stride, padding)
    x = _pad(input, padding, -inf)
    # Of equal entries the first gets the gradient.
    return _entries(x, kernel_size, stride).max(dim=0).values


def avg_pool2d(input: Tensor, kernel_size: int,
               stride: int | None = None, padding: int = 0) -> Tensor:
    """The mean of each window: (n, c, h', w').

    As in `max_pool2d`, but the padding is 0, and it counts: the sum is
    always divided by kernel_size^2.
    """
    stride, padding = check_pooling(input, kernel_size, stride, padding)
    x = _pad(wide(input), padding)
    total = x.new_zeros(())
    # Row by row, as torch adds them: mean() has another order.
    for place in _places(x, (kernel_size, kernel_size), stride):
        total = total + x[place]
    return (total / kernel_size ** 2).to(input.dtype)


def flatten(input: Tensor) -> Tensor:
    """Each image as a row: (n, c, h, w) becomes (n, c h w).

    Pixel (c, i, j) is entry (c h + i) w + j, so a channel stays whole.
    """
    check_axes(4, input=input)
    n, c, h, w = input.shape
    return input.reshape(n, c * h * w)


def conv2d_gradients(input: Tensor, weight: Tensor, upstream: Tensor,
                     stride: int = 1, padding: int = 0,
                     ) -> tuple[Tensor, Tensor, Tensor]:
    """dL/dx, dL/dw and dL/db of `conv2d`, from upstream, G = dL/dz.

    dL/dw_ocuv = sum_nij G_noij x_nc(is + u)(js + v),
    dL/db_o = sum_nij G_noij. A pixel's dL/dx sums G times the weight
    above the pixel, over all windows that contain it.
    """
    stride, padding = check_convolution(input, weight, None, stride,
                                        padding)
    x = _pad(input, padding)
    patches = _patches(x, weight.shape[2:], stride)
    _, n, h, w = patches.shape
    check_upstream(upstream, input, (n, len(weight), h, w))
    # (o, n h' w'), as in z = W patches
    g = upstream.permute(1, 0, 2, 3).flatten(1)
    # dL/dW = G patches^T,  dL/dpatches = W^T G
    dw = g @ patches.flatten(1).T
    dpatches = weight.flatten(1).T @ g
    # from (c kh kw, n h' w') to (kh kw, n, c, h', w')
    dentries = dpatches.reshape(*weight.shape[1:], n, h, w).permute(
        1, 2, 3, 0, 4, 5).flatten(0, 1)
    dx = _add_entries(dentries, x, weight.shape[2:], stride, padding)
    return dx, dw.reshape(weight.shape), upstream.sum(dim=(0, 2, 3))


def max_pool2d_gradient(input: Tensor, upstream: Tensor,
                        kernel_size: int, stride: int | None = None,
                        padding: int = 0) -> Tensor:
    """dL/dx of `max_pool2d`, from G = dL/d(output), `upstream`.

    Each entry of G is added to the pixel that was the largest in its
    window; if several are equal, to the first, row by row.
    """
    stride, padding = check_pooling(input, kernel_size, stride, padding)
    x = _pad(input, padding, -inf)
    entries = _entries(x, kernel_size, stride)
    check_upstream(upstream, input, entries.shape[1:])
    largest = entries.max(dim=0).indices
    # Not a product with 0 or 1: 0 times infinity is NaN.
    dentries = torch.stack([torch.where(largest == k, upstream, 0)
                            for k in range(len(entries))])
    kernel = kernel_size, kernel_size
    return _add_entries(dentries, x, kernel, stride, padding)


def _pad(x: Tensor, padding: int, value: float = 0.0) -> Tensor:
    """The images, with `padding` more pixels on all four sides."""
    if padding == 0:
        return x
    n, c, h, w = x.shape
    padded = x.new_full((n, c, h + 2 * padding, w + 2 * padding), value)
    padded[:, :, padding:padding + h, padding:padding + w] = x
    return padded


def _patches(x: Tensor, kernel: Sequence[int], stride: int) -> Tensor:
    """(c kh kw, n, h', w'): each window as a column, like F.unfold."""
    kh, kw = kernel
    # (n, c, h', w', kh, kw): views of the pixels, not copies
    windows = x.unfold(2, kh, stride).unfold(3, kw, stride)
    return windows.permute(1, 4, 5, 0, 2, 3).flatten(0, 2)


def _entries(x: Tensor, kernel_size: int, stride: int) -> Tensor:
    """(k k, n, c, h', w'): entry (u, v) of all windows, row by row."""
    places = _places(x, (kernel_size, kernel_size), stride)
    return torch.stack([x[place] for place in places])


def _add_entries(entries: Tensor, x: Tensor, kernel: Sequence[int],
                 stride: int, padding: int) -> Tensor:
    """Add entry (u, v) of all windows to its pixel of x; then crop."""
    total = x.new_zeros(x.shape)
    places = _places(x, kernel, stride)
    # The last entry first: it lies in the first window of its pixel.
    for k in reversed(range(len(places))):
        total[places[k]] += entries[k]
    h, w = x.shape[2:]
    return total[:, :, padding:h - padding, padding:w - padding]


def _places(x: Tensor, kernel: Sequence[int],
            stride: int) -> list[tuple[Any, slice, slice]]:
    """Where entry (u, v) of all windows lies, row by row."""
    kh, kw = kernel
    # A window starts at row 0, stride, 2 stride, ..., below `rows`.
    rows, columns = x.shape[2] - kh + 1, x.shape[3] - kw + 1
    return [(..., slice(u, u + rows, stride),
             slice(v, v + columns, stride))
            for u in range(kh) for v in range(kw)]
