"""Data by torch's distributions, `random_split` and `DataLoader`."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset, random_split

from torch_ref._checks import (check_number, check_rows, check_tables,
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
    """Points around a line: y ~ N(2 x + 5, 1), x ~ U(0, 10).

    Returns x and y, both (size, 1).
    """
    size = check_whole("size", size, 1)
    generator = as_generator(generator)
    x = torch.empty(size, 1).uniform_(0, 10, generator=generator)
    y = torch.normal(2 * x + 5, 1.0, generator=generator)
    return x, y


def parabola(size: int = 100, uniform: float = 0.2, normal: float = 0.0,
             generator: torch.Generator | int = 0,
             ) -> tuple[Tensor, Tensor]:
    """Noisy points on y = x^2, with x evenly spaced in [-1, 1].

    y = x^2 + U(0, uniform) + N(0, normal^2)
    Returns x and y, both (size, 1).
    """
    size = check_whole("size", size, 1)
    uniform = check_number("uniform", uniform, 0)
    normal = check_number("normal", normal, 0)
    generator = as_generator(generator)
    x = torch.linspace(-1, 1, size).unsqueeze(1)
    u = torch.empty_like(x).uniform_(0, uniform, generator=generator)
    n = torch.empty_like(x).normal_(0, normal, generator=generator)
    return x, x.square() + u + n


def blobs(size: int = 100, generator: torch.Generator | int = 0,
          ) -> tuple[Tensor, Tensor]:
    """Two clusters: label 0 around (2, 2), label 1 around (-2, -2).

    Returns points (2 size, 2) and labels (2 size,), dtype int64.
    """
    size = check_whole("size", size, 1)
    generator = as_generator(generator)
    centre = torch.tensor([2.0, -2.0]).repeat_interleave(size)
    centres = torch.stack([centre, centre], dim=1)
    points = torch.normal(centres, 1.0, generator=generator)
    return points, torch.arange(2).repeat_interleave(size)


def digits() -> tuple[Tensor, Tensor]:
    """Handwritten digits of 8 x 8 pixels, from scikit-learn.

    Returns images (1797, 64), from 0 (paper) to 1 (ink), and labels
    (1797,), dtype int64.
    Alpaydin and Kaynak (1998), https://doi.org/10.24432/C50P49
    """
    from sklearn.datasets import load_digits
    bunch = load_digits()
    return _tensor(bunch.data).div(16), _labels(bunch.target)


def breast_cancer() -> tuple[Tensor, Tensor]:
    """Tumours, each with 30 features, from scikit-learn.

    Returns features (569, 30), in their original units, and labels
    (569,), dtype int64: 0 is malignant, 1 benign.
    Wolberg, Mangasarian, Street and Street (1993),
    https://doi.org/10.24432/C5DW2B
    """
    from sklearn.datasets import load_breast_cancer
    bunch = load_breast_cancer()
    return _tensor(bunch.data), _labels(bunch.target)


def standardize(input: Tensor, reference: Tensor) -> Tensor:
    """(x - mean) / std, column by column, by `torch.std_mean`.

    Mean and standard deviation (divisor n) are those of `reference`. A
    constant column is divided by 1. input (m, columns), reference
    (n, columns). `std_mean` itself overflows for large values,
    underflows for small ones and is inaccurate far from 0; so it sees
    the columns in float64, scaled and shifted. Raises ValueError if
    the columns differ or n is 0, RuntimeError for integers.
    """
    check_tables(input, reference)
    x, r = input.double(), reference.double()
    constant = r.eq(r[0]).all(dim=0)
    largest = r.abs().amax(dim=0)
    # A power of two: nothing is rounded.
    scale = largest.div(2 * largest.frexp().mantissa)
    scale = scale.masked_fill(constant, 1)
    first = r[0] / scale
    x, r = x / scale - first, r / scale - first
    std, mean = torch.std_mean(r, dim=0, correction=0)
    result = (x - mean) / std.masked_fill(constant, 1)
    return result.to(input.dtype)


def train_test_split(
        x: Tensor, y: Tensor, test_size: float = 0.2,
        generator: torch.Generator | int = 0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Split off a test set, by `random_split`.

    Returns x_train, x_test, y_train, y_test. Raises ValueError if x
    and y differ in their number of rows, or a set has no row.
    """
    _check_share(test_size, x, y)
    data = TensorDataset(x, y)
    test = round(test_size * len(x))
    train_part, test_part = random_split(
        data, [len(x) - test, test], generator=as_generator(generator))
    x_train, y_train = data[train_part.indices]
    x_test, y_test = data[test_part.indices]
    return x_train, x_test, y_train, y_test


def batches(*tensors: Tensor, batch_size: int, shuffle: bool = False,
            drop_last: bool = False,
            generator: torch.Generator | None = None,
            ) -> Iterator[tuple[Tensor, ...]]:
    """The mini-batches of one epoch, by `DataLoader`.

    Raises ValueError if there are no rows, the tensors differ in their
    number of rows, batch_size < 1, or shuffle needs a generator.
    """
    batch_size = check_whole("batch_size", batch_size, 1)
    if shuffle and generator is None:
        raise ValueError("generator must be a torch.Generator if "
                         "shuffle is True, got None")
    check_rows(*tensors)
    if generator is None:
        # DataLoader would draw from the global generator.
        generator = torch.Generator()
    loader = DataLoader(TensorDataset(*tensors), batch_size, shuffle,
                        drop_last=bool(drop_last), generator=generator)
    return map(tuple, loader)


def _tensor(array: np.ndarray) -> Tensor:
    return torch.as_tensor(array, dtype=torch.get_default_dtype())


def _labels(array: np.ndarray) -> Tensor:
    # On Windows, integers of NumPy 1 have 32 bits.
    return torch.tensor(array, dtype=torch.int64)


def _check_share(test_size: float, x: Tensor, y: Tensor) -> None:
    check_rows(x, y)
    test_size = check_number("test_size", test_size, 0)
    rows = test_size * len(x) if test_size < 1 else 0
    if not 0 < round(rows) < len(x):
        raise ValueError(
            "test_size must leave at least one row in each set, "
            f"got {test_size} of {len(x)} rows")
