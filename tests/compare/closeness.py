"""How the two sides are compared.

A tolerance counts rounding errors: `count` eps of the largest magnitude
that enters the computation, element-wise. It is never relative to the
result, which cancellation can make arbitrarily small.
"""

import os
from collections.abc import Callable

import torch
from torch import Tensor

# Does torch round each operation, as Python does, instead of fusing a
# product and a sum? tests/across/test_to_the_bit.py sets the variable.
EXACT = os.environ.get("ATEN_CPU_CAPABILITY") == "default"

# Called with each comparison: by hand, by torch, and the unit, one eps
# of the scale. tests/museum/evidence.py adds one.
OBSERVERS: list[Callable[[Tensor, Tensor, Tensor], None]] = []

# A failing test shows its own lines; of these only the message.
__tracebackhide__ = True


def same(hand: Tensor, by_torch: Tensor,
         signed_zeros: bool = True) -> None:
    """Check that all entries are equal to the bit; NaN equals NaN.

    Without `signed_zeros`, 0.0 equals -0.0: a test that leaves the sign
    out says why.
    """
    assert hand.shape == by_torch.shape, (hand.shape, by_torch.shape)
    assert hand.dtype == by_torch.dtype, (hand.dtype, by_torch.dtype)
    for observe in OBSERVERS:
        observe(hand, by_torch, torch.ones(()))
    equal = (hand == by_torch) | (hand.isnan() & by_torch.isnan())
    if signed_zeros:
        equal &= (hand.signbit() == by_torch.signbit()) | hand.isnan()
    assert equal.all(), (f"by hand {hand[~equal].tolist()}, by torch "
                         f"{by_torch[~equal].tolist()}")


def close(hand: Tensor, by_torch: Tensor, count: Tensor | float,
          scale: Tensor | float) -> None:
    """Check that two tensors differ by at most `count` eps of `scale`.

    The unit is eps * scale plus the smallest normal number: below that
    a result has fewer digits, and some of torch's kernels return 0.
    """
    assert hand.shape == by_torch.shape, (hand.shape, by_torch.shape)
    assert hand.dtype == by_torch.dtype, (hand.dtype, by_torch.dtype)
    info = torch.finfo(hand.dtype)
    unit = info.eps * torch.as_tensor(scale).abs() + info.tiny
    for observe in OBSERVERS:
        observe(hand, by_torch, unit)
    bound = count * unit
    # An infinite scale does not allow an infinite difference.
    equal = (hand == by_torch) | (hand.isnan() & by_torch.isnan())
    near = ((hand - by_torch).abs() <= bound) & hand.isfinite()
    wrong = ~(equal | (near & by_torch.isfinite()))
    assert not wrong.any(), (
        f"by hand {hand[wrong].tolist()}, by torch "
        f"{by_torch[wrong].tolist()}, must differ by at most "
        f"{torch.broadcast_to(bound, wrong.shape)[wrong].tolist()}")


def value_and_gradient(function, input: Tensor, upstream: Tensor,
                       *args, **options) -> tuple[Tensor, Tensor]:
    """function(input), and the gradient of (result * upstream).sum()."""
    x = input.clone().requires_grad_()
    result = function(x, *args, **options)
    result.backward(upstream.expand(result.shape))
    assert x.grad is not None
    return result.detach(), x.grad
