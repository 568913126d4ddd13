"""standardize is right for every finite column in every floating dtype."""

from fractions import Fraction

import mpmath
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.data as by_hand
import torch_ref.data as by_torch
from tests.compare.closeness import same

SIDES = (by_hand, by_torch)
DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


@st.composite
def columns(draw):
    """A column (n, 1) and rows of a test set: offset + unit * k.

    Units are as small as the smallest number of the dtype and as large
    as fit; offsets are as far from 0 as time stamps are, and farther.
    """
    dtype = draw(st.sampled_from(DTYPES))
    info = torch.finfo(dtype)
    units = (1.0, info.tiny * info.eps, info.tiny, 1e-200, 1e-23, 1e-9, 60.0,
             600.0, info.max / 128)
    offsets = (0.0, 100.0, 0.1, 1.7e9, -info.max / 2, 1e-22)
    unit, offset = draw(st.sampled_from(units)), draw(st.sampled_from(offsets))
    drawn = [draw(st.lists(st.integers(-127, 127), min_size=1, max_size=most))
             for most in (8, 3)]
    reference, input = (
        (offset + unit * torch.tensor(k, dtype=torch.float64)[:, None])
        .clamp(info.min, info.max).to(dtype) for k in drawn)
    return torch.cat([reference, input]), reference


def exact(input, reference):
    """(x - mean) / std, from fractions, and is the column constant?"""
    values = [Fraction(value) for value in reference[:, 0].tolist()]
    mean = sum(values, Fraction()) / len(values)
    variance = sum(((value - mean) ** 2 for value in values),
                   Fraction()) / len(values)
    with mpmath.workprec(200):
        std = mpmath.sqrt(mpmath.mpf(variance.numerator)
                          / variance.denominator) if variance else 1
        errors = [Fraction(x) - mean for x in input[:, 0].tolist()]
        result = [float(mpmath.mpf(e.numerator) / e.denominator / std)
                  for e in errors]
    return torch.tensor(result, dtype=torch.float64)[:, None], not variance


def check(side, input, reference):
    """Check every row against fractions.

    The result is accurate to 8 eps of float64, relative to itself and
    to 1, the standard deviation; then it is rounded to the dtype.
    """
    before = input.clone(), reference.clone()
    result = side.standardize(input, reference)
    same(input, before[0])
    same(reference, before[1])
    assert result.dtype == input.dtype and result.shape == input.shape
    expected, constant = exact(input, reference)
    bound = 8 * 2.0 ** -52 * (expected.abs() + (not constant))
    low, high = ((expected + sign * bound).to(input.dtype)
                 for sign in (-1, 1))
    # inf - inf
    low = torch.where(expected.isinf(), expected.to(input.dtype), low)
    high = torch.where(expected.isinf(), expected.to(input.dtype), high)
    assert ((low <= result) & (result <= high)).all(), (result, expected)


@given(columns())
def test_every_finite_column(tables):
    """(x - mean) / std, computed with fractions, and rounded once."""
    for side in SIDES:
        check(side, *tables)


@pytest.mark.parametrize("rows, dtype, expected", [
    ([0.0, 600.0, 300.0], torch.float16, [-1.2247, 1.2247, 0.0]),
    ([1e-23, 3e-23], torch.float32, [-1.0, 1.0]),
    ([1e-200, 3e-200], torch.float64, [-1.0, 1.0]),
    ([5e-324, 0.0], torch.float64, [1.0, -1.0]),
    ([1.7e308, -1.7e308], torch.float64, [1.0, -1.0]),
    ([3.3e38, -3.3e38], torch.bfloat16, [1.0, -1.0]),
    # the two float32 that are nearest to now, 128 seconds apart
    ([1.7e9, 1.7e9 + 128], torch.float32, [-1.0, 1.0]),
    ([1.7e9, 1.7e9 + 1, 1.7e9 + 2], torch.float64, [-1.2247, 0.0, 1.2247]),
    ([7.0], torch.float16, [0.0])])
@pytest.mark.parametrize("side", SIDES)
def test_columns_of_every_size(side, rows, dtype, expected):
    """Columns whose squares, sums or means leave the range of the dtype."""
    table = torch.tensor(rows, dtype=dtype)[:, None]
    result = side.standardize(table, table)
    expected = torch.tensor(expected, dtype=torch.float64)
    torch.testing.assert_close(result[:, 0].double(), expected, rtol=1e-3,
                               atol=1e-4)
    check(side, table, table)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("side", SIDES)
def test_a_thousand_rows(side, dtype):
    """In float16 the sum of 1,000 values near 100 is infinite."""
    table = (100 + torch.arange(1000.0)[:, None] % 7).to(dtype)
    check(side, table, table)
    same(side.standardize(table, table),
         side.standardize(table - 100, table - 100))


@pytest.mark.parametrize("value", [0.0, 0.1, 1e-45, -1.7e9, 1e308, 5e-324])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("side", SIDES)
def test_a_constant_column(side, dtype, value):
    """It becomes 0; a row of the test set is x - mean, divided by 1."""
    info = torch.finfo(dtype)
    value = min(value, info.max)
    table = torch.full((3, 1), value, dtype=torch.float64).clamp(
        info.min, info.max).to(dtype)
    same(side.standardize(table, table), torch.zeros_like(table))
    rows = torch.tensor([[5.0], [-20.0], [0.0]], dtype=dtype)
    same(side.standardize(rows, table),
         (rows.double() - table.double()).to(dtype))


@pytest.mark.parametrize("side", SIDES)
def test_the_reference_is_the_training_set(side):
    """Its mean and std standardise the test set, too."""
    train = torch.tensor([[0.0], [2.0]])
    assert side.standardize(train, train).tolist() == [[-1.0], [1.0]]
    test = side.standardize(torch.tensor([[5.0]]), train)
    assert test.tolist() == [[4.0]]
    with pytest.raises(ValueError, match=r"\(2, 1\) and \(2, 3\)"):
        side.standardize(train, torch.zeros(2, 3))


@pytest.mark.parametrize("dtype", DTYPES)
def test_nan_and_infinity(dtype):
    """In `reference` they make their column NaN, in `input` their entry."""
    inf, nan = torch.inf, torch.nan
    table = torch.tensor([[nan, inf, -inf, 1.0], [1.0, 1.0, inf, 3.0],
                          [2.0, 3.0, 2.0, 2.0]], dtype=dtype)
    rows = torch.tensor([[0.0, 0.0, 0.0, inf], [1.0, 1.0, 1.0, nan],
                         [1.0, 1.0, 1.0, 2.0]], dtype=dtype)
    expected = torch.full((3, 4), nan, dtype=dtype)
    expected[0, 3], expected[2, 3] = inf, 0.0
    for side in SIDES:
        same(side.standardize(rows, table), expected)
    # every row infinite: a constant column, but its mean is infinite
    for side in SIDES:
        table = torch.full((2, 1), inf, dtype=dtype)
        assert side.standardize(table, table).isnan().all()


@pytest.mark.parametrize("dtype", [torch.int64, torch.uint8, torch.bool,
                                   torch.complex64])
def test_other_tables_are_rejected(dtype):
    """A table must have a floating dtype; nothing is converted silently."""
    table, floats = torch.ones(3, 2).to(dtype), torch.ones(3, 2)
    for side in SIDES:
        for tables in (table, floats), (floats, table):
            with pytest.raises(RuntimeError, match=f"got {dtype}"):
                side.standardize(*tables)
