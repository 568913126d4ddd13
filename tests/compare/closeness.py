"""How the two sides are compared.

A tolerance is a number of roundings: `count` eps of the largest
magnitude that entered the computation, entry by entry. Never relative
to the result, which cancellation can make as small as it likes.
"""

import os
from collections.abc import Callable

import torch
from torch import Tensor

# Whether torch rounds each operation, as Python does, instead of
# fusing a product and a sum: tests/across/test_to_the_bit.py sets it.
EXACT = os.environ.get("ATEN_CPU_CAPABILITY") == "default"

# Who wants to know of each comparison: by hand, by torch, and the
# unit, one eps of the scale. tests/museum/evidence.py listens.
OBSERVERS: list[Callable[[Tensor, Tensor, Tensor], None]] = []


def same(hand: Tensor, by_torch: Tensor) -> None:
    """Equal numbers in every entry; NaN where torch has NaN."""
    assert hand.shape == by_torch.shape, (hand.shape, by_torch.shape)
    assert hand.dtype == by_torch.dtype, (hand.dtype, by_torch.dtype)
    for observe in OBSERVERS:
        observe(hand, by_torch, torch.ones(()))
    equal = (hand == by_torch) | (hand.isnan() & by_torch.isnan())
    assert equal.all(), (f"by hand {hand[~equal].tolist()}, by torch "
                         f"{by_torch[~equal].tolist()}")


def close(hand: Tensor, by_torch: Tensor, count: Tensor | float,
          scale: Tensor | float) -> None:
    """At most `count` eps of `scale` apart, beside the denormals.

    The smallest normal number is added: below it a result has fewer
    digits, and some of torch's kernels return 0.
    """
    assert hand.shape == by_torch.shape, (hand.shape, by_torch.shape)
    assert hand.dtype == by_torch.dtype, (hand.dtype, by_torch.dtype)
    info = torch.finfo(hand.dtype)
    unit = info.eps * torch.as_tensor(scale).abs() + info.tiny
    for observe in OBSERVERS:
        observe(hand, by_torch, unit)
    bound = count * unit
    # An infinite scale allows no infinite distance.
    equal = (hand == by_torch) | (hand.isnan() & by_torch.isnan())
    near = ((hand - by_torch).abs() <= bound) & hand.isfinite()
    wrong = ~(equal | (near & by_torch.isfinite()))
    assert not wrong.any(), (
        f"by hand {hand[wrong].tolist()}, by torch "
        f"{by_torch[wrong].tolist()}, at most "
        f"{torch.broadcast_to(bound, wrong.shape)[wrong].tolist()} apart")


def value_and_gradient(function, input: Tensor, upstream: Tensor,
                       *args, **options) -> tuple[Tensor, Tensor]:
    """function(input) and the gradient of (result * upstream).sum()."""
    x = input.clone().requires_grad_()
    result = function(x, *args, **options)
    result.backward(upstream.expand(result.shape))
    assert x.grad is not None
    return result.detach(), x.grad
