"""The gradient of the mean of each window."""

import torch
from torch import Tensor

from scratch._windows import check_pooling
from scratch.convolution import _add_entries, _pad


def avg_pool2d_gradient(input: Tensor, upstream: Tensor,
                        kernel_size: int, stride: int | None = None,
                        padding: int = 0) -> Tensor:
    """dL/dx of `avg_pool2d`: every entry gets G / kernel_size^2."""
    stride, padding = check_pooling(input, kernel_size, stride, padding)
    k = kernel_size
    share = torch.stack([upstream / k ** 2] * k ** 2)
    return _add_entries(share, _pad(input, padding), (k, k), stride,
                        padding)
