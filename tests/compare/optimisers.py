"""One optimiser by hand and by torch, on equal parameters."""

import scratch.optim
import torch_ref.optim
from tests.compare.closeness import EXACT, close, same


def leaves(values):
    """A parameter for each tensor, with memory of its own."""
    return [value.clone().requires_grad_() for value in values]


def side_by_side(name, start, options):
    """Parameters and optimiser by hand, parameters and optimiser by torch.
    """
    hand, ref = leaves(start), leaves(start)
    return (hand, getattr(scratch.optim, name)(hand, **options),
            ref, getattr(torch_ref.optim, name)(ref, **options))


def close_state(hand, ref, params, steps, sizes):
    """Check that each parameter has the same state on both sides.

    The entries are equal to the bit, or at most 16 eps per step apart,
    relative to the largest that they can be. `sizes` has the largest
    gradient of each parameter so far, with its penalty. A running mean
    of gradients is at most that, of squares its square. A sum has a
    term per step. RMSprop divides by a root: at most 10, for alpha =
    0.99, and 10 times that with momentum 0.9.
    """
    for p, state, size in zip(params, hand.state, sizes, strict=True):
        expected = ref.state.get(p, {})
        assert state.keys() == expected.keys()
        for name, value in state.items():
            if name == "step":
                assert value == expected[name]
                continue
            if EXACT:
                # "lerp to -0.0" of tests/across/exceptions.py
                same(value, expected[name], signed_zeros=name != "exp_avg")
                continue
            scale = size ** 2 if "sq" in name or name == "sum" else size
            if name in ("sum", "momentum_buffer"):
                scale = steps * scale
            if name == "momentum_buffer" and "alpha" in hand.param_groups[0]:
                scale = 100
            close(value, expected[name], 16 * steps, scale)


def size_of(p):
    """The largest entry of the gradient, plus that of the parameter."""
    if p.grad is None or not p.numel():
        return 0.0
    # eps = 0 makes a parameter NaN; its gradient stays finite.
    largest = [values.nan_to_num(0, 0, 0).abs().max()
               for values in (p.grad, p.detach())]
    return float(sum(largest))
