"""Top-k accuracy: the label is among the k most probable classes."""

import torch
from torch import Tensor

from scratch.softmax_regression import SoftmaxRegression


def top_accuracy(model: SoftmaxRegression, x: Tensor, y: Tensor,
                 k: int = 5) -> float:
    """The fraction of labels among the k most probable classes."""
    logits = model(x).detach()
    own = logits[torch.arange(len(y)), y]
    # correct if fewer than k classes have a larger logit
    above = (logits > own[:, None]).sum(dim=1)
    return (above < k).to(torch.float64).mean().item()
