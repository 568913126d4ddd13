"""Layer normalisation without the mean."""

from collections.abc import Sequence

import torch
from torch import Tensor

from scratch._norm import check_eps, check_features
from scratch.normalization import _affine


def rms_norm(input: Tensor, normalized_shape: Sequence[int],
             weight: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """weight x / sqrt(mean(x^2) + eps), over each row."""
    eps = check_eps(eps)
    sizes = check_features(input, normalized_shape, weight=weight)
    axes = [*range(-len(sizes), 0)]
    square = (input ** 2).mean(dim=axes, keepdim=True)
    return _affine(input / torch.sqrt(square + eps), weight, None)
