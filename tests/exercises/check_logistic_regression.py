"""Checks of the exercises of docs/logistic_regression.md."""

import math

import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression as Referee

import scratch.logistic_regression as by_hand
import scratch.losses
import torch_ref.logistic_regression as by_torch
import torch_ref.losses
import torch_ref.optim
from scratch.data import blobs
from tests.compare.draw import generators
from tests.compare.trainings import cast, compare_trainings


def torch_loop(model, loss_function, x, y, epochs, **options):
    """torch's SGD, with options that `train` lacks."""
    optimizer = torch_ref.optim.SGD(model.parameters(), **options)
    for _ in range(epochs):
        loss = loss_function(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()


def models():
    """The model by hand and the one by torch, in float64."""
    pair = by_hand.LogisticRegression(), by_torch.LogisticRegression()
    for model in pair:
        cast(model, torch.float64)
    return pair


def problem(seed):
    """Two clouds and the column of their labels, in float64."""
    x, labels = blobs(20, generator=seed)
    return x.double(), labels[:, None].double()


@given(seed=generators(),
       loss=st.sampled_from(["mse_loss", "binary_cross_entropy"]),
       momentum=st.sampled_from([0.9, 0.5]))
def test_nesterov(seed, loss, momentum):
    """train(..., nesterov=True) is torch's SGD with that option.

    A step of lr 0.01 rounds a few numbers below 10. The cross-entropy
    divides by p (1 - p), hence 1e3 as in test_training.
    """
    x, y = problem(seed)
    hand, ref = models()
    compare_trainings(
        hand, by_hand.train(hand, getattr(scratch.losses, loss), x, y,
                            0.01, momentum, 20, nesterov=True),
        ref, torch_loop(ref, getattr(torch_ref.losses, loss), x, y, 20,
                        lr=0.01, momentum=momentum, nesterov=True),
        count=1e3, scale=10.0)


@given(generators())
def test_row_weights(seed):
    """train(..., weight=w) is torch's cross-entropy with that option.

    The bound is that of test_nesterov, times the largest weight, 3.
    """
    x, y = problem(seed)
    weight = 3 * torch.rand(len(x), 1, dtype=torch.float64,
                            generator=torch.Generator().manual_seed(seed))
    hand, ref = models()
    compare_trainings(
        hand, by_hand.train(
            hand, scratch.losses.binary_cross_entropy, x, y, 0.01,
            epochs=20, weight=weight),
        ref, torch_loop(
            ref, lambda p, y: F.binary_cross_entropy(p, y, weight), x, y,
            20, lr=0.01, momentum=0.9),
        count=3e3, scale=10.0)


@given(generators())
def test_newton(seed):
    """Ten steps from 0 reach scikit-learn's solution.

    The labels are random, so that no line separates them and the best w
    is finite. scikit-learn stops at a gradient of 1e-8.
    """
    x, _ = blobs(100, generator=seed)
    x = x.double()
    y = torch.randint(2, (200, 1), dtype=torch.float64,
                      generator=torch.Generator().manual_seed(seed))
    model, _ = models()
    losses = list(by_hand.newton(model, x, y))
    assert len(losses) == 10 and abs(losses[0] - math.log(2)) < 1e-12
    referee = Referee(C=math.inf, tol=1e-8, max_iter=1000).fit(x, y[:, 0])
    w, b = model.parameters()
    assert (w.detach() - torch.tensor(referee.coef_)).abs().max() < 1e-5
    assert abs(b.item() - referee.intercept_.item()) < 1e-5
    # At the end only rounding errors are left.
    assert abs(losses[-1] - losses[-2]) < 1e-12
