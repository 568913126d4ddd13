"""Data: the same points, tables, splits and batches on both sides."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_digits

import scratch.data as by_hand
import torch_ref.data as by_torch
from tests.compare.closeness import close, same
from tests.compare.draw import FLOATS, MODERATE, dtypes, generators, tensors

SIDES = (by_hand, by_torch)
sizes = st.integers(1, 40)


@given(generators(), sizes)
def test_made_data(seed, size):
    """One seed gives one set of points, by hand and by torch.

    2 eps: the sum and the product round in another order.
    """
    for name, options in (("line", {}), ("blobs", {}), ("parabola", {}),
                          ("parabola", {"uniform": 0.0, "normal": 0.1})):
        x, y = getattr(by_hand, name)(size, generator=seed, **options)
        ref_x, ref_y = getattr(by_torch, name)(size, generator=seed,
                                               **options)
        close(x, ref_x, 2, 10.0)
        if name == "blobs":
            same(y, ref_y)
        else:
            close(y, ref_y, 4, 30.0)
        again, _ = getattr(by_hand, name)(
            size, generator=torch.Generator().manual_seed(seed),
            **options)
        same(x, again)


@pytest.mark.parametrize("side", SIDES)
def test_made_data_is_what_it_says(side):
    """Mean, spread, range and labels of 20,000 points.

    A mean of n values of spread 1 is known to 1 / sqrt(n) = 0.007.
    """
    size = 20_000
    x, y = side.line(size, generator=1)
    assert x.shape == y.shape == (size, 1)
    noise = y - 2 * x - 5
    assert 0 <= x.min() < 0.01 and 9.99 < x.max() < 10
    assert noise.mean().abs() < 0.04 and abs(noise.std() - 1) < 0.04
    x, y = side.parabola(size, generator=1)
    noise = y - x * x
    assert x[0] == -1 and x[-1] == 1 and x.shape == y.shape == (size, 1)
    assert -1e-6 < noise.min() < 0.01 < 0.19 < noise.max() < 0.2 + 1e-6
    x, y = side.parabola(size, 0.0, 0.1, generator=1)
    assert abs((y - x * x).std() - 0.1) < 0.004
    x, y = side.blobs(size, generator=1)
    assert y.tolist() == [0] * size + [1] * size
    for label, centre in (0, 2.0), (1, -2.0):
        cloud = x[y == label]
        assert (cloud.mean(dim=0) - centre).abs().max() < 0.04
        assert (cloud.std(dim=0) - 1).abs().max() < 0.04


@pytest.mark.parametrize("dtype", FLOATS)
def test_bundled_data(dtype):
    """The tables are scikit-learn's, as tensors of the default dtype."""
    torch.set_default_dtype(dtype)
    tables = [(side.digits(), side.breast_cancer()) for side in SIDES]
    for digits, cancer in tables:
        pairs = ((digits, load_digits(), 16), (cancer,
                                               load_breast_cancer(), 1))
        for (x, y), bunch, unit in pairs:
            assert x.dtype == dtype and y.dtype == torch.int64
            expected = torch.from_numpy(bunch.data / unit).to(dtype)
            same(x, expected)
            assert np.array_equal(y, bunch.target)


@given(st.data(), dtypes(), *[st.integers(1, 6)] * 3)
def test_standardize(data, dtype, m, n, columns):
    """(x - mean) / std of the reference, n rows known to n eps.

    The error of the mean, n eps of the largest entry, is divided by
    the spread, and so is that of the spread.
    """
    x = data.draw(tensors((m, columns), dtype, MODERATE))
    reference = data.draw(tensors((n, columns), dtype, MODERATE))
    hand = by_hand.standardize(x, reference)
    ref = by_torch.standardize(x, reference)
    largest = torch.cat([x, reference]).abs().amax(0)
    constant = (reference == reference[0]).all(0)
    std = torch.where(constant, 1, reference.std(0, correction=0))
    scale = largest / std * (1 + largest / std)
    close(hand, ref, 4 * n + 4, scale)
    # Of itself: mean 0 and spread 1, or 0 where all rows are equal.
    own = by_hand.standardize(reference, reference)
    scale = reference.abs().amax(0) / std
    close(own.mean(0), torch.zeros(columns, dtype=dtype), 4 * n, scale)
    spread = own.std(0, correction=0)
    close(spread, (~constant).to(dtype), 8 * n, (1 + scale) ** 2)


def test_standardize_uses_the_reference():
    """Test rows are measured with the mean and spread of training."""
    train = torch.tensor([[0.0], [2.0]])
    for side in SIDES:
        assert side.standardize(train, train).tolist() == [[-1.0], [1.0]]
        test = side.standardize(torch.tensor([[5.0]]), train)
        assert test.tolist() == [[4.0]]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e4 / 7, 0.0])
def test_a_constant_column_stays_small(value, dtype):
    """Its spread is 0, or a rounding: it is not blown up to size 1."""
    for n in range(1, 12):
        table = torch.full((n, 1), value, dtype=dtype)
        for side in SIDES:
            result = side.standardize(table, table)
            close(result, torch.zeros_like(table), n, value)


