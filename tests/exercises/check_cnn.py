"""Checks of the exercises of docs/cnn.md."""

import dataclasses

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

import torch_ref.cnn as by_torch
from scratch.front_door.cnn.images import read
from tests.compare.closeness import same
from tests.compare.draw import generators


def test_pool_first(monkeypatch):
    """The logits do not change, and relu gets a quarter of the entries."""
    sizes = []

    def relu(x, inplace=False):
        sizes.append(tuple(x.shape))
        return x.clamp(min=0)

    x = read("digits", None, 0)[0][:8]
    model = by_torch.CNN(0.3, 0.3, 1)
    z = (x - model.mean) / model.std
    for layer in model.conv1, model.conv2:
        z = F.max_pool2d(F.relu(layer(z)), 2)
    expected = model.linear(z.flatten(1))
    monkeypatch.setattr(by_torch.F, "relu", relu)
    same(model(x).detach(), expected.detach())
    assert sizes == [(8, 16, 14, 14), (8, 32, 7, 7)]


@given(st.integers(0, 300), generators())
def test_confusion(n, seed):
    """The table is scikit-learn's, also for classes without images."""
    x, _, y, _ = read("digits", None, 0)
    model = by_torch.CNN(0.3, 0.3, seed)
    # at least one image: there must be something to classify
    x, y = x[:n + 1], y[:n + 1]
    table = by_torch.confusion(model, x, y)
    assert table.dtype == torch.int64
    expected = confusion_matrix(
        y.tolist(), by_torch.classify(model, x).tolist(),
        labels=range(10))
    assert table.tolist() == expected.tolist()


@pytest.mark.parametrize("decay", [0.1, 0.0])
@pytest.mark.parametrize("name", by_torch.RECIPES)
def test_weight_decay(name, decay):
    """With both recipes every step is AdamW's, up to rounding error.

    The test uses float64. Adam divides a gradient by its size, but not
    by less than 1e-8: a rounding error of n eps grows to at most
    n eps / 1e-8 learning rates.
    """
    x, _, y, _ = read("digits", None, 0)
    x, y = x[:22].double(), y[:22]
    recipe = dataclasses.replace(by_torch.RECIPES[name], batch_size=8,
                                 weight_decay=decay)
    model = by_torch.CNN(0.3, 0.3, 1).double()
    training = by_torch.Training(by_torch.CNN(0.3, 0.3, 1).double(), x, y,
                                 recipe, 2, seed=5)
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
