"""Dropout equals torch's to the bit; its masks are what they should be."""

import itertools
import math
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch.dropout as by_hand
import torch_ref.dropout as by_torch
from tests.compare.closeness import close, same
from tests.compare.draw import WHOLE, generators, tensors

SIDES = (by_hand, by_torch)
DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
LAYOUTS = {
    "contiguous": lambda x: x, "transposed": lambda x: x.mT.clone().mT,
    "strided": lambda x: torch.stack([x, x], dim=-1)[..., 0],
    "expanded": lambda x: x[:1].expand_as(x)}


@dataclass
class Rows:
    """An input, the gradient that comes back, and a seed."""

    input: torch.Tensor
    upstream: torch.Tensor
    layout: str
    seed: int

    def leaf(self):
        """The input in its layout, and a generator."""
        x = LAYOUTS[self.layout](self.input.clone()).detach()
        return (x.requires_grad_(),
                torch.Generator().manual_seed(self.seed))


@st.composite
def rows(draw):
    """Two to four axes, some of them empty, every value and dtype."""
    shape = draw(st.lists(st.integers(0, 5), min_size=2,
                          max_size=4).map(tuple))
    dtype = draw(st.sampled_from(DTYPES))
    return Rows(draw(tensors(shape, dtype, WHOLE)),
                draw(tensors(shape, dtype, WHOLE)),
                draw(st.sampled_from(sorted(LAYOUTS))), draw(generators()))


def equal_states(one, other):
    """Two generators will give the same numbers."""
    assert torch.equal(one, other), "the generators differ"


probabilities = st.sampled_from([0.5, 1.0, 0.0]) | st.sampled_from(
    [0.1, 0.9, 1 - 1e-9, 1e-9]) | st.floats(0, 1)


@given(case=rows(), p=probabilities, training=st.booleans())
@example(case=Rows(torch.ones(1, 2), torch.ones(1, 2), "contiguous", 0),
         p=1.0, training=True)
def test_value_and_gradient(case, p, training):
    """Value, gradient and generator are torch's to the bit.

    With infinities, NaN and signed zeros. No other generator is drawn
    from, and the input is not changed.
    """
    before = torch.get_rng_state()
    both = []
    for side in SIDES:
        x, generator = case.leaf()
        result = side.dropout(x, p, training, generator)
        assert (result is x) == (
            not training or p == 0 or x.numel() == 0)
        result.backward(case.upstream)
        same(x.detach(), case.leaf()[0].detach())
        assert x.grad is not None
        both.append((result.detach(), x.grad, generator))
    (value, slope, hand), (ref_value, ref_slope, ref) = both
    same(value, ref_value)
    same(slope, ref_slope)
    equal_states(hand.get_state(), ref.get_state())
    equal_states(before, torch.get_rng_state())


# 1 / (1 - p) is a power of 2, so nothing rounds.
@given(p=st.sampled_from([0.5, 0.75, 0.875]), seed=generators())
def test_mask(p, seed):
    """An entry is 0 or multiplied by 1 / (1 - p); so is its gradient.

    This knows nothing of torch's.
    """
    layer = by_hand.Dropout(p, seed)
    x = torch.arange(1.0, 61.0).reshape(5, 12).requires_grad_()
    upstream = torch.arange(-30.0, 30.0).reshape(5, 12)
    result = layer(x)
    result.backward(upstream)
    mask = result.detach() != 0
    same(result.detach(), x.detach() * mask / (1 - p))
    assert x.grad is not None
    same(x.grad, upstream * mask / (1 - p))


N = 300


@pytest.mark.parametrize("side", SIDES, ids=["hand", "torch"])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_expectation(side, p):
    """The mean of a mask is 1, and so is that of products of two entries.

    An entry has the variance p / (1 - p), the product of two that are
    independent 1 / (1 - p)^2 - 1. The mean of n has 1 / sqrt(n) of the
    standard deviation; the bound is six of these. Products of neighbours,
    in a row and in a column, show that every entry has its own draw, those
    of two calls that a call draws anew.
    """
    layer = side.Dropout(p, 5)
    first, second = (layer(torch.ones(N, N, dtype=torch.float64))
                     for _ in range(2))
    bound = 6 * (p / (1 - p)) ** 0.5 / N
    for mask in first, second:
        assert abs(mask.mean() - 1) < bound
        # Each row and each column has N entries only.
        for dim in 0, 1:
            assert (mask.mean(dim) - 1).abs().max() < bound * N ** 0.5
    bound = 6 * (1 / (1 - p) ** 2 - 1) ** 0.5 / N
    for one, other in ((first[1:], first[:-1]),
                       (first[:, 1:], first[:, :-1]), (first, second)):
        # A quarter of the products: no two of these share an entry.
        pairs = (one * other)[::2, ::2]
        assert abs(pairs.mean() - 1) < 2 * bound


