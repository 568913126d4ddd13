"""Checks of the exercises of docs/data.md."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold
from sklearn.preprocessing import MinMaxScaler
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

import scratch.data as by_hand
from scratch.tensors import to_numpy
from tests.compare.closeness import close, same
from tests.compare.draw import MODERATE, generators, tensors


@given(st.data(), *[st.integers(1, 6)] * 3)
def test_min_max(data, m, n, columns):
    """min_max(x, reference) agrees with scikit-learn's scaler.

    They differ by at most 8 eps of the largest entry, divided by the
    range: scikit-learn multiplies by 1 / range and adds -low / range.
    """
    x = data.draw(tensors((m, columns), torch.float64, MODERATE), "x")
    reference = data.draw(tensors((n, columns), torch.float64, MODERATE),
                          "reference")
    scaler = MinMaxScaler().fit(to_numpy(reference))
    expected = torch.from_numpy(scaler.transform(to_numpy(x)))
    width = reference.amax(0) - reference.amin(0)
    width = torch.where(width == 0, 1, width)
    largest = torch.cat([x, reference]).abs().amax(0)
    close(by_hand.min_max(x, reference), expected, 8, largest / width)


@given(st.data(), st.integers(2, 40))
def test_k_fold(data, size):
    """k_fold(size, folds) gives scikit-learn's rows, fold by fold."""
    folds = data.draw(st.integers(2, size), "folds")
    found = list(by_hand.k_fold(size, folds))
    expected = list(KFold(folds).split(range(size)))
    assert len(found) == len(expected) == folds
    for hand, ref in zip(found, expected):
        for rows, ref_rows in zip(hand, ref, strict=True):
            same(rows, torch.from_numpy(ref_rows))


@given(seed=generators(), size=st.integers(1, 40),
       batch_size=st.integers(1, 45), drop_last=st.booleans(),
       period=st.integers(1, 5))
def test_weights(seed, size, batch_size, drop_last, period):
    """batches(..., weights=w) draws as DataLoader's weighted sampler does.

    The rows of two epochs are equal, and both sides leave the generator
    in the same state.
    """
    weights = 0.5 + torch.arange(size) % period
    table = torch.arange(2 * size).reshape(size, 2), torch.arange(size)
    hand, ref = (torch.Generator().manual_seed(seed) for _side in range(2))
    sampler = WeightedRandomSampler(weights, size, True, ref)
    loader = DataLoader(TensorDataset(*table), batch_size, sampler=sampler,
                        drop_last=drop_last, generator=ref)
    for _epoch in range(2):
        dealt = list(by_hand.batches(
            *table, batch_size=batch_size, drop_last=drop_last,
            generator=hand, weights=weights))
        for batch, ref_batch in zip(dealt, loader, strict=True):
            for a, b in zip(batch, ref_batch, strict=True):
                same(a, b)
        same(hand.get_state(), ref.get_state())
