"""What a loss wants of its input and its target."""

import torch
from torch import Tensor


def check_same_shape(input: Tensor, target: Tensor) -> None:
    """ValueError: (n, 1) against (n,) would become (n, n)."""
    if input.shape != target.shape:
        raise ValueError(
            "wanted input and target of one shape, given "
            f"{tuple(input.shape)} and {tuple(target.shape)}")


def check_not_empty(values: Tensor) -> None:
    """ValueError: the mean of nothing would be 0 / 0."""
    if values.numel() == 0:
        raise ValueError("wanted at least one sample, given an empty "
                         f"batch of shape {tuple(values.shape)}")


def check_unit_interval(name: str, values: Tensor,
                        error: type[Exception]) -> None:
    """`error` for a value outside [0, 1], or NaN."""
    # NaN fails both comparisons.
    if values.numel() and not (values.min().item() >= 0
                               and values.max().item() <= 1):
        outside = values[~((values >= 0) & (values <= 1))]
        raise error(f"{name}: wanted values in [0, 1], given "
                    f"{outside[0].item()}")


def check_labels(input: Tensor, target: Tensor) -> None:
    """ValueError, RuntimeError or IndexError for what are no labels."""
    if input.dim() != 2 or target.shape != input.shape[:1]:
        raise ValueError(
            "wanted input (n, classes) and target (n,), given "
            f"{tuple(input.shape)} and {tuple(target.shape)}")
    if target.dtype != torch.int64:
        raise RuntimeError(
            f"target: wanted dtype torch.int64, given {target.dtype}")
    classes = input.shape[1]
    if len(target) and not (target.min().item() >= 0
                            and target.max().item() < classes):
        outside = target[(target < 0) | (target >= classes)]
        raise IndexError(f"target: wanted classes 0 to {classes - 1}, "
                         f"given {outside[0].item()}")
