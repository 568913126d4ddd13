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


def close_state(hand, ref, params, count):
    """Check that each parameter has the same state on both sides.

    The entries are equal to the bit, or at most `count` eps apart. The
    scale is 1e8, the square of the largest gradient, or the largest
    entry: with eps = 0 a quotient has no other bound.
    """
    for p, state in zip(params, hand.state):
        expected = ref.state.get(p, {})
        assert state.keys() == expected.keys()
        for name, value in state.items():
            if name == "step":
                assert value == expected[name]
            elif EXACT:
                same(value, expected[name])
            else:
                finite = expected[name].nan_to_num(0).abs().max()
                close(value, expected[name], count, finite + 1e8)
