"""Losses: value and gradient agree with torch's; bad input raises."""

from dataclasses import dataclass

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

import scratch.losses as by_hand
import torch_ref.losses as by_torch
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import (FINITE, FLOATS, LABELS, MODERATE, ORDINARY,
                                SIMPLE, UNIT, WHOLE, Table, dtypes, shapes,
                                signed, tensors)

SIDES = (by_hand, by_torch)
# Those with a target per entry, and those with a label per row.
BY_ENTRY = ("mse_loss", "binary_cross_entropy",
            "binary_cross_entropy_with_logits")
BY_ROW = ("nll_loss", "cross_entropy")
# Whether a sum of several numbers near 3e38 overflows depends on its order.
SUMMABLE = 1e30


@dataclass
class Problem:
    """The arguments of a loss, and the upstream gradient of its result."""

    x: Tensor
    target: Tensor
    upstream: Tensor
    reduction: str = "none"


@st.composite
def reductions(draw, shape, dtype):
    """An upstream gradient and a reduction; for "none" it has `shape`."""
    reduction = draw(st.sampled_from(("none", "mean", "sum")))
    return draw(tensors(shape if reduction == "none" else (), dtype,
                        MODERATE)), reduction


@st.composite
def by_entry(draw, inputs, targets, limit=torch.inf):
    """A target per entry; |x| at most `limit`."""
    shape, dtype = draw(shapes()), draw(dtypes())
    x = draw(tensors(shape, dtype, inputs)).clamp(-limit, limit)
    target = draw(tensors(shape, dtype, targets))
    return Problem(x, target, *draw(reductions(shape, dtype)))


@st.composite
def by_row(draw, table, limit=torch.inf):
    """x of shape (n, classes), a label per row; |x| at most `limit`."""
    n, classes = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    dtype = draw(dtypes())
    labels = draw(st.lists(st.integers(0, classes - 1), min_size=n,
                           max_size=n))
    x = draw(tensors((n, classes), dtype, table)).clamp(-limit, limit)
    return Problem(x, torch.tensor(labels), *draw(reductions((n,), dtype)))


def entries(x, target, dtype=torch.float32, reduction="none"):
    """Some entries, and the upstream gradient 1."""
    x, target = torch.tensor([x, target], dtype=dtype)
    return Problem(x, target, torch.ones(()).to(x), reduction)


def both(name, drawn, *options):
    """Value and gradient by hand, then value and gradient by torch."""
    return [part for side in SIDES for part in value_and_gradient(
        getattr(side, name), drawn.x, drawn.upstream, drawn.target,
        drawn.reduction, *options)]


def total(scale, drawn):
    """The scale of the reduced loss, from the scales of its terms."""
    return {"none": scale, "sum": scale.sum(), "mean": scale.mean()}[
        drawn.reduction]


def weighted(drawn):
    """The upstream gradient of each term of the reduced loss."""
    n = drawn.target.numel() if drawn.reduction == "mean" else 1
    return drawn.upstream / n


@given(by_entry(ORDINARY, ORDINARY))
@example(entries([1.0, 2.0], [0.0, 0.0], reduction="mean"))
def test_mse_loss(drawn):
    """Squared error: one difference, one product and n sums round."""
    value, grad, ref_value, ref_grad = both("mse_loss", drawn)
    difference, n = drawn.x - drawn.target, drawn.x.numel()
    close(value, ref_value, 2 + n, total(difference ** 2, drawn))
    close(grad, ref_grad, 4, 2 * difference * weighted(drawn))


@given(by_entry(WHOLE, WHOLE))
def test_mse_loss_special_values(drawn):
    """Infinities and NaN come out where torch has them."""
    drawn = Problem(drawn.x, drawn.target, torch.ones(()).to(drawn.x))
    value, grad, ref_value, ref_grad = both("mse_loss", drawn)
    same(value, ref_value)
    same(grad, ref_grad)


