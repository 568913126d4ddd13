"""Checks of the exercises of docs/softmax_regression.md."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim.lr_scheduler import CosineAnnealingLR

import scratch.softmax_regression as by_hand
import torch_ref.data
import torch_ref.losses
import torch_ref.optim
import torch_ref.softmax_regression as by_torch
from tests.compare.draw import generators
from tests.compare.trainings import cast, compare_trainings


def torch_loop(model, x, y, epochs, seed, cosine=False, **options):
    """torch's mini-batch SGD, with options that `train` lacks."""
    optimizer = torch_ref.optim.SGD(model.parameters(), lr=0.1)
    scheduler = CosineAnnealingLR(optimizer, epochs)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows, labels in torch_ref.data.batches(
                x, y, batch_size=4, shuffle=True, generator=generator):
            loss = torch_ref.losses.cross_entropy(
                model(rows), labels, **options)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield loss.item()
        if cosine:
            scheduler.step()


def problem(seed):
    """Both models at 0, ten rows and labels of three classes, in float64."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(10, 2, dtype=torch.float64, generator=generator)
    y = torch.randint(3, (10,), generator=generator)
    pair = (by_hand.SoftmaxRegression(2, 3),
            by_torch.SoftmaxRegression(2, 3))
    for model in pair:
        cast(model, torch.float64)
    return *pair, x, y


@given(seed=generators(), smoothing=st.sampled_from([0.1, 0.5, 0.0, 1.0]))
def test_label_smoothing(seed, smoothing):
    """train(..., label_smoothing=e) is torch's loss with that option.

    The bound is that of test_training: a logit sums a few products
    below 10.
    """
    hand, ref, x, y = problem(seed)
    compare_trainings(
        hand, by_hand.train(hand, x, y, 0.1, 3, 4, generator=seed,
                            label_smoothing=smoothing),
        ref, torch_loop(ref, x, y, 3, seed, label_smoothing=smoothing),
        count=32, scale=100.0)


@given(seed=generators(), k=st.integers(1, 6))
def test_top_accuracy(seed, k):
    """The fraction of rows whose label is among torch.topk's k classes."""
    generator = torch.Generator().manual_seed(seed)
    model = by_hand.SoftmaxRegression(4, 6)
    for p in model.parameters():
        p.data = torch.randn(p.shape, dtype=torch.float64,
                             generator=generator)
    x = torch.randn(30, 4, dtype=torch.float64, generator=generator)
    y = torch.randint(6, (30,), generator=generator)
    best = model(x).topk(k, dim=1).indices
    share = (best == y[:, None]).any(dim=1).double().mean().item()
    found = by_hand.top_accuracy(model, x, y, k=k)
    assert isinstance(found, float)
    # With 30 rows, two different fractions are at least 1/30 apart.
    assert abs(found - share) < 1e-9
    if k == 5:
        assert by_hand.top_accuracy(model, x, y) == found


@given(seed=generators(), epochs=st.integers(1, 6))
def test_cosine(seed, epochs):
    """train(..., cosine=True) is SGD under torch's CosineAnnealingLR.

    torch computes each learning rate from the one before. That adds a
    few rounding errors relative to 0.1 per epoch, within the bound of
    test_training.
    """
    hand, ref, x, y = problem(seed)
    compare_trainings(
        hand, by_hand.train(hand, x, y, 0.1, epochs, 4, generator=seed,
                            cosine=True),
        ref, torch_loop(ref, x, y, epochs, seed, cosine=True),
        count=32, scale=100.0)
