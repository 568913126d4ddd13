"""Trainings converge to the results of scikit-learn and NumPy.

To compare the wings is not enough: both could be wrong in the same way.
"""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import linear_model
from sklearn.preprocessing import StandardScaler
from torch import Tensor

import scratch.data
import scratch.linear_regression
import scratch.logistic_regression
import scratch.losses
import scratch.normalization
import scratch.softmax_regression
import torch_ref.data
import torch_ref.linear_regression
import torch_ref.logistic_regression
import torch_ref.losses
import torch_ref.normalization
import torch_ref.softmax_regression
from tests.compare.closeness import close
from tests.compare.draw import MODERATE, tensors
from tests.compare.normalised import problems
from tests.compare.trainings import cast

WINGS = (scratch, torch_ref)


def clouds(classes):
    """Points that no line separates: the optimal weights are finite."""
    generator = torch.Generator().manual_seed(3)
    y = torch.arange(60 * classes) % classes
    x = torch.randn(len(y), 2, generator=generator, dtype=torch.float64)
    x[:, 0] += y * 0.7
    x[:, 1] += y % 2
    return scratch.data.standardize(x, x), y


@pytest.mark.parametrize("wing", WINGS)
def test_softmax_regression(wing):
    """Training converges to scikit-learn's weights and probabilities."""
    x, y = clouds(3)
    reference = linear_model.LogisticRegression(
        C=np.inf, tol=1e-12, max_iter=1000)
    reference.fit(x, y)
    model = wing.softmax_regression.SoftmaxRegression(2, 3)
    cast(model, torch.float64)
    list(wing.softmax_regression.train(model, x, y, lr=2.0, epochs=800,
                                       batch_size=len(x)))
    w, b = (p.detach() for p in model.parameters())
    # A constant added to all classes changes nothing: subtract it.
    expected = reference.coef_ - reference.coef_.mean(0)
    assert (w - w.mean(0) - torch.from_numpy(expected)).abs().max() < 1e-6
    probabilities = torch.softmax(x @ w.T + b, 1)
    truth = torch.from_numpy(reference.predict_proba(x))
    assert (probabilities - truth).abs().max() < 1e-6


@pytest.mark.parametrize("wing", WINGS)
def test_logistic_regression(wing):
    """Training converges to scikit-learn's weights and intercept."""
    x, y = clouds(2)
    reference = linear_model.LogisticRegression(
        C=np.inf, tol=1e-12, max_iter=1000)
    reference.fit(x, y)
    model = wing.logistic_regression.LogisticRegression(2)
    cast(model, torch.float64)
    list(wing.logistic_regression.train(
        model, wing.losses.binary_cross_entropy, x, y[:, None].double(),
        lr=0.5, epochs=500))
    w, b = (p.detach() for p in model.parameters())
    assert (w - torch.from_numpy(reference.coef_)).abs().max() < 1e-6
    assert (b - torch.from_numpy(reference.intercept_)).abs().max() < 1e-6


@pytest.mark.parametrize("wing", WINGS)
@settings(max_examples=settings().max_examples // 10)
@given(seed=st.integers(0, 1000), features=st.integers(1, 4))
def test_linear_regression(wing, seed, features):
    """Training converges to NumPy's least-squares weights."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(40, features, generator=generator).double()
    x = scratch.data.standardize(x, x)
    y = x.sum(1, keepdim=True) + 5 + torch.randn(
        40, 1, generator=generator).double()
    table = torch.cat([x, torch.ones(40, 1)], 1).numpy(force=True)
    truth, *_ = np.linalg.lstsq(table, y.numpy(force=True))
    model = wing.linear_regression.LinearRegression(features)
    cast(model, torch.float64)
    list(wing.linear_regression.train(model, x, y, lr=0.5, steps=300,
                                      stop=-1.0))
    found = torch.cat([p.detach().flatten() for p in model.parameters()])
    assert (found - torch.from_numpy(truth[:, 0])).abs().max() < 1e-9


@dataclass
class Tables:
    """x (m, columns) and the reference (n, columns) that scales it."""

    x: Tensor
    reference: Tensor


@st.composite
def tables(draw):
    """Up to 6 rows each, and up to 6 columns."""
    m, n, columns = draw(st.tuples(*[st.integers(1, 6)] * 3))
    return Tables(draw(tensors((m, columns), torch.float64, MODERATE)),
                  draw(tensors((n, columns), torch.float64, MODERATE)))


@given(tables())
def test_standardize(drawn):
    """standardize equals StandardScaler, fitted to the reference.

    Both divide a constant column by 1. The mean of n rows is accurate
    to n eps of the largest entry; dividing by the standard deviation
    scales this error.
    """
    x, reference = drawn.x, drawn.reference
    n = len(reference)
    scaler = StandardScaler().fit(reference.numpy(force=True))
    truth = torch.from_numpy(scaler.transform(x.numpy(force=True)))
    largest = torch.cat([x, reference]).abs().amax(0)
    constant = (reference == reference[0]).all(0)
    std = torch.where(constant, 1, reference.std(0, correction=0))
    scale = largest / std * (1 + largest / std)
    for wing in WINGS:
        close(wing.data.standardize(x, reference), truth, 4 * n + 4,
              scale)


@given(problem=problems())
def test_batch_norm(problem):
    """batch_norm is StandardScaler with eps = 0, by hand as by torch.

    eps = 1e-30 is nothing beside the variance, unless the channel is
    constant but for rounding errors.
    """
    x = problem.input.double()
    x = x.movedim(1, -1).reshape(-1, x.shape[1])
    table = x.numpy(force=True)
    scaler = StandardScaler().fit(table)
    std = torch.from_numpy(np.sqrt(scaler.var_))
    reach = x.abs().amax(dim=0)
    varied = std > 1e-8 * reach
    expected = torch.from_numpy(scaler.transform(table))
    for wing in WINGS:
        mean, var = torch.zeros(2, x.shape[1]).double()
        y = wing.normalization.batch_norm(x, mean, var, training=True,
                                          momentum=1.0, eps=1e-30)
        close(y[:, varied], expected[:, varied], 4,
              (expected.abs() + reach / std)[:, varied])
        close(mean, torch.from_numpy(scaler.mean_), 4, reach)