@given(by_entry(UNIT, UNIT) | by_entry(UNIT, LABELS))
@example(entries([0.0], [1.0]))
@example(entries([0.0], [1.0], torch.float64))
def test_binary_cross_entropy(drawn):
    """From probabilities in [0, 1], the loss agrees within 4 eps.

    At p = 0 or 1 both sides have the loss 100 for a wrong label, and
    1e12 for its slope. Torch stores the divisor 1e-12 in float32, with a
    relative error of 4e-9.
    """
    p, y = drawn.x, drawn.target
    value, grad, ref_value, ref_grad = both("binary_cross_entropy", drawn)
    scale = (y * p.log().clamp(min=-100)).abs() + (
        (1 - y) * (-p).log1p().clamp(min=-100)).abs()
    close(value, ref_value, 4 + p.numel(), total(scale, drawn))
    eps = torch.finfo(p.dtype).eps
    count = torch.where((1 - p) * p > 1e-12, 6, 6 + 4.1e-9 / eps)
    # Torch divides last: the error of a denormal p - y grows 1e12 times.
    lost = 1e12 * torch.finfo(p.dtype).tiny
    close(grad, ref_grad, count, ref_grad.abs() + lost)


@given(by_entry(FINITE, UNIT, SUMMABLE) | by_entry(MODERATE, LABELS))
@example(entries([0.0, 100.0], [0.0, 0.0]))
@example(entries([0.0, 100.0], [0.0, 0.0], torch.float64))
def test_binary_cross_entropy_with_logits(drawn):
    """From logits, value and gradient agree within a few eps.

    Torch computes x - log(sigmoid(x)), and rounds at the size of x.
    """
    value, grad, ref_value, ref_grad = both(
        "binary_cross_entropy_with_logits", drawn)
    n = drawn.x.numel()
    close(value, ref_value, 4 + n, total(drawn.x.abs() + 1, drawn))
    close(grad, ref_grad, 6, weighted(drawn))


@pytest.mark.parametrize("dtype", FLOATS)
def test_logits_beyond_torch(dtype):
    """Where torch's loss from logits is wrong, ours is correct.

    For y = 0 and x from -80 to -17 the loss is log(1 + exp(x)), for which
    torch has 0 in float32. For infinite logits torch has NaN.
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


@given(by_row(FINITE, SUMMABLE))
def test_nll_loss(drawn):
    """nll_loss only selects: equal to the bit, or n eps for a sum."""
    value, grad, ref_value, ref_grad = both("nll_loss", drawn)
    picked = drawn.x.gather(1, drawn.target[:, None]).abs()
    count = 0 if drawn.reduction == "none" else len(drawn.target)
    close(value, ref_value, count, total(picked[:, 0], drawn))
    close(grad, ref_grad, 2, ref_grad)


def some_ruled_out(draw, n):
    """Logits, some of them -inf: impossible classes."""
    logits = signed(-8, 4)(draw, n)
    logits[::16] = -torch.inf
    return logits


LOGITS = Table(SIMPLE, some_ruled_out)


@given(by_row(LOGITS) | by_row(MODERATE), st.just(0.0) | st.floats(0, 1))
@example(Problem(torch.tensor([[1.0, 0.0]]), torch.tensor([0]),
                 torch.ones(1)), 0.5)
def test_cross_entropy(drawn, smoothing):
    """Cross-entropy agrees within a few eps of the largest logit.

    A logit of -inf rules a class out, which is fine unless the label or
    the smoothing asks for that class.
    """
    value, grad, ref_value, ref_grad = both("cross_entropy", drawn, smoothing)
    x, (n, classes) = drawn.x, drawn.x.shape
    largest = torch.where(x.isfinite(), x, 0).abs().amax(1).clamp(min=1)
    close(value, ref_value, 8 + 2 * classes + n, total(largest, drawn))
    close(grad, ref_grad, 8 + 4 * classes, weighted(drawn).abs().max())


def test_a_class_that_is_ruled_out():
    """A logit of -inf costs nothing, unless smoothing asks for it."""
    x, y = torch.tensor([[0.0, -torch.inf]]), torch.tensor([0])
    for side in SIDES:
        assert side.cross_entropy(x, y) == 0
        assert side.cross_entropy(x, y, label_smoothing=0.5) == torch.inf
        # With smoothing 1 every class counts alike: log 4.
        whole = side.cross_entropy(torch.zeros(1, 4), y,
                                   label_smoothing=1.0)
        assert whole == pytest.approx(1.3862944)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)),
                min_size=1, max_size=6))
@example([(0, 0), (0, 1)])
def test_accuracy(pairs):
    """The fraction of equal labels is torch's, and what counting gives."""
    a, b = zip(*pairs)
    count = sum(x == y for x, y in pairs)
    for side in SIDES:
        share = side.accuracy(torch.tensor(a), torch.tensor(b))
        assert isinstance(share, float) and share == count / len(pairs)


