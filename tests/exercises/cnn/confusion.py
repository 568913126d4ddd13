"""The confusion matrix: which class is classified as which."""

import torch
from torch import Tensor

from scratch.cnn import CNN, classify


def confusion(model: CNN, x: Tensor, y: Tensor) -> Tensor:
    """Counts (10, 10): images of class i that are classified as j."""
    table = torch.zeros(100, dtype=torch.int64)
    # one number for each pair (i, j): 10 i + j
    pairs = 10 * y + classify(model, x)
    table.index_add_(0, pairs, torch.ones_like(pairs))
    return table.reshape(10, 10)
