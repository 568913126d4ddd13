"""Rule 5: each operation that the proof to the bit leaves out differs."""

import pytest
import torch
import torch.nn.functional as F

import scratch.activations
import scratch.losses
import scratch.tensors
import torch_ref.activations
import torch_ref.losses
import torch_ref.tensors
from tests.across.exceptions import EXCEPTIONS
from tests.compare.closeness import close, same, value_and_gradient

WINGS = (scratch, torch_ref)


@pytest.mark.to_the_bit(only=True)
@pytest.mark.parametrize("name", EXCEPTIONS)
def test_each_exception_rounds_differently(name):
    """Each of EXCEPTIONS is real: here the results differ."""
    generator = torch.Generator().manual_seed(0)
    # With 63 rows 1 / n is rounded: 63 is not a power of 2.
    x = torch.randn(63, 64, generator=generator, dtype=torch.float64)
    y = torch.rand(63, 64, generator=generator, dtype=torch.float64)
    if name == "wide addmm":
        weight, bias = y[:16], y[0, :16]
        hand, ref = x @ weight.T + bias, F.linear(x, weight, bias)
        close(hand, ref, 64, x.abs() @ weight.abs().T + bias)
        # They may be equal: some dgemm routines add the bias last.
        return
    if name == "lerp to -0.0":
        start, end = x[0], torch.full_like(x[0], -0.0)
        hand, ref = (wing.tensors.lerp(start, end, 1.0) for wing in WINGS)
        assert (hand == 0).all() and (ref == 0).all()
        assert (hand.signbit() != ref.signbit()).any()
        one_by_one = [torch.lerp(*pair, 1.0) for pair in zip(start, end)]
        same(hand, torch.stack(one_by_one))
        return
    if name == "lerp beyond 1/2":
        hand, ref = (wing.tensors.lerp(x.float(), y.float(), 0.83)
                     for wing in WINGS)
        assert not torch.equal(hand, ref)
        close(hand, ref, 2, x.abs().float() + y.float())
        return
    one = torch.ones((), dtype=x.dtype)
    results = []
    for wing in WINGS:
        function, args = {
            "sigmoid": lambda: (wing.activations.sigmoid, ()),
            "log_softmax": lambda: (wing.activations.log_softmax, (1,)),
        }.get(name, lambda: (getattr(wing.losses, name, None), (y,)))()
        start = x.abs() / 10 if name == "binary_cross_entropy" else x
        upstream = y if name == "log_softmax" else one
        results.append(value_and_gradient(function, start, upstream,
                                          *args))
    (value, gradient), (ref_value, ref_gradient) = results
    assert not torch.equal(gradient, ref_gradient)
    close(value, ref_value, 64, 64.0)
    close(gradient, ref_gradient, 64, 64.0)
