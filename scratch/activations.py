"""Activations, in a form that is stable under autograd.

Each docstring gives the textbook formula. The code differs from it
where the formula overflows or loses digits, in its value or in its
gradient; a comment names an input that breaks the textbook form. Only
`textbook_softmax` keeps that form, for comparison.

Autograd differentiates the branch of `where` that was taken, so the
branch that contains x = 0 decides the gradient there.

Every function takes a tensor of a floating-point dtype. Other dtypes
raise RuntimeError, anything else TypeError.
"""

import torch
from torch import Tensor

from scratch._floats import check_along, check_floats, wide


def relu(input: Tensor) -> Tensor:
    """max(x, 0), element-wise.

    Any shape. The gradient is 1 for x > 0 and 0 for x <= 0; torch
    makes the same choice at 0. NaN stays NaN. relu(-0.0) is 0.0; by
    torch it is -0.0.
    """
    check_floats(input=input)
    # NaN <= 0 is false, so NaN stays.
    return input.masked_fill(input <= 0, 0)


def sigmoid(input: Tensor) -> Tensor:
    """s = 1 / (1 + exp(-x)), element-wise.

    Any shape. The result lies in [0, 1]. The gradient is s (1 - s).
    """
    check_floats(input=input)
    # 1 / (1 + exp(-x)): at x = -89 in float32 exp overflows and the
    # gradient is 0 * inf = NaN. Here z = exp(-|x|) <= 1. Not abs():
    # its gradient at 0 is 0, and the sigmoid's would be 0, not 1/4.
    negative = input < 0
    z = torch.exp(torch.where(negative, input, -input))
    # exp(x) / (1 + exp(x)) for x < 0, else 1 / (1 + exp(-x))
    return torch.where(negative, z, 1) / (1 + z)


def tanh(input: Tensor) -> Tensor:
    """t = (exp(x) - exp(-x)) / (exp(x) + exp(-x)), element-wise.

    Any shape. The result lies in [-1, 1]. The gradient is 1 - t^2.
    """
    check_floats(input=input)
    # The textbook form is inf / inf at x = 89 in float32, and 0 at
    # x = 1e-8, where exp(x) rounds to 1. Here z = exp(-2|x|) <= 1 and
    # tanh |x| = (1 - z) / (1 + z).
    negative = input < 0
    power = 2 * torch.where(negative, input, -input)
    z = torch.exp(power)
    # Near 0, 1 - z loses digits, so we use expm1. Far from 0, the
    # gradient of expm1 loses digits, so we use 1 - z.
    difference = torch.where(power > -1, -torch.expm1(power), 1 - z)
    return torch.where(negative, -difference, difference) / (1 + z)


def softplus(input: Tensor) -> Tensor:
    """log(1 + exp(x)), element-wise.

    Any shape. The result is at least 0. The gradient is sigmoid(x).
    """
    check_floats(input=input)
    # log(1 + exp(x)) is inf at x = 89 in float32. Here:
    # max(x, 0) + log(1 + exp(-|x|)). Both calls of `where` put x = 0
    # on the same side, so the slopes 1 and -1/2 add up to 1/2.
    negative = input < 0
    z = torch.exp(torch.where(negative, input, -input))
    return torch.where(negative, 0, input) + torch.log1p(z)


def textbook_softmax(input: Tensor, dim: int) -> Tensor:
    """exp(x_i) / sum_j exp(x_j) along `dim`, as in the textbook.

    For reading, not for training: in float32 it is NaN from x = 89
    on, and where every exp(x) underflows to 0.
    """
    check_along(input, dim)
    z = torch.exp(input)
    return z / z.sum(dim, keepdim=True)


def softmax(input: Tensor, dim: int) -> Tensor:
    """exp(x_i) / sum_j exp(x_j) along `dim`.

    Any shape with at least one entry along `dim`, else ValueError.
    Each slice along `dim` sums to 1. A slice with +inf, or with only
    -inf, gives NaN.
    """
    check_along(input, dim)
    # exp(89) overflows in float32. Subtracting a constant from every
    # x changes nothing; with the maximum, the largest exp is exp(0).
    # It is a constant for the gradient, too: hence detach().
    x = wide(input)
    highest = x.detach().max(dim, keepdim=True).values
    z = torch.exp(x - highest)
    # exp(x_i) / sum_j exp(x_j)
    p = z / z.sum(dim, keepdim=True)
    return p.to(input.dtype)


def log_softmax(input: Tensor, dim: int) -> Tensor:
    """x_i - log(sum_j exp(x_j)) along `dim`.

    Shapes and special values as for `softmax`.
    """
    check_along(input, dim)
    # log(softmax(x)) is log(0) = -inf in float32 for an x that is 104
    # below the maximum. Here log is taken of a sum that is >= 1.
    x = wide(input)
    highest = x.detach().max(dim, keepdim=True).values
    z = x - highest
    # x_i - log(sum_j exp(x_j))
    log_p = z - torch.log(torch.exp(z).sum(dim, keepdim=True))
    return log_p.to(input.dtype)
