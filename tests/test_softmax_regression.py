"""Softmax regression: the same trajectory, batch by batch."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.softmax_regression as by_hand
import torch_ref.softmax_regression as by_torch
from scratch.data import digits, train_test_split
from tests.compare.closeness import close, same
from tests.compare.draw import MODERATE, dtypes, generators, tensors
from tests.compare.trainings import hold_together


@given(st.data(), dtypes(), generators(), st.integers(1, 9),
       st.integers(1, 4), st.integers(1, 4), st.integers(1, 5),
       st.integers(1, 3))
def test_training(data, dtype, seed, n, features, classes, batch_size,
                  epochs):
    """W, b and the loss are torch's after every step of every epoch.

    Partial batches included. A logit sums a few products of 10 by the
    weights; its rounding moves a probability by as much.
    """
    x = data.draw(tensors((n, features), dtype, MODERATE))
    y = torch.tensor(data.draw(st.lists(
        st.integers(0, classes - 1), min_size=n, max_size=n)))
    lr = data.draw(st.sampled_from([0.1, 0.5, 0.01]))
    gamma = data.draw(st.sampled_from([1.0, 0.5]))
    hand = by_hand.SoftmaxRegression(features, classes)
    ref = by_torch.SoftmaxRegression(features, classes)
    start = [data.draw(tensors(p.shape, dtype, MODERATE))
             for p in hand.parameters()]
    for p, q, value in zip(hand.parameters(), ref.parameters(), start):
        p.data, q.data = value.clone(), value.clone()
    options = {"lr": lr, "epochs": epochs, "batch_size": batch_size,
               "gamma": gamma}
    losses = hold_together(
        hand, by_hand.train(hand, x, y, generator=seed, **options),
        ref, by_torch.train(ref, x, y, generator=seed, **options),
        count=32, scale=100.0)
    assert len(losses) == epochs * -(-n // batch_size)
    loss, accuracy = by_hand.evaluate(hand, x, y)
    ref_loss, ref_accuracy = by_torch.evaluate(ref, x, y)
    close(torch.tensor(loss, dtype=dtype),
          torch.tensor(ref_loss, dtype=dtype), 32 * (len(losses) + 1),
          max(losses) + 100)
    labels = by_hand.classify(hand, x)
    assert labels.shape == (n,) and labels.dtype == torch.int64
    assert accuracy == (labels == y).double().mean().item()
    # Two classes of equal probability may be told apart by a rounding.
    top = torch.softmax(ref(x).detach(), 1).topk(min(2, classes)).values
    if ((top[:, 0] - top[:, -1]) > 1e-3).all() or classes == 1:
        same(labels, by_torch.classify(ref, x))
        assert accuracy == ref_accuracy


def test_digits_epoch_by_epoch():
    """Loss and accuracy on both parts, per epoch, as torch's.

    Three epochs already read 9 of 10 digits that were not shown.
    """
    x, x_test, y, y_test = train_test_split(*digits(), generator=0)
    sides = [(side, side.SoftmaxRegression()) for side in (by_hand,
                                                           by_torch)]
    generators = [torch.Generator().manual_seed(0) for _ in sides]
    before = 3.0
    for _ in range(3):
        history = []
        for (side, model), generator in zip(sides, generators):
            list(side.train(model, x, y, epochs=1, generator=generator))
            history.append([*side.evaluate(model, x, y),
                            *side.evaluate(model, x_test, y_test)])
        hand, ref = torch.tensor(history, dtype=torch.float64)
        assert (hand - ref).abs().max() < 1e-4
        loss, accuracy, test_loss, test_accuracy = hand.tolist()
        assert loss < before
        before = loss
    assert accuracy > 0.9 and test_accuracy > 0.9 and test_loss < 0.6


@pytest.mark.parametrize("side", [by_hand, by_torch])
def test_bad_input(side):
    """Labels beyond the classes, and no rows, are refused."""
    model = side.SoftmaxRegression(2, 3)
    x = torch.zeros(4, 2)
    with pytest.raises(IndexError, match="0 to 2, given 3"):
        list(side.train(model, x, torch.full((4,), 3)))
    with pytest.raises(ValueError, match=r"\[0, 0\]"):
        list(side.train(model, x[:0], torch.zeros(0).long()))
    with pytest.raises(ValueError, match="empty"):
        side.evaluate(model, x[:0], torch.zeros(0).long())
    assert [tuple(p.shape) for p in model.parameters()] == [(3, 2), (3,)]
    assert all(p.eq(0).all() for p in model.parameters())
