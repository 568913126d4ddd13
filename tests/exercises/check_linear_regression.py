"""Checks of the exercises of docs/linear_regression.md."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression as Referee

import scratch.linear_regression as by_hand
import torch_ref.linear_regression as by_torch
import torch_ref.losses
import torch_ref.optim
from scratch.data import line
from tests.compare.draw import generators
from tests.compare.trainings import compare_trainings


def plain_loop(model, x, y, lr, steps, **options):
    """torch's SGD, with options that the lecture's loop lacks."""
    optimizer = torch_ref.optim.SGD(model.parameters(), lr, **options)
    for _ in range(steps):
        loss = 0.5 * torch_ref.losses.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()


@given(seed=generators(), decay=st.sampled_from([0.1, 0.5, 0.0]))
def test_weight_decay(seed, decay):
    """train(..., weight_decay=d) is torch's SGD with that option."""
    x, y = line(20, generator=seed)
    hand, ref = by_hand.LinearRegression(), by_torch.LinearRegression()
    compare_trainings(
        hand, by_hand.train(hand, x, y, 0.01, 20, -1.0,
                            weight_decay=decay),
        ref, plain_loop(ref, x, y, 0.01, 20, weight_decay=decay),
        count=32, scale=1e3)


@given(generators())
def test_without_bias(seed):
    """For a line through the origin, the slope is scikit-learn's."""
    x, _ = line(20, generator=seed)
    y = 3 * x
    model = by_hand.LinearRegression(bias=False)
    assert len(list(model.parameters())) == 1
    for _ in range(200):
        loss = (model(x) - y).square().mean()
        loss.backward()
        w, = model.parameters()
        w.data.sub_(w.grad, alpha=0.01)
        w.grad = None
    slope = Referee(fit_intercept=False).fit(x, y).coef_.item()
    assert abs(w.item() - slope) < 1e-4


@given(generators())
def test_best_line(seed):
    """solve(x, y) is scikit-learn's line."""
    x, y = line(20, generator=seed)
    x, y = torch.cat([x, x.sin()], dim=1).double(), y.double()
    w, b = by_hand.solve(x, y)
    referee = Referee().fit(x, y)
    assert w.shape == (1, 2) and b.shape == (1,)
    assert (w - torch.from_numpy(referee.coef_)).abs().max() < 1e-9
    assert abs(b.item() - referee.intercept_.item()) < 1e-9
