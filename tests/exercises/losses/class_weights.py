"""A weight for each class in the negative log-likelihood."""

from torch import Tensor

from scratch._checks import check_not_empty
from scratch._floats import check_classes
from scratch.losses import _pick, _reduce


def nll_loss(input: Tensor, target: Tensor,
             reduction: str = "mean",
             weight: Tensor | None = None) -> Tensor:
    input = check_classes(input, target)
    # -log p_y
    loss = -_pick(input, target)
    if weight is None:
        return _reduce(loss, reduction)
    w = weight[target]
    if reduction == "mean":
        check_not_empty(loss)
        # sum_i w_y (-log p_y) / sum_i w_y
        return (w * loss).sum() / w.sum()
    return _reduce(w * loss, reduction)