@pytest.mark.parametrize("side", SIDES)
class TestBadInput:
    """Each mistake raises an error that says what was passed."""

    def test_shapes_that_would_broadcast(self, side):
        """(200, 1) and (200,) are rejected, in either order."""
        column, row = torch.full((200, 1), 0.5), torch.full((200,), 0.5)
        for name in *BY_ENTRY, "accuracy":
            for pair in (column, row), (row, column), (row, row[:1]):
                with pytest.raises(ValueError, match=r"\(200,"):
                    getattr(side, name)(*pair)

    def test_labels_of_other_shapes(self, side):
        """Labels must be one per row of logits, in one dimension."""
        x = torch.zeros(3, 4)
        for name in BY_ROW:
            for y in (torch.zeros(2), torch.zeros(3, 1), torch.zeros(3, 4)):
                with pytest.raises(ValueError, match=r"\(3, 4\)"):
                    getattr(side, name)(x, y.long())
            for logits in x[:, 0], x[:, :, None]:
                with pytest.raises(ValueError, match=r"\(3,"):
                    getattr(side, name)(logits, torch.zeros(3).long())

    def test_labels_outside_the_classes(self, side):
        """-1, -100 (which torch ignores), 4 and 7 of 4 are rejected."""
        x = torch.zeros(3, 4)
        for name in BY_ROW:
            for label in -1, -100, 4, 7:
                with pytest.raises(IndexError, match=f"3, got {label}"):
                    getattr(side, name)(x, torch.tensor([0, label, 1]))
            with pytest.raises(RuntimeError, match="torch.float32"):
                getattr(side, name)(x, torch.zeros(3))

    def test_outside_the_unit_interval(self, side):
        """-0.5, 2 and NaN are rejected; the message names the first."""
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
        """The mean of an empty batch raises; its sum is 0."""
        rows, labels = torch.zeros(0, 3), torch.zeros(0).long()
        for name in BY_ENTRY + BY_ROW:
            loss, y = getattr(side, name), labels if name in BY_ROW else rows
            with pytest.raises(ValueError, match="empty"):
                loss(rows, y)
            assert loss(rows, y, reduction="sum") == 0
            assert loss(rows, y, reduction="none").numel() == 0
        with pytest.raises(ValueError, match="empty"):
            side.accuracy(labels, labels)

    def test_unknown_reduction(self, side):
        """An unknown reduction raises and is named."""
        half, label = torch.full((1, 2), 0.5), torch.tensor([0])
        for name in BY_ENTRY + BY_ROW:
            y = label if name in BY_ROW else half
            with pytest.raises(ValueError, match="average"):
                getattr(side, name)(half, y, reduction="average")


def test_table_has_the_ends():
    """The table UNIT contains both ends, 0 and 1, where bugs hide."""
    for seed in range(10):
        values = UNIT.values(seed)
        assert {0.0, 1.0} <= set(values.tolist()) and len(values) == 256
        assert 0 <= values.min() and values.max() <= 1
    assert not torch.equal(UNIT.values(0), UNIT.values(1))