@given(generators(), st.integers(2, 40), st.floats(0, 1))
def test_train_test_split(seed, size, test_size):
    """The same rows on both sides; each row once; x and y together."""
    # both parts have a row
    test_size = min(max(test_size, 0.6 / size), 1 - 0.6 / size)
    x = torch.arange(2.0 * size).reshape(size, 2)
    y = torch.arange(size)
    hand = by_hand.train_test_split(x, y, test_size, seed)
    ref = by_torch.train_test_split(x, y, test_size, seed)
    for a, b in zip(hand, ref):
        same(a, b)
    x_train, x_test, y_train, y_test = hand
    assert len(x_test) == round(test_size * size)
    assert sorted([*y_train.tolist(), *y_test.tolist()]) == y.tolist()
    same(x_train[:, 0], 2.0 * y_train)
    same(x_test[:, 0], 2.0 * y_test)


def epochs_of(side, seed, epochs, tensors, **options):
    """All batches of some epochs, and where the generator ended."""
    generator = torch.Generator().manual_seed(seed)
    dealt = [list(side.batches(*tensors, generator=generator, **options))
             for _ in range(epochs)]
    return dealt, generator.get_state()


@given(generators(), sizes, st.integers(1, 45), st.booleans(),
       st.booleans(), st.integers(1, 3), st.integers(1, 3))
def test_batches(seed, size, batch_size, shuffle, drop_last, epochs,
                 count):
    """DataLoader's rows in DataLoader's order, epoch after epoch.

    And both leave one generator in one state.
    """
    tables = [i + torch.arange(size * i).reshape(size, i)
              for i in range(1, count + 1)]
    options = {"batch_size": batch_size, "shuffle": shuffle,
               "drop_last": drop_last}
    hand, state = epochs_of(by_hand, seed, epochs, tables, **options)
    ref, ref_state = epochs_of(by_torch, seed, epochs, tables, **options)
    same(state, ref_state)
    for epoch, ref_epoch in zip(hand, ref, strict=True):
        for batch, ref_batch in zip(epoch, ref_epoch, strict=True):
            assert type(batch) is type(ref_batch) is tuple
            for a, b in zip(batch, ref_batch, strict=True):
                same(a, b)


@given(generators(), sizes, st.integers(1, 45), st.booleans())
def test_an_epoch_is_every_row_once(seed, size, batch_size, shuffle):
    """No row twice, none left out, x beside its own y."""
    y = torch.arange(size)
    (dealt,), _ = epochs_of(by_hand, seed, 1, (2 * y, y),
                            batch_size=batch_size, shuffle=shuffle)
    lengths = [len(rows) for rows, _ in dealt]
    assert all(n == batch_size for n in lengths[:-1])
    xs, ys = (torch.cat(column) for column in zip(*dealt))
    same(xs, 2 * ys)
    assert sorted(ys.tolist()) == y.tolist()
    if not shuffle:
        same(ys, y)


def test_each_epoch_has_its_own_order():
    """Shuffling is done again for every epoch."""
    y = torch.arange(100)
    for side in SIDES:
        dealt, _ = epochs_of(side, 0, 5, (y,), batch_size=100,
                             shuffle=True)
        orders = [epoch[0][0].tolist() for epoch in dealt]
        for a, b in itertools.combinations(orders, 2):
            assert a != b


@given(st.integers(1, 9))
def test_a_batch_is_a_copy(batch_size):
    """Writing into a batch leaves the table as it was."""
    for side in SIDES:
        table = torch.zeros(5, 2)
        for (rows,) in side.batches(table, batch_size=batch_size):
            rows += 1
        assert table.eq(0).all()


@pytest.mark.parametrize("side", SIDES)
def test_bad_input(side):
    """Errors come at the call, and name what was given."""
    x, y = torch.zeros(4, 2), torch.zeros(4)
    for tables, words in (((), r"got \[\]"),
                          ((x[:0], y[:0]), r"got \[0, 0\]"),
                          ((x, y[:3]), r"got \[4, 3\]")):
        with pytest.raises(ValueError, match=words):
            side.batches(*tables, batch_size=2)
    for batch_size in 0, -1:
        with pytest.raises(ValueError, match="batch_size"):
            side.batches(x, y, batch_size=batch_size)
    with pytest.raises(ValueError, match="generator"):
        side.batches(x, y, batch_size=2, shuffle=True)
    with pytest.raises(ValueError, match=r"\[4, 3\]"):
        side.train_test_split(x, y[:3])
    for wrong in -0.1, 0.0, 0.1, 0.9, 1.0, 1.5, torch.nan:
        with pytest.raises(ValueError, match=f"got {wrong} of 4 rows"):
            side.train_test_split(x, y, wrong)
    with pytest.raises(ValueError, match=r"\(4, 2\) and \(4, 1\)"):
        side.standardize(x, x[:, :1])
    with pytest.raises(ValueError, match=r"\(4, 1\) and \(4, 2\)"):
        side.standardize(x[:, :1], x)
    with pytest.raises(ValueError, match=r"\(0, 2\)"):
        side.standardize(x, x[:0])
