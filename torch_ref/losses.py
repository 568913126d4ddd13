"""Losses: torch's own, and the checks that torch leaves out.

Torch broadcasts (n, 1) against (n,) with only a warning, ignores the
label -100 and a smoothing below 0, promotes some dtypes and returns NaN
as the mean of an empty batch. Here each of these is an error.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from torch_ref._checks import check_number
from torch_ref._floats import autocast, check_floats, check_tensors


def mse_loss(input: Tensor, target: Tensor,
             reduction: str = "mean") -> Tensor:
    """(x - y)^2, by `F.mse_loss`."""
    _check_pair(input, target)
    _check_reduction(input, reduction)
    return F.mse_loss(input, target, reduction=reduction)


def binary_cross_entropy(input: Tensor, target: Tensor,
                         reduction: str = "mean") -> Tensor:
    """-(y log p + (1 - y) log(1 - p)), by `F.binary_cross_entropy`."""
    _check_pair(input, target)
    # On a GPU, a wrong probability would end the process.
    _check_unit_interval("input", input, RuntimeError)
    _check_unit_interval("target", target, RuntimeError)
    _check_reduction(input, reduction)
    return F.binary_cross_entropy(input, target, reduction=reduction)


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor,
                                     reduction: str = "mean") -> Tensor:
    """-(y log s + (1 - y) log(1 - s)), s = sigmoid(x), by torch."""
    _check_pair(input, target)
    _check_unit_interval("target", target, ValueError)
    _check_reduction(input, reduction)
    return F.binary_cross_entropy_with_logits(
        input, target, reduction=reduction)


def nll_loss(input: Tensor, target: Tensor,
             reduction: str = "mean") -> Tensor:
    """-log p_y, by `F.nll_loss`."""
    _check_labels(input, target)
    _check_reduction(target, reduction)
    return F.nll_loss(input, target, reduction=reduction)


def cross_entropy(input: Tensor, target: Tensor,
                  reduction: str = "mean",
                  label_smoothing: float = 0.0) -> Tensor:
    """-sum_c q_c log softmax(x)_c, by `F.cross_entropy`.

    Szegedy et al. (2016), https://arxiv.org/abs/1512.00567
    """
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError("label_smoothing must be in [0, 1], got "
                           f"{label_smoothing}")
    check_number("label_smoothing", label_smoothing, least=0)
    _check_labels(input, target)
    _check_reduction(target, reduction)
    return F.cross_entropy(input, target, reduction=reduction,
                           label_smoothing=float(label_smoothing))


def accuracy(input: Tensor, target: Tensor) -> float:
    """The fraction of labels that are correct, from 0 to 1."""
    check_tensors(input=input, target=target)
    _check_same_shape(input, target)
    _check_reduction(input, "mean")
    # On the CPU, because not every GPU has float64.
    return torch.eq(input, target).cpu().double().mean().item()


def _check_pair(input: Tensor, target: Tensor) -> None:
    check_tensors(input=input, target=target)
    check_floats(input=autocast(input), target=autocast(target))
    _check_same_shape(input, target)


def _check_same_shape(input: Tensor, target: Tensor) -> None:
    if input.shape != target.shape:
        raise ValueError(
            "input and target must have the same shape, got "
            f"{tuple(input.shape)} and {tuple(target.shape)}")


def _check_unit_interval(name: str, values: Tensor,
                         error: type[Exception]) -> None:
    inside = (values >= 0) & (values <= 1)
    if not inside.all():
        raise error(f"{name} must be in [0, 1], got "
                    f"{values[~inside][0].item()}")


def _check_reduction(values: Tensor, reduction: str) -> None:
    # Torch still takes "elementwise_mean".
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(
            "reduction must be 'none', 'mean' or 'sum', got "
            f"{reduction!r}")
    if reduction == "mean" and values.numel() == 0:
        raise ValueError("the batch must not be empty, got shape "
                         f"{tuple(values.shape)}")


def _check_labels(input: Tensor, target: Tensor) -> None:
    check_tensors(input=input, target=target)
    check_floats(input=input)
    if input.dim() != 2 or target.shape != input.shape[:1]:
        raise ValueError(
            "input must have shape (n, classes) and target (n,), got "
            f"{tuple(input.shape)} and {tuple(target.shape)}")
    if target.dtype != torch.int64:
        raise RuntimeError(
            f"target must have dtype torch.int64, got {target.dtype}")
    # Torch ignores -100; another wrong label on a GPU ends the process.
    outside = (target < 0) | (target >= input.shape[1])
    if outside.any():
        raise IndexError(
            f"target must be from 0 to {input.shape[1] - 1}, got "
            f"{target[outside][0].item()}")
