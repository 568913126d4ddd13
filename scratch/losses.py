"""Losses: how wrong a prediction is, as one number to minimise.

`reduction` is "none" (one loss per entry or sample), "mean" or "sum".
Every loss raises ValueError for any other reduction, and for the mean
of an empty batch, which would be 0 / 0. Values are floating-point and
their targets have the same dtype, else RuntimeError.

Under `torch.autocast` the losses compute in float32, as torch's do.
"""

import torch
from torch import Tensor

from scratch._checks import (check_not_empty, check_number,
                             check_same_shape, check_unit_interval)
from scratch._floats import (check_classes, check_pair, check_tensors,
                             wide)
from scratch.activations import log_softmax


def mse_loss(input: Tensor, target: Tensor,
             reduction: str = "mean") -> Tensor:
    """Squared error, (x - y)^2.

    input (x), target (y): any shape, the same for both. Raises
    ValueError otherwise: (n, 1) and (n,) would silently broadcast to
    (n, n).
    """
    input, target = check_pair(input, target)
    error = input - target
    return _reduce(error * error, reduction)


def binary_cross_entropy(input: Tensor, target: Tensor,
                         reduction: str = "mean") -> Tensor:
    """-(y log p + (1 - y) log(1 - p)), from probabilities p.

    input (p), target (y): the same shape, else ValueError; values in
    [0, 1], else RuntimeError. As in torch, each logarithm is clamped
    to at least -100, and the divisor of the slope to at least 1e-12.
    The slope is a constant for autograd: there is no second
    derivative.
    """
    input, target = check_pair(input, target)
    check_unit_interval("input", input, RuntimeError)
    check_unit_interval("target", target, RuntimeError)
    # The slope may be 1e12, and the largest float16 is 65,504.
    x, y = wide(input), wide(target)
    p = x.detach()
    # (y - 1) log(1 - p) - y log p
    log_p = torch.log(p).clamp(min=-100)
    log_q = torch.log1p(-p).clamp(min=-100)
    loss = (y - 1) * log_q - y * log_p
    # The slope, (p - y) / (p (1 - p)), by hand: at p = 0 autograd
    # would multiply the 0 of the clamp by the inf of the logarithm.
    slope = (p - y) / ((1 - p) * p).clamp(min=1e-12)
    # The tangent: x - p is 0, and gives autograd the slope.
    loss = loss + slope * (x - p)
    return _reduce(loss, reduction).to(input.dtype)


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor,
                                     reduction: str = "mean") -> Tensor:
    """-(y log s + (1 - y) log(1 - s)), from logits x, s = sigmoid(x).

    input (x), target (y): the same shape; y in [0, 1]. Raises
    ValueError otherwise.
    """
    input, target = check_pair(input, target)
    check_unit_interval("target", target, ValueError)
    x, y = input, target
    # The textbook form takes log(0) at x = 17 in float32. With log s =
    # x - softplus(x) and log(1 - s) = -softplus(x) the loss becomes
    # softplus(x) - x y = max(x, 0) - x y + log(1 + exp(-|x|)).
    # n is 1 for x < 0, else 0: a constant for autograd.
    n = (x < 0).to(x.dtype)
    # max(x, 0) - x y as one product: the two cancel at y = 1
    linear = x * (1 - n - y)
    # exp(-|x|)
    z = torch.exp(x * (2 * n - 1))
    return _reduce(linear + torch.log1p(z), reduction)


def nll_loss(input: Tensor, target: Tensor,
             reduction: str = "mean") -> Tensor:
    """-log p_y, the negative log-likelihood of the class y.

    input: log-probabilities (n, classes). target (y): (n,), dtype
    int64, from 0 to classes - 1. Raises ValueError for other shapes,
    RuntimeError for another dtype, IndexError for any other label.
    """
    input = check_classes(input, target)
    # -log p_y
    return _reduce(-_pick(input, target), reduction)


def cross_entropy(input: Tensor, target: Tensor,
                  reduction: str = "mean",
                  label_smoothing: float = 0.0) -> Tensor:
    """-sum_c q_c log softmax(x)_c, from logits x.

    q is 1 at the class y and 0 elsewhere. Label smoothing e mixes it
    with the uniform distribution over the C classes: q is
    1 - e + e / C at y and e / C elsewhere. Raises TypeError unless e
    is a number, RuntimeError unless it is in [0, 1]. Shapes and other
    errors are those of `nll_loss`.

    Szegedy et al. (2016), https://arxiv.org/abs/1512.00567
    """
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError("label_smoothing must be in [0, 1], got "
                           f"{label_smoothing}")
    check_number("label_smoothing", label_smoothing, least=0)
    label_smoothing = float(label_smoothing)
    input = check_classes(input, target)
    log_p = log_softmax(wide(input), dim=1)
    # -log p_y
    loss = _reduce(-_pick(log_p, target), reduction)
    # Not with e = 0: a logit of -inf would give 0 * inf.
    if label_smoothing > 0:
        # (1 - e) (-log p_y) + e / C sum_c (-log p_c)
        uniform = _reduce(-log_p.sum(dim=1), reduction)
        share = label_smoothing / input.shape[1]
        loss = (1 - label_smoothing) * loss + share * uniform
    return loss.to(input.dtype)


def accuracy(input: Tensor, target: Tensor) -> float:
    """The fraction of labels that are correct, from 0 to 1.

    input (x), target (y): labels, the same shape for both, at least
    one. Raises ValueError otherwise. Not a loss: its gradient is 0
    almost everywhere.
    """
    check_tensors(input=input, target=target)
    check_same_shape(input, target)
    # On the CPU, because not every GPU has float64.
    right = (input == target).cpu().to(torch.float64)
    return _reduce(right, "mean").item()


def _pick(input: Tensor, target: Tensor) -> Tensor:
    """The entry of the class y in each row."""
    rows = torch.arange(len(target), device=input.device)
    return input[rows, target]


def _reduce(loss: Tensor, reduction: str) -> Tensor:
    """The losses themselves, their mean or their sum."""
    if reduction == "none":
        return loss
    if reduction == "sum":
        return loss.sum()
    if reduction != "mean":
        raise ValueError(
            "reduction must be 'none', 'mean' or 'sum', got "
            f"{reduction!r}")
    check_not_empty(loss)
    return loss.mean()
