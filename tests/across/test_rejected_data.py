"""Rule 11: what both sides reject in data, and as sizes of models."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from scratch.front_door.lesson import WINGS
from tests.compare.closeness import same

X, Y = torch.arange(8.0).reshape(4, 2), torch.arange(4)
NO_INTEGERS: tuple[Any, ...] = (
    True, 2.0, "2", None, [2], torch.tensor(2.0), np.float64(2))
NO_NUMBERS: tuple[Any, ...] = (
    True, "0.5", None, [0.5], torch.tensor(0.5), 1j)


def both(error, words, call):
    """Check that call(wing) raises on both sides, with these words."""
    for wing in WINGS:
        with pytest.raises(error, match=words):
            call(wing)


@pytest.mark.parametrize("name", ["line", "parabola", "blobs"])
def test_sizes_and_seeds(name):
    """Integers, NumPy's too; a size is at least 1, a seed at least 0."""
    def made(wing, **options):
        return getattr(wing.data, name)(**options)

    for value in NO_INTEGERS:
        both(TypeError, "^size must be an integer",
             lambda wing: made(wing, size=value))
        both(TypeError, "^generator must be an integer",
             lambda wing: made(wing, generator=value))
    both(ValueError, "^size must be at least 1, got 0",
         lambda wing: made(wing, size=0))
    both(ValueError, "^generator must be at least 0, got -1",
         lambda wing: made(wing, generator=-1))
    both(ValueError, "^generator must be below",
         lambda wing: made(wing, generator=2 ** 64))
    for wing in WINGS:
        for a, b in zip(made(wing, size=3, generator=5),
                        made(wing, size=np.int64(3), generator=np.uint8(5))):
            same(a, b)


@pytest.mark.parametrize("option", ["uniform", "normal"])
def test_noise(option):
    """The factor of the noise is a number, at least 0."""
    for value in NO_NUMBERS:
        both(TypeError, f"^{option} must be a number",
             lambda wing: wing.data.parabola(**{option: value}))
    for value in -0.1, torch.nan, -torch.inf:
        both(ValueError, f"^{option} must be at least 0",
             lambda wing: wing.data.parabola(**{option: value}))


def test_the_size_of_a_test_set():
    """test_size is a number; each set has at least one row."""
    for value in NO_NUMBERS:
        both(TypeError, "^test_size must be a number",
             lambda wing: wing.data.train_test_split(X, Y, value))
    for value in -0.1, torch.nan, -1, 0, 0.1, 0.9, 1, 1.5, torch.inf:
        both(ValueError, "^test_size must",
             lambda wing: wing.data.train_test_split(X, Y, value))
    for fraction in Fraction(1, 4), np.float64(0.25), np.float32(0.25):
        for wing in WINGS:
            split = wing.data.train_test_split(X, Y, fraction)
            for a, b in zip(split, wing.data.train_test_split(X, Y, 0.25)):
                same(a, b)
    for value in (True, None, 1.5):
        both(TypeError, "^generator must be an integer",
             lambda wing: wing.data.train_test_split(X, Y, 0.5, value))


@pytest.mark.parametrize("value, error", [
    (X.tolist(), TypeError), (np.ones((4, 2)), TypeError), (3, TypeError),
    (None, TypeError), (torch.tensor(1.0), TypeError),
    (X[:3], ValueError), (X[:0], ValueError)])
def test_tables(value, error):
    """Tensors with as many rows, no lists, arrays or single numbers."""
    for tables in (value, Y), (Y, value):
        both(error, None,
             lambda wing: wing.data.train_test_split(*tables))
        both(error, None,
             lambda wing: wing.data.batches(*tables, batch_size=2))


def test_batches():
    """batch_size is an integer; what shuffles is a torch.Generator."""
    for value in NO_INTEGERS:
        both(TypeError, "^batch_size must be an integer",
             lambda wing: wing.data.batches(X, batch_size=value))
    for value in 0, -1, np.int64(0):
        both(ValueError, "^batch_size must be at least 1",
             lambda wing: wing.data.batches(X, batch_size=value))
    for value in 0, "0", 1.5, True:
        for shuffle in True, False:
            both(TypeError, None, lambda wing: wing.data.batches(
                X, batch_size=2, shuffle=shuffle, generator=value))
    for wing in WINGS:
        for batch_size in np.int64(3), np.uint8(3), 3:
            rows, rest = wing.data.batches(X, batch_size=batch_size)
            same(torch.cat([*rows, *rest]), X)


@pytest.mark.parametrize("model, option, given", [
    ("linear_regression.LinearRegression", "features", {}),
    ("logistic_regression.LogisticRegression", "features", {}),
    ("softmax_regression.SoftmaxRegression", "features", {}),
    ("softmax_regression.SoftmaxRegression", "classes", {"features": 2}),
    ("mlp.MLP", "widths", {})])
def test_sizes_of_models(model, option, given):
    """Features, classes and widths are integers, at least 1."""
    topic, name = model.split(".")
    for wing in WINGS:
        build = getattr(getattr(wing, topic), name)

        def built(value):
            return build(**given, **{
                option: [2, value, 1] if option == "widths" else value})

        for value in NO_INTEGERS:
            with pytest.raises(TypeError, match=f"^{option} must be an int"):
                built(value)
        for value in 0, -1, np.int64(0):
            with pytest.raises(ValueError, match=f"^{option} must be at l"):
                built(value)
        for p, q in zip(built(np.int64(3)).parameters(),
                        built(3).parameters(), strict=True):
            same(p.detach(), q.detach())
