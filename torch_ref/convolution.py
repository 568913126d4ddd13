"""Convolution: torch's own."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torch_ref._floats import check_axes
from torch_ref._windows import (check_convolution, check_pooling,
                                check_upstream)


def textbook_conv2d(input: Tensor, weight: Tensor,
                    bias: Tensor | None = None, stride: int = 1,
                    padding: int = 0) -> Tensor:
    """One product of matrices, of the columns that `F.unfold` makes."""
    stride, padding = check_convolution(input, weight, bias, stride,
                                        padding)
    kernel = weight.shape[2:]
    columns = F.unfold(input, kernel, padding=padding, stride=stride)
    z = weight.flatten(1) @ columns
    if bias is not None:
        z = z + bias[:, None].to(z.dtype)
    h = (input.shape[2] + 2 * padding - kernel[0]) // stride + 1
    return z.unflatten(2, (h, -1))


def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None,
           stride: int = 1, padding: int = 0) -> Tensor:
    """The cross-correlation of images and filters, by `F.conv2d`."""
    stride, padding = check_convolution(input, weight, bias, stride,
                                        padding)
    return F.conv2d(input, weight, bias, stride, padding)


def max_pool2d(input: Tensor, kernel_size: int,
               stride: int | None = None, padding: int = 0) -> Tensor:
    """The largest entry of each window, by `F.max_pool2d`."""
    stride, padding = check_pooling(input, kernel_size, stride, padding)
    return F.max_pool2d(input, kernel_size, stride, padding)


def avg_pool2d(input: Tensor, kernel_size: int,
               stride: int | None = None, padding: int = 0) -> Tensor:
    """The mean of each window, by `F.avg_pool2d`."""
    stride, padding = check_pooling(input, kernel_size, stride, padding)
    return F.avg_pool2d(input, kernel_size, stride, padding)


def flatten(input: Tensor) -> Tensor:
    """Each image as a row, by `torch.flatten`."""
    check_axes(4, input=input)
    return torch.flatten(input, start_dim=1)


def conv2d_gradients(input: Tensor, weight: Tensor, upstream: Tensor,
                     stride: int = 1, padding: int = 0,
                     ) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of `F.conv2d`, by `torch.autograd.grad`."""
    stride, padding = check_convolution(input, weight, None, stride,
                                        padding)
    x, w = (t.detach().requires_grad_() for t in (input, weight))
    b = weight.new_zeros(len(weight), requires_grad=True)
    output = F.conv2d(x, w, b, stride, padding)
    check_upstream(upstream, input, output.shape)
    dx, dw, db = torch.autograd.grad(output, (x, w, b), upstream)
    return dx, dw, db


def max_pool2d_gradient(input: Tensor, upstream: Tensor,
                        kernel_size: int, stride: int | None = None,
                        padding: int = 0) -> Tensor:
    """The gradient of `F.max_pool2d`, by `torch.autograd.grad`."""
    stride, padding = check_pooling(input, kernel_size, stride, padding)
    x = input.detach().requires_grad_()
    output = F.max_pool2d(x, kernel_size, stride, padding)
    check_upstream(upstream, input, output.shape)
    return torch.autograd.grad(output, x, upstream)[0]
