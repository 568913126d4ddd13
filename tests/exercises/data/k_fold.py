"""The rows of k-fold cross-validation."""

from collections.abc import Iterator

import torch
from torch import Tensor


def k_fold(size: int,
           folds: int) -> Iterator[tuple[Tensor, Tensor]]:
    """For each fold the row numbers of the training and test sets."""
    rows, start = torch.arange(size), 0
    for fold in range(folds):
        # The first size % folds blocks have one more row.
        end = start + size // folds + (fold < size % folds)
        yield torch.cat([rows[:start], rows[end:]]), rows[start:end]
        start = end
