"""Checks of the exercises of docs/autograd.md."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.autograd as by_hand
from tests.compare.closeness import close, same
from tests.compare.draw import MODERATE, WHOLE, dtypes, shapes, tensors


@given(data=st.data(), dtype=dtypes(), shape=shapes(3))
def test_sigmoid(data, dtype, shape):
    """Value.sigmoid has torch's values and slopes, in one operation.

    An error of 4 eps in s is one of 4 eps in s (1 - s), which has two
    more roundings.
    """
    x = data.draw(tensors(shape, dtype, WHOLE), "x")
    upstream = data.draw(tensors(shape, dtype, MODERATE), "upstream")
    value, leaf = by_hand.Value(x), x.clone().requires_grad_()
    hand, ref = value.sigmoid(), leaf.sigmoid()
    close(hand.data, ref.detach(), 4, 1)
    for s in hand, ref:
        (s * upstream).sum().backward()
    close(value.grad, leaf.grad, 12, upstream)
    assert [input for input, *_ in hand._inputs] == [value]


@given(data=st.data(), dtype=dtypes(), shape=shapes(3),
       limit=st.sampled_from([1.0, 0.5, 100.0]))
def test_clip_gradient(data, dtype, shape, limit):
    """It is a hook of torch that clamps the gradient of one use.

    The value is the same. What another use sends back is not clipped.
    """
    x, clipped, plain = (data.draw(tensors(shape, dtype, MODERATE), name)
                         for name in ("x", "clipped", "plain"))
    value, leaf = by_hand.Value(x), x.clone().requires_grad_()
    other = leaf * 1
    other.register_hook(lambda G: G.clamp(-limit, limit))
    same(value.clip_gradient(limit).data, x)
    for a, b in (value, value.clip_gradient(limit)), (leaf, other):
        (b * clipped + a * plain).sum().backward()
    close(value.grad, leaf.grad, 2, clipped.abs() + plain.abs())


def test_no_grad():
    """Inside, nothing is recorded; outside and afterwards, all is."""
    leaf = by_hand.Value(torch.tensor(3.0))
    before = leaf * leaf
    with by_hand.no_grad():
        with by_hand.no_grad():
            inner = leaf * 2
        result = before * leaf
        value = by_hand.Value(torch.tensor(1.0))
        # What was recorded before can be used inside.
        before.backward()
    same(leaf.grad, torch.tensor(6.0))
    same(result.data, torch.tensor(27.0))
    for constant in inner, result:
        (constant * 1).backward()
    same(leaf.grad, torch.tensor(6.0))
    with pytest.raises(ZeroDivisionError), by_hand.no_grad():
        raise ZeroDivisionError
    (leaf * value).backward()
    same(leaf.grad, torch.tensor(7.0))
    same(value.grad, torch.tensor(3.0))
