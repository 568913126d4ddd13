"""Data: synthetic data, tables, standardisation, mini-batches.

Synthetic data is drawn from `generator`, a torch.Generator or a seed.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor


def as_generator(generator: torch.Generator | int) -> torch.Generator:
    """The generator itself, or a new one seeded with an integer."""
    if isinstance(generator, int):
        return torch.Generator().manual_seed(generator)
    return generator


def line(size: int = 20, generator: torch.Generator | int = 0,
         ) -> tuple[Tensor, Tensor]:
    """Points around a line: y = 2 x + 5 + N(0, 1), x ~ U(0, 10).

    Returns x and y, both (size, 1).
    """
    generator = as_generator(generator)
    x = 10 * torch.rand(size, 1, generator=generator)
    noise = torch.randn(size, 1, generator=generator)
    return x, 2 * x + 5 + noise


def parabola(size: int = 100, uniform: float = 0.2, normal: float = 0.0,
             generator: torch.Generator | int = 0,
             ) -> tuple[Tensor, Tensor]:
    """Noisy points on y = x^2, with x evenly spaced in [-1, 1].

    y = x^2 + uniform * U(0, 1) + normal * N(0, 1)
    Returns x and y, both (size, 1).
    """
    generator = as_generator(generator)
    x = torch.linspace(-1, 1, size)[:, None]
    u = torch.rand(size, 1, generator=generator)
    n = torch.randn(size, 1, generator=generator)
    return x, x * x + uniform * u + normal * n


def blobs(size: int = 100, generator: torch.Generator | int = 0,
          ) -> tuple[Tensor, Tensor]:
    """Two clusters: label 0 around (2, 2), label 1 around (-2, -2).

    point = centre + N(0, 1), in each coordinate. Returns points
    (2 size, 2) and labels (2 size,), dtype int64.
    """
    generator = as_generator(generator)
    noise = torch.randn(2 * size, 2, generator=generator)
    label = torch.arange(2 * size) // size
    centre = 2 - 4 * label[:, None]
    return centre + noise, label


def digits() -> tuple[Tensor, Tensor]:
    """Handwritten digits of 8 x 8 pixels, from scikit-learn.

    Returns images (1797, 64), from 0 (paper) to 1 (ink), and labels
    (1797,), dtype int64.
    Alpaydin and Kaynak (1998), https://doi.org/10.24432/C50P49
    """
    # Imported here: it takes a second, and few lessons need it.
    from sklearn.datasets import load_digits
    x, y = load_digits(return_X_y=True)
    # 17 levels of ink, from 0 to 16
    return _table(x / 16), _labels(y)


def breast_cancer() -> tuple[Tensor, Tensor]:
    """Tumours, each with 30 features, from scikit-learn.

    Returns features (569, 30), in their original units, and labels
    (569,), dtype int64: 0 is malignant, 1 benign.
    Wolberg, Mangasarian, Street and Street (1993),
    https://doi.org/10.24432/C5DW2B
    """
    from sklearn.datasets import load_breast_cancer
    x, y = load_breast_cancer(return_X_y=True)
    return _table(x), _labels(y)


def standardize(input: Tensor, reference: Tensor) -> Tensor:
    """(x - mean) / std, column by column.

    The mean and standard deviation (divisor n) come from `reference`,
    the training set, even when `input` is the test set. A constant
    column is divided by 1. input (m, columns), reference (n,
    columns). Raises ValueError if the columns differ or n is 0.
    """
    n = len(reference)
    if n == 0 or input.shape[1:] != reference.shape[1:]:
        raise ValueError(
            "input and reference must have the same columns, and "
            "reference at least one row, got "
            f"{tuple(input.shape)} and {tuple(reference.shape)}")
    mean = reference.sum(dim=0) / n
    # std = sqrt(1/n sum (x - mean)^2)
    std = (((reference - mean) ** 2).sum(dim=0) / n).sqrt()
    # Not `std == 0`: three values of 0.1 have std 1e-17 in float64.
    constant = (reference == reference[0]).all(dim=0)
    return (input - mean) / torch.where(constant, 1, std)


def train_test_split(
        x: Tensor, y: Tensor, test_size: float = 0.2,
        generator: torch.Generator | int = 0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Shuffle the rows of x and y, and split off a test set.

    test_size is the fraction of rows in the test set, rounded to whole
    rows. Returns x_train, x_test, y_train, y_test. Raises ValueError
    if x and y differ in their number of rows, or a set has no row.
    """
    _check_rows(x, y)
    rows = test_size * len(x) if 0 < test_size < 1 else 0
    if not 0 < round(rows) < len(x):
        raise ValueError(
            "test_size must leave at least one row in each set, "
            f"got {test_size} of {len(x)} rows")
    order = torch.randperm(len(x), generator=as_generator(generator))
    train = len(x) - round(rows)
    first, last = order[:train], order[train:]
    return x[first], x[last], y[first], y[last]


def batches(*tensors: Tensor, batch_size: int, shuffle: bool = False,
            drop_last: bool = False,
            generator: torch.Generator | None = None,
            ) -> Iterator[tuple[Tensor, ...]]:
    """The mini-batches of one epoch: each row once.

    Yields tuples with `batch_size` rows of each tensor, the same rows
    in every tensor. With `shuffle`, each call draws a new order from
    `generator`. The last batch may be smaller; `drop_last` omits it.
    Raises
    ValueError if there are no rows, the tensors differ in their number
    of rows, batch_size < 1, or `shuffle` is True without a generator.
    """
    if batch_size < 1:
        raise ValueError(
            f"batch_size must be at least 1, got {batch_size}")
    if shuffle and generator is None:
        raise ValueError("generator must be a torch.Generator if "
                         "shuffle is True, got None")
    _check_rows(*tensors)
    return _deal(tensors, batch_size, shuffle, drop_last, generator)


def _deal(tensors, batch_size, shuffle, drop_last, generator):
    n = len(tensors[0])
    if generator is not None:
        # DataLoader first draws a seed for its workers. We draw one,
        # too, so that the same generator gives the same order.
        torch.empty((), dtype=torch.int64).random_(generator=generator)
    order = (torch.randperm(n, generator=generator) if shuffle
             else torch.arange(n)).to(tensors[0].device)
    end = n - n % batch_size if drop_last else n
    for start in range(0, end, batch_size):
        rows = order[start:start + batch_size]
        # tensor[rows] would take three times as long.
        yield tuple(tensor.index_select(0, rows) for tensor in tensors)
    if shuffle:
        # At the end DataLoader's sampler draws a second permutation.
        torch.randperm(n, generator=generator)


def _table(array: np.ndarray) -> Tensor:
    return torch.from_numpy(array).to(torch.get_default_dtype())


def _labels(array: np.ndarray) -> Tensor:
    # On Windows, integers of NumPy 1 have 32 bits.
    return torch.from_numpy(array.astype(np.int64))


def _check_rows(*tensors: Tensor) -> None:
    rows = [len(tensor) for tensor in tensors]
    if not rows or rows[0] == 0 or len(set(rows)) > 1:
        raise ValueError("tensors must have the same number of rows, "
                         f"at least 1, got {rows}")
