"""Data: the same points, tables, splits and batches on both sides."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
import sklearn.datasets
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_digits

import scratch.data as by_hand
import torch_ref.data as by_torch
from tests.compare.closeness import close, same
from tests.compare.draw import FLOATS, MODERATE, dtypes, generators, tensors

SIDES = (by_hand, by_torch)
sizes = st.integers(1, 40)


@given(generators(), sizes)
def test_synthetic_data(seed, size):
    """The same seed gives the same points, by hand and by torch.

    x is within 2 eps and y within 4 eps: the two sides add and multiply
    in different orders.
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
def test_synthetic_data_is_distributed_as_documented(side):
    """20,000 points have the documented mean, spread, range and labels.

    The mean of n values with std 1 has std 1 / sqrt(n) = 0.007.
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
    """The tables are scikit-learn's, in the default dtype."""
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


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", ["digits", "breast_cancer"])
def test_labels_have_64_bits(side, name, monkeypatch):
    """On Windows NumPy 1 has int32 labels: here they are int64 there too."""
    load = getattr(sklearn.datasets, f"load_{name}")
    expected = load().target.tolist()

    def load_32_bits(**options):
        bunch = load()
        bunch.target = bunch.target.astype(np.int32)
        return ((bunch.data, bunch.target) if options else bunch)

    monkeypatch.setattr(sklearn.datasets, f"load_{name}", load_32_bits)
    _, y = getattr(side, name)()
    assert y.dtype == torch.int64 and y.tolist() == expected


@dataclass(frozen=True)
class Tables:
    """What `standardize` takes: two tables with the same columns."""

    input: torch.Tensor
    reference: torch.Tensor


@st.composite
def tables(draw) -> Tables:
    """1 to 6 rows each, 1 to 6 columns, float32 or float64."""
    dtype = draw(dtypes())
    m, n, columns = (draw(st.integers(1, 6)) for _ in range(3))
    return Tables(draw(tensors((m, columns), dtype, MODERATE)),
                  draw(tensors((n, columns), dtype, MODERATE)))


@given(tables())
@example(Tables(torch.tensor([[0.0]]), torch.tensor([[0.0], [1.0]])))
def test_standardize(tables):
    """Both sides' (x - mean) / std agree, within 4 n + 4 eps.

    Mean and std of n reference rows are accurate to n eps of the
    largest entry, and both errors are divided by the std.
    """
    x, reference = tables.input, tables.reference
    (n, columns), dtype = reference.shape, reference.dtype
    hand = by_hand.standardize(x, reference)
    ref = by_torch.standardize(x, reference)
    largest = torch.cat([x, reference]).abs().amax(0)
    constant = (reference == reference[0]).all(0)
    std = torch.where(constant, 1, reference.std(0, correction=0))
    scale = largest / std * (1 + largest / std)
    close(hand, ref, 4 * n + 4, scale)
    # Relative to itself: mean 0 and std 1, or 0 if all rows are equal.
    own = by_hand.standardize(reference, reference)
    scale = reference.abs().amax(0) / std
    close(own.mean(0), torch.zeros(columns, dtype=dtype), 4 * n, scale)
    spread = own.std(0, correction=0)
    close(spread, (~constant).to(dtype), 8 * n, (1 + scale) ** 2)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e4 / 7, 0.0])
def test_a_constant_column_stays_small(value, dtype):
    """It becomes 0: its std must not be a divisor."""
    for n in range(1, 12):
        table = torch.full((n, 1), value, dtype=dtype)
        for side in SIDES:
            same(side.standardize(table, table), torch.zeros_like(table))


@dataclass(frozen=True)
class Split:
    """How many rows, and the fraction for the test set."""

    seed: int
    size: int
    test_size: float


@st.composite
def splits(draw) -> Split:
    """2 to 40 rows; each side gets at least one."""
    seed, size = draw(generators()), draw(st.integers(2, 40))
    # 0.6 rows are rounded to one
    least = 0.6 / size
    return Split(seed, size, draw(st.floats(least, 1 - least)))


@given(splits())
@example(Split(seed=0, size=3, test_size=0.2))
def test_train_test_split(split):
    """Both sides take the same rows, each once, x and y together."""
    seed, size, test_size = split.seed, split.size, split.test_size
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


