"""The confusion matrix: which class is classified as which."""

import torch
from torch import Tensor

from torch_ref.cnn import CNN, classify


def confusion(model: CNN, x: Tensor, y: Tensor) -> Tensor:
    """Counts (10, 10): images of class i that are classified as j."""
    # one number for each pair (i, j): 10 i + j
    pairs = 10 * y + classify(model, x)
    return torch.bincount(pairs, minlength=100).reshape(10, 10)