@pytest.mark.parametrize("p", [0.25, 0.6])
def test_expectation_over_all_masks(p):
    """Weighted by their probabilities, all masks give the input.

    Three entries have eight masks, with the probability p for each 0.
    400 draws give them all: the rarest has the probability 1/64. A sum
    of eight terms is accurate to 8 eps.
    """
    layer = by_hand.Dropout(p, 0)
    x = torch.tensor([3.0, -1.0, 0.25], dtype=torch.float64)
    found = {tuple(layer(x).tolist()) for _ in range(400)}
    assert len(found) == 8
    mean = torch.zeros_like(x)
    for output in found:
        zeros = output.count(0.0)
        mean += p ** zeros * (1 - p) ** (3 - zeros) * torch.tensor(
            output, dtype=torch.float64)
    close(mean, x, 8, x / (1 - p))


def test_without_a_generator():
    """None is torch's global generator, on both sides."""
    found = []
    for side in SIDES:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(7)
            found.append((side.dropout(torch.ones(5, 4)),
                          torch.get_rng_state()))
    same(found[0][0], found[1][0])
    equal_states(found[0][1], found[1][1])
    generator = torch.Generator().manual_seed(7)
    same(by_hand.dropout(torch.ones(5, 4), generator=generator),
         found[0][0])


@given(seed=generators(), p=probabilities,
       modes=st.lists(st.sampled_from(["train", "eval", "call"])))
@example(seed=0, p=0.5, modes=["call", "eval", "call", "train", "call"])
def test_modes(seed, p, modes):
    """Any sequence of calls and modes gives the same on both sides.

    It starts in training. Evaluation returns the input itself and draws
    nothing; two layers with one seed drop the same.
    """
    x = torch.arange(1.0, 13.0).reshape(3, 4)
    for layers in itertools.combinations(
            [side.Dropout(p, seed) for side in (*SIDES, by_hand)], 2):
        hand, ref = layers
        assert hand.training and ref.training
        assert list(hand.parameters()) == list(ref.parameters()) == []
        for mode in modes:
            before = hand.generator.get_state()
            if mode != "call":
                for layer in layers:
                    assert getattr(layer, mode)() is layer
                    assert layer.training == (mode == "train")
                continue
            same(hand(x), ref(x))
            equal_states(hand.generator.get_state(),
                         ref.generator.get_state())
            if not hand.training:
                assert hand(x) is x and ref(x) is x
                equal_states(hand.generator.get_state(), before)
        for layer in layers:
            layer.train(True)
            layer.train(False)
            assert not layer.training
            layer.train()
            layer.generator.manual_seed(seed)


X = torch.ones(3, 2)
BAD: list[Any] = [
    ([[[1.0]]], {}, TypeError, "must be a tensor, got a list"),
    ([X.long()], {}, RuntimeError, "floating-point.*int64"),
    *[([X, p], {}, ValueError, f"p must be at least 0, got {p}")
      for p in (-0.1, math.nan, -math.inf)],
    *[([X, p], {}, ValueError, "p must be (in .0, 1., got 1.1|finite)")
      for p in (1.1, math.inf)],
    *[([X, p], {}, TypeError, "p must be a number, got")
      for p in ("0.5", None, True)],
    *[([X, 0.5, mode], {}, TypeError, "training must be True or False, got")
      for mode in (1, None, "eval")],
    ([X], {"generator": 0}, TypeError, "a torch.Generator or None, got 0")]


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("args, options, error, words", BAD)
def test_bad_input(args, options, error, words, training):
    """Rule 11: both sides reject it in the same words, in each mode."""
    options = options if len(args) > 2 else {"training": training} | options
    for side in SIDES:
        with pytest.raises(error, match=words):
            side.dropout(*args, **options)
        if len(args) == 2:
            with pytest.raises(error, match=words):
                side.Dropout(args[1])
