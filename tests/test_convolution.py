"""Convolution and pooling by hand agree with torch's; so do gradients.

Pooling and its gradients to the bit, sums of products to rounding.
"""

import itertools
import math
from typing import Any

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d
from torch import Tensor

import scratch.convolution as by_hand
import torch_ref.convolution as by_torch
from scratch.tensors import numerical_gradient
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.convolutions import LAYOUTS, TIES, Pool, layers, pools
from tests.compare.draw import FINITE, MODERATE, WHOLE, dtypes, tensors

SIDES = (by_hand, by_torch)
HALVES = st.sampled_from([torch.float16, torch.bfloat16])


# A sum may not leave float16, which ends at 65,504.
@given(layers() | layers(dtype=HALVES, table=MODERATE))
def test_conv2d(layer):
    """conv2d, autograd's gradients, and those that are written out."""
    z, *rest = layer.run(by_hand.conv2d)
    layer.compare([z, *rest], [z, *layer.gradients(by_hand)])
    for a, b in zip(layer.gradients(by_torch), layer.run(by_torch.conv2d)[1:]):
        same(a, b)


@settings(max_examples=settings().max_examples // 4)
@given(layers(most=4))
def test_textbook_conv2d(layer):
    """The six loops, and by torch one product: the same sums."""
    layer.compare(*(layer.run(side.textbook_conv2d) for side in SIDES))


@settings(max_examples=settings().max_examples // 4)
@given(layers(dtype=st.just(torch.float64), table=MODERATE, most=4, least=1))
def test_gradients_are_central_differences(layer):
    """The gradients of L = sum(z G), from L alone.

    L is linear in each argument, so the step can be 1: what remains is
    the rounding error of L, a sum of at most `terms` numbers in a row.
    """
    places = [layer.x, layer.w, layer.b]

    def loss(g, places):
        x, w, b = places
        return (by_hand.conv2d(x, w, b, layer.stride, layer.padding)
                * g).sum()

    terms = layer.w[0].numel() + 2 + layer.g.numel()
    size = loss(layer.g.abs(), [t.abs() + 1 for t in places])
    for i, gradient in enumerate(layer.gradients(by_hand)):
        def at(value, i=i):
            return loss(layer.g, [*places[:i], value, *places[i + 1:]])

        slope = numerical_gradient(at, places[i], eps=1.0)
        close(gradient, slope, terms, size)


@settings(max_examples=settings().max_examples // 4)
@given(layers(dtype=st.just(torch.float64), table=MODERATE, least=1))
def test_scipy(layer):
    """SciPy's correlate2d of each channel, summed, every stride-th place."""
    z = by_hand.conv2d(layer.x, layer.w, None, layer.stride, layer.padding)
    size = by_hand.conv2d(layer.x.abs(), layer.w.abs(), None, layer.stride,
                          layer.padding)
    x = torch.nn.functional.pad(layer.x, [layer.padding] * 4)
    for i, o in itertools.product(range(len(x)), range(len(layer.w))):
        right = sum(correlate2d(*(t.numpy(force=True) for t in pair), "valid")
                    for pair in zip(x[i], layer.w[o]))
        close(z[i, o].contiguous(), torch.from_numpy(
            right[::layer.stride, ::layer.stride].copy()),
            layer.w[0].numel(), size[i, o])


def test_by_pencil():
    """A filter of the page: not flipped, padded on all sides."""
    x = torch.arange(9.0).reshape(1, 1, 3, 3)
    w = torch.tensor([[[[1.0, 0.0], [0.0, -2.0]]]])
    for side in SIDES:
        for function in side.conv2d, side.textbook_conv2d:
            # 0 - 2 * 4, 1 - 2 * 5, 3 - 2 * 7, 4 - 2 * 8
            same(function(x, w), torch.tensor([[[[-8.0, -9], [-11, -12]]]]))
            # the corners: only the last weight, or the first
            z = function(x, w, torch.ones(1), stride=3, padding=1)
            same(z, torch.tensor([[[[1.0, 1], [1, 9]]]]))


def both(name, pool):
    """Value and gradient on both sides."""
    return [value_and_gradient(getattr(side, name), pool.x, pool.g,
                               **pool.options) for side in SIDES]


ONES = torch.ones(1, 1, 1, 1)


@given(pools(table=TIES) | pools(table=FINITE))
# the bug padded-with-zeros: all pixels are negative
@example(Pool(-ONES, ONES, {"kernel_size": 2, "padding": 1}))
def test_max_pool2d(pool):
    """To the bit, and so is the gradient: the first of equal entries.

    0 plus -0.0 is 0.0; autograd adds no 0 if there is one window.
    """
    (value, gradient), (right, slope) = both("max_pool2d", pool)
    same(value, right)
    same(gradient, slope, signed_zeros=False)
    for side in SIDES:
        same(side.max_pool2d_gradient(pool.x, pool.g, **pool.options), slope)


@given(pools(table=WHOLE) | pools(HALVES, WHOLE) | pools(HALVES, TIES))
def test_max_pool2d_of_anything(pool):
    """A NaN is the largest, and 16 bits are enough."""
    same(*(side.max_pool2d(pool.x, **pool.options) for side in SIDES))


@given(pools(table=WHOLE))
def test_avg_pool2d(pool):
    """To the bit: both add a window row by row, and divide once.

    Torch adds the mean to a 0, so that a -0.0 becomes 0.0.
    """
    (value, gradient), (right, slope) = both("avg_pool2d", pool)
    same(value, right, signed_zeros=False)
    same(gradient, slope, signed_zeros=False)


@given(pools(HALVES, MODERATE))
def test_avg_pool2d_of_16_bits(pool):
    """The value to the bit; by torch a gradient is rounded at each sum.

    A pixel lies in at most k^2 windows, each of which may round it.
    """
    pool.g = pool.g.clamp(-9, 9)
    (value, gradient), (right, slope) = both("avg_pool2d", pool)
    same(value, right, signed_zeros=False)
    k = pool.options["kernel_size"]
    size = Pool(pool.x, pool.g.abs(), pool.options)
    close(gradient, slope, k * k, both("avg_pool2d", size)[1][1])


@given(data=st.data(), dtype=dtypes(), layout=st.sampled_from(
    sorted(LAYOUTS)), shape=st.tuples(*[st.integers(0, 3)] * 4))
def test_flatten(data, dtype, layout, shape):
    """Channel by channel, row by row, whatever the order in memory."""
    x = LAYOUTS[layout](data.draw(tensors(shape, dtype, WHOLE)))
    hand, ref = (side.flatten(x) for side in SIDES)
    same(hand, ref)
    n, c, h, w = shape
    for i, j, k, m in itertools.product(*map(range, shape)):
        same(hand[i, (j * h + k) * w + m], x[i, j, k, m])


def test_a_window_of_minus_infinity():
    """At the border its largest entry is a tie with the padding.

    By torch the pixel gets the gradient; by hand the padding, which is
    cropped.
    """
    x, g = torch.full((1, 1, 2, 2), -math.inf), torch.ones(1, 1, 2, 2)
    hand, ref = (side.max_pool2d_gradient(x, g, 2, padding=1)
                 for side in SIDES)
    assert ref.eq(1).all() and hand.sum() == 1
    same(*(side.max_pool2d_gradient(x, ONES, 2) for side in SIDES))


X, W = torch.ones(2, 3, 4, 4), torch.ones(2, 3, 2, 2)
G, B = torch.ones(2, 2, 3, 3), torch.ones(2)
CALLS: dict[str, list[Any]] = {
    "textbook_conv2d": [X, W, B], "conv2d": [X, W, B],
    "conv2d_gradients": [X, W, G], "max_pool2d": [X, 2],
    "avg_pool2d": [X, 2], "max_pool2d_gradient": [X, W, 2], "flatten": [X]}
CONVOLUTIONS, POOLINGS = list(CALLS)[:3], list(CALLS)[3:6]


def test_autograd_is_not_called(monkeypatch):
    """By hand no gradient is torch's; nothing is written into arguments."""
    def fail(*args, **options):
        raise AssertionError("autograd was called")

    monkeypatch.setattr(Tensor, "backward", fail)
    monkeypatch.setattr(torch.autograd, "grad", fail)
    for name, args in CALLS.items():
        getattr(by_hand, name)(*args)
        assert all(t._version == 0 for t in args if isinstance(t, Tensor))


# name, an argument or its place, its wrong value, what is raised
BAD: list[tuple[str, int | str, Any, type[Exception], str]] = [
    *[(name, 0, X[0], ValueError, r"input must have four axes, got.*3, 4, 4")
      for name in CALLS],
    *[(name, place, value, ValueError, words) for name in CONVOLUTIONS
      for place, value, words in (
          (1, W[:, :2], "weight must have the channels of input"),
          (1, W[..., :0], "at least one entry"),
          (1, W.repeat(1, 1, 1, 3), r"must fit .*\(2, 6\) for .* padding 0"),
          ("stride", 0, "stride must be at least 1, got 0"),
          ("padding", -1, "padding must be at least 0, got -1"))],
    ("conv2d", 2, X[0, 0, 0], ValueError, "bias must have an entry for each"),
    ("conv2d", 1, W.double(), RuntimeError, "must have the same dtype"),
    *[(name, place, value, ValueError, words) for name in POOLINGS
      for place, value, words in (
          (-1, 0, "kernel_size must be at least 1, got 0"),
          (-1, 5, r"must fit into the padded image, got \(5, 5\)"),
          ("padding", 2, "at most half of kernel_size, got 2 and 2"),
          ("stride", -1, "stride must be at least 1, got -1"),
          (0, X[:, :0], "at least one pixel"))],
    ("max_pool2d", 1, (2, 2), TypeError, "kernel_size must be an integer"),
    ("conv2d_gradients", 2, G[:1], ValueError, r"\(2, 2, 3, 3\) of the outp"),
    ("max_pool2d_gradient", 1, B, ValueError, "upstream must have the shape")]


@pytest.mark.parametrize("name, place, value, error, words", BAD)
def test_bad_input(name, place, value, error, words):
    """Rule 11: both sides reject it in the same words."""
    args: list[Any] = list(CALLS[name])
    options = {place: value} if isinstance(place, str) else {}
    if isinstance(place, int):
        args[place] = value
    for side in SIDES:
        with pytest.raises(error, match=words):
            getattr(side, name)(*args, **options)
