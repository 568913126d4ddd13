"""Data: synthetic data, tables, standardisation, mini-batches.

Synthetic data is drawn from `generator`, a torch.Generator or a seed.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from scratch._checks import (check_number, check_rows, check_tables,
                             check_whole)


def as_generator(generator: torch.Generator | int) -> torch.Generator:
    """The generator itself, or a new one seeded with an integer.

    Raises TypeError for anything else, ValueError for a seed below 0.
    """
    if isinstance(generator, torch.Generator):
        return generator
    seed = check_whole("generator", generator, 0)
    return torch.Generator().manual_seed(seed)


def line(size: int = 20, generator: torch.Generator | int = 0,
         ) -> tuple[Tensor, Tensor]:
    """Points around a line: y = 2 x + 5 + N(0, 1), x ~ U(0, 10).

    Returns x and y, both (size, 1).
    """
    size = check_whole("size", size, 1)
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
    size = check_whole("size", size, 1)
    uniform = check_number("uniform", uniform, 0)
    normal = check_number("normal", normal, 0)
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
    size = check_whole("size", size, 1)
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
    column is divided by 1. input (m, columns), reference (n, columns).
    Accurate for all finite columns: it computes in float64. A column
    of `reference` with NaN or infinity becomes NaN. Raises ValueError
    if the columns differ or n is 0, RuntimeError for integers.
    """
    check_tables(input, reference)
    n = len(reference)
    x, r = input.to(torch.float64), reference.to(torch.float64)
    constant = (r == r[0]).all(dim=0)
    # Divide by a power of two, or the square of 1e-200 is 0 and that
    # of 1e200 infinite. The largest value is m 2^e.
    largest = r.abs().max(dim=0).values
    m, e = torch.frexp(largest)
    scale = torch.where(constant, 1, largest / (2 * m))
    # Subtract the first row: time stamps differ by seconds only.
    first = r[0] / scale
    x, r = x / scale - first, r / scale - first
    mean = r.sum(dim=0) / n
    # std = sqrt(1/n sum (x - mean)^2)
    std = (((r - mean) ** 2).sum(dim=0) / n).sqrt()
    result = (x - mean) / torch.where(constant, 1, std)
    return result.to(input.dtype)


def train_test_split(
        x: Tensor, y: Tensor, test_size: float = 0.2,
        generator: torch.Generator | int = 0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Shuffle the rows of x and y, and split off a test set.

    test_size is the fraction of rows in the test set, rounded to whole
    rows. Returns x_train, x_test, y_train, y_test. Raises ValueError
    if x and y differ in their number of rows, or a set has no row.
    """
    check_rows(x, y)
    test_size = check_number("test_size", test_size, 0)
    rows = test_size * len(x) if test_size < 1 else 0
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
    Raises ValueError if there are no rows, the tensors differ in their
    number of rows, batch_size < 1, or shuffle needs a generator.
    """
    batch_size = check_whole("batch_size", batch_size, 1)
    if shuffle and generator is None:
        raise ValueError("generator must be a torch.Generator if "
                         "shuffle is True, got None")
    check_rows(*tensors)
    if generator is not None:
        # As DataLoader does, draw a seed for its workers.
        torch.empty((), dtype=torch.int64).random_(generator=generator)
    return _deal(tensors, batch_size, shuffle, drop_last, generator)


def _deal(tensors, batch_size, shuffle, drop_last, generator):
    n = len(tensors[0])
    order = (torch.randperm(n, generator=generator) if shuffle
             else torch.arange(n)).to(tensors[0].device)
    tail = n % batch_size
    for start in range(0, n - tail, batch_size):
        yield _take(tensors, order[start:start + batch_size])
    if shuffle:
        # Once the rows run out, DataLoader's sampler draws again.
        torch.randperm(n, generator=generator)
    if tail and not drop_last:
        yield _take(tensors, order[n - tail:])


def _take(tensors, rows):
    # tensor[rows] would take three times as long.
    return tuple(tensor.index_select(0, rows) for tensor in tensors)


def _table(array: np.ndarray) -> Tensor:
    return torch.from_numpy(array).to(torch.get_default_dtype())


def _labels(array: np.ndarray) -> Tensor:
    # On Windows, integers of NumPy 1 have 32 bits.
    return torch.from_numpy(array.astype(np.int64))
