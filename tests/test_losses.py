"""Losses: value and gradient are torch's; what has no meaning raises."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.losses as by_hand
import torch_ref.losses as by_torch
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import (FINITE, FLOATS, LABELS, MODERATE, ORDINARY,
                                SIMPLE, UNIT, WHOLE, Table, dtypes, shapes,
                                signed, tensors)

SIDES = (by_hand, by_torch)
REDUCTIONS = ("none", "mean", "sum")


def both(name, x, upstream, *args, **options):
    hand = value_and_gradient(getattr(by_hand, name), x, upstream,
                              *args, **options)
    ref = value_and_gradient(getattr(by_torch, name), x, upstream,
                             *args, **options)
    return *hand, *ref


def reduced(scale, reduction):
    """The scale of a reduced loss: n terms, and n roundings more."""
    if reduction == "none":
        return scale
    return scale.sum() * (1 if reduction == "sum" else 1 / scale.numel())


def each(reduction, n):
    """The weight of one entry in the reduced loss."""
    return 1 / n if reduction == "mean" else 1


@st.composite
def pairs(draw, inputs, targets):
    """input, target, upstream gradient, reduction."""
    shape, dtype = draw(shapes()), draw(dtypes())
    reduction = draw(st.sampled_from(REDUCTIONS))
    upstream = draw(tensors(shape if reduction == "none" else (), dtype,
                            MODERATE))
    return (draw(tensors(shape, dtype, inputs)),
            draw(tensors(shape, dtype, targets)), upstream, reduction)


@given(pairs(ORDINARY, ORDINARY))
def test_mse_loss(drawn):
    """Squared error: one difference, one product, n sums."""
    x, y, upstream, reduction = drawn
    value, gradient, ref_value, ref_gradient = both(
        "mse_loss", x, upstream, y, reduction)
    n = x.numel()
    close(value, ref_value, 2 + n, reduced((x - y) ** 2, reduction))
    close(gradient, ref_gradient, 4,
          2 * (x - y) * upstream * each(reduction, n))


@given(pairs(WHOLE, WHOLE))
def test_mse_loss_special_values(drawn):
    """Infinities and NaN come out where torch has them."""
    x, y, upstream, _ = drawn
    value, gradient, ref_value, ref_gradient = both(
        "mse_loss", x, torch.ones(()).to(x), y, "none")
    same(value, ref_value)
    same(gradient, ref_gradient)


@given(pairs(UNIT, UNIT) | pairs(UNIT, LABELS))
def test_binary_cross_entropy(drawn):
    """From probabilities, 0 and 1 included: two logarithms, 4 eps.

    At p = 0 or 1 torch has 100 for the loss of a wrong label and 1e12
    for its slope; so have we. Torch keeps the divisor 1e-12 in float32,
    where it is 4e-9 of itself smaller.
    """
    p, y, upstream, reduction = drawn
    value, gradient, ref_value, ref_gradient = both(
        "binary_cross_entropy", p, upstream, y, reduction)
    n = p.numel()
    scale = (y * p.log().clamp(min=-100)).abs() + (
        (1 - y) * (-p).log1p().clamp(min=-100)).abs()
    close(value, ref_value, 4 + n, reduced(scale, reduction))
    eps = torch.finfo(p.dtype).eps
    count = torch.where((1 - p) * p > 1e-12, 6, 6 + 4.1e-9 / eps)
    # Torch divides last: what p - y lost as a denormal grows by 1e12.
    lost = 1e12 * torch.finfo(p.dtype).tiny
    close(gradient, ref_gradient, count, ref_gradient.abs() + lost)


@given(pairs(FINITE, UNIT) | pairs(MODERATE, LABELS))
def test_binary_cross_entropy_with_logits(drawn):
    """From logits: a few eps of |x| + 1; the slope, of 1.

    Torch computes x - log(sigmoid(x)), and rounds at the size of x.
    """
    x, y, upstream, reduction = drawn
    # A sum of several 3e38 is infinite in an order of torch's own.
    x = x.clamp(-1e30, 1e30)
    value, gradient, ref_value, ref_gradient = both(
        "binary_cross_entropy_with_logits", x, upstream, y, reduction)
    n = x.numel()
    close(value, ref_value, 4 + n, reduced(x.abs() + 1, reduction))
    close(gradient, ref_gradient, 6, upstream * each(reduction, n))


@pytest.mark.parametrize("dtype", FLOATS)
def test_logits_beyond_torch(dtype):
    """Where torch's value is lost, ours is the truth.

    y = 0 and x = -17 .. -80: the loss is log(1 + exp(x)) = exp(x) to
    eps, and torch, in float32, has 0. Infinite logits: torch has NaN.
    """
    x = torch.arange(-80.0, -16.0, dtype=dtype)
    loss = by_hand.binary_cross_entropy_with_logits(
        x, torch.zeros_like(x), "none")
    truth = x.double().exp().log1p().to(dtype)
    close(loss, truth, 4, truth)
    x = torch.tensor([torch.inf, -torch.inf], dtype=dtype)
    y = torch.tensor([0.0, 1.0], dtype=dtype)
    loss = by_hand.binary_cross_entropy_with_logits(x, y, "none")
    assert loss.tolist() == [torch.inf, torch.inf]


@st.composite
def classified(draw, table):
    """input (n, classes), labels, upstream gradient, reduction."""
    n, classes = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    dtype, reduction = draw(dtypes()), draw(st.sampled_from(REDUCTIONS))
    labels = draw(st.lists(st.integers(0, classes - 1), min_size=n,
                           max_size=n))
    upstream = draw(tensors((n,) if reduction == "none" else (), dtype,
                            MODERATE))
    return (draw(tensors((n, classes), dtype, table)),
            torch.tensor(labels), upstream, reduction)


@given(classified(FINITE))
def test_nll_loss(drawn):
    """The loss only picks: to the bit, and n eps for the n sums."""
    x, y, upstream, reduction = drawn
    x = x.clamp(-1e30, 1e30)
    value, gradient, ref_value, ref_gradient = both(
        "nll_loss", x, upstream, y, reduction)
    picked = x.gather(1, y[:, None]).abs()
    count = 0 if reduction == "none" else 1 + len(y)
    close(value, ref_value, count, reduced(picked[:, 0], reduction))
    close(gradient, ref_gradient, 2, ref_gradient)


def some_ruled_out(draw, n):
    """Logits, and among them classes that are impossible."""
    logits = signed(-8, 4)(draw, n)
    logits[::16] = -math.inf
    return logits


LOGITS = Table(SIMPLE, some_ruled_out)


@given(classified(LOGITS) | classified(MODERATE),
       st.just(0.0) | st.floats(0, 1))
def test_cross_entropy(drawn, smoothing):
    """A few eps of the largest logit for each class and sample.

    Logits of -inf are classes ruled out: fine unless the label or the
    smoothing asks for one.
    """
    x, y, upstream, reduction = drawn
    value, gradient, ref_value, ref_gradient = both(
        "cross_entropy", x, upstream, y, reduction, smoothing)
    n, classes = x.shape
    largest = torch.where(x.isfinite(), x, 0).abs().amax(1).clamp(min=1)
    close(value, ref_value, 8 + 2 * classes + n,
          reduced(largest, reduction))
    close(gradient, ref_gradient, 8 + 4 * classes,
          (upstream * each(reduction, n)).abs().max())


def test_a_class_that_is_ruled_out():
    """A logit of -inf: no loss if the label is another; smoothed, inf.

    Smoothed altogether, every class is asked for alike.
    """
    x, y = torch.tensor([[0.0, -torch.inf]]), torch.tensor([0])
    for side in SIDES:
        assert side.cross_entropy(x, y) == 0
        assert side.cross_entropy(x, y, label_smoothing=0.5) == torch.inf
        whole = side.cross_entropy(torch.zeros(1, 4), y,
                                   label_smoothing=1.0)
        assert whole == pytest.approx(1.3862944)


@given(st.data(), st.integers(1, 6))
def test_accuracy(data, n):
    """The share of equal labels, as torch and as counting has it."""
    labels = st.lists(st.integers(0, 2), min_size=n, max_size=n)
    a, b = data.draw(labels), data.draw(labels)
    count = sum(x == y for x, y in zip(a, b))
    for side in SIDES:
        share = side.accuracy(torch.tensor(a), torch.tensor(b))
        assert isinstance(share, float) and share == count / n


@pytest.mark.parametrize("side", SIDES)
class TestBadInput:
    """Each mistake is an error that names what was given."""

    def test_shapes_that_would_broadcast(self, side):
        """(200, 1) against (200,), and the other way round."""
        column, row = torch.full((200, 1), 0.5), torch.full((200,), 0.5)
        for name in ("mse_loss", "binary_cross_entropy",
                     "binary_cross_entropy_with_logits", "accuracy"):
            for pair in (column, row), (row, column), (row, row[:1]):
                with pytest.raises(ValueError, match=r"\(200,"):
                    getattr(side, name)(*pair)

    def test_labels_of_other_shapes(self, side):
        """One label for each row of logits, in one dimension."""
        x = torch.zeros(3, 4)
        for name in "nll_loss", "cross_entropy":
            for y in (torch.zeros(2), torch.zeros(3, 1), torch.zeros(3, 4)):
                with pytest.raises(ValueError, match=r"\(3, 4\)"):
                    getattr(side, name)(x, y.long())
            for logits in x[:, 0], x[:, :, None]:
                with pytest.raises(ValueError, match=r"\(3,"):
                    getattr(side, name)(logits, torch.zeros(3).long())

    def test_labels_outside_the_classes(self, side):
        """-1, -100 (which torch ignores), one past the end, and far."""
        x = torch.zeros(3, 4)
        for name in "nll_loss", "cross_entropy":
            for label in -1, -100, 4, 7:
                with pytest.raises(IndexError, match=f"3, got {label}"):
                    getattr(side, name)(x, torch.tensor([0, label, 9]))
            with pytest.raises(RuntimeError, match="torch.float32"):
                getattr(side, name)(x, torch.zeros(3))

    def test_outside_the_unit_interval(self, side):
        """Probabilities and targets: not -0.5, not 2, not NaN.

        The first wrong one is named.
        """
        inside = torch.tensor([0.0, 0.5, 1.0, 1.0])
        for wrong in -0.5, 2.0, torch.nan:
            outside = torch.tensor([0.0, 1.0, wrong, 9.0])
            with pytest.raises(RuntimeError, match="between 0|in .0, 1"):
                side.binary_cross_entropy(outside, inside)
            with pytest.raises(RuntimeError, match="between 0|in .0, 1"):
                side.binary_cross_entropy(inside, outside)
            with pytest.raises(ValueError, match=f"got {wrong}"):
                side.binary_cross_entropy_with_logits(inside, outside)
        for wrong in -0.1, 1.1, torch.nan:
            with pytest.raises(RuntimeError, match=f"{wrong}"):
                side.cross_entropy(torch.zeros(1, 2), torch.tensor([0]),
                                   label_smoothing=wrong)

    def test_empty_batch(self, side):
        """A mean of nothing raises; a sum of nothing is 0."""
        rows, labels = torch.zeros(0, 3), torch.zeros(0).long()
        for name, x, y in (
                ("mse_loss", rows, rows),
                ("binary_cross_entropy", rows, rows),
                ("binary_cross_entropy_with_logits", rows, rows),
                ("nll_loss", rows, labels),
                ("cross_entropy", rows, labels)):
            loss = getattr(side, name)
            with pytest.raises(ValueError, match="empty"):
                loss(x, y)
            assert loss(x, y, reduction="sum") == 0
            assert loss(x, y, reduction="none").numel() == 0
        with pytest.raises(ValueError, match="empty"):
            side.accuracy(labels, labels)

    def test_unknown_reduction(self, side):
        """The message names the word."""
        half, label = torch.full((1, 2), 0.5), torch.tensor([0])
        for name, y in (("mse_loss", half),
                        ("binary_cross_entropy", half),
                        ("binary_cross_entropy_with_logits", half),
                        ("nll_loss", label), ("cross_entropy", label)):
            with pytest.raises(ValueError, match="average"):
                getattr(side, name)(half, y, reduction="average")


def test_table_has_the_ends():
    """UNIT holds 0 and 1, without which the traps are not visited."""
    for seed in range(10):
        values = UNIT.values(seed)
        assert {0.0, 1.0} <= set(values.tolist()) and len(values) == 256
        assert 0 <= values.min() and values.max() <= 1
    assert not torch.equal(UNIT.values(0), UNIT.values(1))
