"""Activations: the stable form of each, as autograd needs it.

The docstring gives the textbook formula. The code differs from it
where the formula overflows, in the value or in the gradient; a comment
names an input that breaks the textbook form.

Autograd differentiates the branch of `where` that was taken, so which
branch holds x = 0 decides the gradient there.
"""

import torch
from torch import Tensor


def relu(input: Tensor) -> Tensor:
    """max(x, 0), element by element.

    Any shape. The gradient is 1 for x > 0 and 0 for x <= 0, so 0 at
    the kink, as torch has it. NaN stays NaN.
    """
    # NaN is not <= 0, and stays.
    return input.masked_fill(input <= 0, 0)


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + exp(-x)), element by element.

    Any shape; the result lies in [0, 1]. The gradient is s (1 - s).
    """
    # 1 / (1 + exp(-x)): at x = -89 in float32 exp overflows and the
    # gradient is 0 * inf = NaN. Here z = exp(-|x|) <= 1. Not abs():
    # its gradient at 0 is 0, and the sigmoid's would be 0, not 1/4.
    negative = input < 0
    z = torch.exp(torch.where(negative, input, -input))
    # exp(x) / (1 + exp(x)) for x < 0, else 1 / (1 + exp(-x))
    return torch.where(negative, z, 1) / (1 + z)


def tanh(input: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), element by element.

    Any shape; the result lies in [-1, 1]. The gradient is 1 - t^2.
    """
    # The textbook form is inf / inf at x = 89 in float32, and 0 where
    # x is too small to move exp(x) from 1. Here z = exp(-2|x|) <= 1
    # and tanh |x| = (1 - z) / (1 + z).
    negative = input < 0
    power = 2 * torch.where(negative, input, -input)
    z = torch.exp(power)
    # Near 0 the difference 1 - z keeps no digits, and expm1 does; far
    # away it is the slope of expm1 that keeps none.
    difference = torch.where(power > -1, -torch.expm1(power), 1 - z)
    return torch.where(negative, -difference, difference) / (1 + z)


def softplus(input: Tensor) -> Tensor:
    """log(1 + exp(x)), element by element.

    Any shape; the result is >= 0. The gradient is sigmoid(x).
    """
    # log(1 + exp(x)) is inf at x = 89 in float32. Here:
    # max(x, 0) + log(1 + exp(-|x|)). Both `where` change at the same
    # point: at x = 0 the slopes 1 and -1/2 add up to 1/2.
    negative = input < 0
    z = torch.exp(torch.where(negative, input, -input))
    return torch.where(negative, 0, input) + torch.log1p(z)


def textbook_softmax(input: Tensor, dim: int) -> Tensor:
    """exp(x_i) / sum_j exp(x_j) along `dim`, as the book has it.

    For reading, not for training: NaN from x = 89 on in float32, and
    where no exp(x) is left above 0.
    """
    z = torch.exp(input)
    return z / z.sum(dim, keepdim=True)


def softmax(input: Tensor, dim: int) -> Tensor:
    """exp(x_i) / sum_j exp(x_j) along `dim`.

    Any shape with at least one entry along `dim`; each slice along
    `dim` sums to 1. NaN where a slice holds +inf or only -inf.
    """
    # exp(89) overflows in float32. The same constant taken from every
    # x changes nothing; with the maximum the largest exp is exp(0).
    # It is a constant for the gradient too: hence detach().
    highest = input.detach().max(dim, keepdim=True).values
    z = torch.exp(input - highest)
    # exp(x_i) / sum_j exp(x_j)
    return z / z.sum(dim, keepdim=True)


def log_softmax(input: Tensor, dim: int) -> Tensor:
    """x_i - log(sum_j exp(x_j)) along `dim`.

    Shapes and special values as for `softmax`.
    """
    # log(softmax(x)) is log(0) = -inf for an x that lies 104 below
    # the maximum in float32. Here the logarithm sees a sum >= 1.
    highest = input.detach().max(dim, keepdim=True).values
    z = input - highest
    # x_i - log(sum_j exp(x_j))
    return z - torch.log(torch.exp(z).sum(dim, keepdim=True))