@dataclass(frozen=True)
class Epochs:
    """Some epochs of batches, of `count` tensors with `size` rows."""

    size: int
    batch_size: int
    shuffle: bool = False
    drop_last: bool = False
    epochs: int = 1
    count: int = 1
    seed: int = 0

    def tensors(self):
        """The first has one column, the second two, and so on."""
        return [i + torch.arange(self.size * i).reshape(self.size, i)
                for i in range(1, self.count + 1)]

    def of(self, side, *tensors):
        """Each epoch's batches; the state that the generator ends in."""
        generator = torch.Generator().manual_seed(self.seed)
        return [list(side.batches(
            *tensors, batch_size=self.batch_size, shuffle=self.shuffle,
            drop_last=self.drop_last, generator=generator))
            for _ in range(self.epochs)], generator.get_state()


@st.composite
def several_epochs(draw) -> Epochs:
    """Batches smaller than the table, as large, and larger."""
    return Epochs(
        draw(sizes), draw(st.integers(1, 45)), draw(st.booleans()),
        draw(st.booleans()), draw(st.integers(1, 3)),
        draw(st.integers(1, 3)), draw(generators()))


@given(several_epochs())
@example(Epochs(2, 1, shuffle=True, count=2))
@example(Epochs(2, 1, shuffle=True, epochs=2))
@example(Epochs(1, 2))
def test_batches(epochs):
    """In every epoch, batches yields DataLoader's rows in its order.

    Both sides leave the generator in the same state.
    """
    hand, state = epochs.of(by_hand, *epochs.tensors())
    ref, ref_state = epochs.of(by_torch, *epochs.tensors())
    same(state, ref_state)
    for epoch, ref_epoch in zip(hand, ref, strict=True):
        for batch, ref_batch in zip(epoch, ref_epoch, strict=True):
            assert type(batch) is type(ref_batch) is tuple
            for a, b in zip(batch, ref_batch, strict=True):
                same(a, b)


@given(generators(), sizes, st.integers(1, 45), st.booleans())
def test_an_epoch_is_every_row_once(seed, size, batch_size, shuffle):
    """Every row occurs once, and each x comes with its own y."""
    y = torch.arange(size)
    (dealt,), _ = Epochs(size, batch_size, shuffle,
                         seed=seed).of(by_hand, 2 * y, y)
    lengths = [len(rows) for rows, _ in dealt]
    assert all(n == batch_size for n in lengths[:-1])
    xs, ys = (torch.cat(column) for column in zip(*dealt))
    same(xs, 2 * ys)
    assert sorted(ys.tolist()) == y.tolist()
    if not shuffle:
        same(ys, y)


def test_each_epoch_has_its_own_order():
    """Every epoch is shuffled anew."""
    y = torch.arange(100)
    for side in SIDES:
        dealt, _ = Epochs(100, 100, shuffle=True, epochs=5).of(side, y)
        orders = [epoch[0][0].tolist() for epoch in dealt]
        for a, b in itertools.combinations(orders, 2):
            assert a != b


@given(st.integers(1, 9))
def test_a_batch_is_a_copy(batch_size):
    """Writing into a batch does not change the table."""
    for side in SIDES:
        table = torch.zeros(5, 2)
        for (rows,) in side.batches(table, batch_size=batch_size):
            rows += 1
        assert table.eq(0).all()


@pytest.mark.parametrize("side", SIDES)
def test_bad_input(side):
    """The call itself raises, and the message says what it got."""
    x, y = torch.zeros(4, 2), torch.zeros(4)
    for tables, words in (((), r"got \[\]"),
                          ((x[:0], y[:0]), r"got \[0, 0\]"),
                          ((x, y[:3]), r"got \[4, 3\]")):
        with pytest.raises(ValueError, match=words):
            side.batches(*tables, batch_size=2)
    with pytest.raises(ValueError, match="generator"):
        side.batches(x, y, batch_size=2, shuffle=True)
    with pytest.raises(ValueError, match=r"\[4, 3\]"):
        side.train_test_split(x, y[:3])
    for wrong in 0.0, 0.1, 0.9, 1.0, 1.5:
        with pytest.raises(ValueError, match=f"got {wrong} of 4 rows"):
            side.train_test_split(x, y, wrong)
    with pytest.raises(ValueError, match=r"\(4, 2\) and \(4, 1\)"):
        side.standardize(x, x[:, :1])
    with pytest.raises(ValueError, match=r"\(0, 2\)"):
        side.standardize(x, x[:0])
