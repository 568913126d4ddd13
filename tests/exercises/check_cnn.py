"""Checks of the exercises of docs/cnn.md."""

import dataclasses

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

import scratch.cnn as by_hand
import torch_ref.cnn as by_torch
from scratch.data import digits
from tests.compare.closeness import close, same
from tests.compare.draw import generators
from tests.compare.trainings import cast

SMALL = {"channels": (3, 4), "size": 8}


def small_images(n):
    """Digits of 8 x 8 pixels, in float64."""
    x, y = digits()
    return x[:n].double().reshape(n, 1, 8, 8), y[:n]


def a_model(side, seed=1):
    return cast(side.CNN(0.3, 0.3, seed, **SMALL), torch.float64)


@given(st.integers(0, 300), generators())
def test_confusion(n, seed):
    """The table is scikit-learn's, also for classes without images."""
    # at least one image: there must be something to classify
    x, y = small_images(n + 1)
    model = a_model(by_hand, seed)
    table = by_hand.confusion(model, x, y)
    assert table.dtype == torch.int64
    expected = confusion_matrix(
        y.tolist(), by_hand.classify(model, x).tolist(),
        labels=range(10))
    assert table.tolist() == expected.tolist()


@given(st.integers(1, 20), generators())
def test_saliency(n, seed):
    """It is autograd's by torch; no other gradient changes."""
    x, _ = small_images(n)
    hand, ref = a_model(by_hand, seed), a_model(by_torch, seed)
    for p in hand.parameters():
        p.grad = torch.ones_like(p)
    before = x.clone()
    found = by_hand.saliency(hand, x)
    same(x, before)
    assert x.grad is None and not x.requires_grad
    for p in hand.parameters():
        same(p.grad, torch.ones_like(p))
    before.requires_grad_()
    expected, = torch.autograd.grad(ref(before).amax(dim=1).sum(), before)
    close(found, expected.abs(), 200, expected.abs().max())


@pytest.mark.parametrize("decay", [0.1, 0.0])
@pytest.mark.parametrize("name", by_hand.RECIPES)
def test_weight_decay(name, decay):
    """With both recipes every step is AdamW's, up to rounding error.

    The test uses float64. Adam divides a gradient by its size, but not
    by less than 1e-8: a rounding error of n eps grows to at most
    n eps / 1e-8 learning rates.
    """
    x, y = small_images(22)
    recipe = dataclasses.replace(by_hand.RECIPES[name], batch_size=8,
                                 weight_decay=decay)
    model = a_model(by_torch)
    training = by_hand.Training(a_model(by_hand), x, y, recipe, 2, seed=5)
    optimizer = torch.optim.AdamW(model.parameters(), recipe.lr,
                                  recipe.betas, weight_decay=decay)
    generator = torch.Generator().manual_seed(5)
    losses = iter(training)
    step = 0
    for _epoch in range(2):
        for rows in torch.randperm(22, generator=generator).split(8):
            group = training.optimizer.param_groups[0]
            optimizer.param_groups[0]["lr"] = group["lr"]
            optimizer.zero_grad()
            loss = F.cross_entropy(
                model(x[rows]), y[rows],
                label_smoothing=recipe.label_smoothing)
            loss.backward()
            optimizer.step()
            step += 1
            assert abs(next(losses) - loss.item()) < 1e-9
            for p, q in zip(training.model.parameters(),
                            model.parameters(), strict=True):
                assert (p - q).abs().max() <= (
                    step * recipe.lr * 22 * 2.3e-16 / 1e-8)
    assert next(losses, None) is None
