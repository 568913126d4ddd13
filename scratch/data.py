"""Data: made, read, standardised, split, and dealt out in batches.

Made data is drawn from `generator`, a torch.Generator or a seed.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor


def as_generator(generator: torch.Generator | int) -> torch.Generator:
    """The generator itself, or a new one with that seed."""
    if isinstance(generator, int):
        return torch.Generator().manual_seed(generator)
    return generator


def line(size: int = 20, generator: torch.Generator | int = 0,
         ) -> tuple[Tensor, Tensor]:
    """Points around a line: y = 2 x + 5 + N(0, 1), x in [0, 10).

    Returns x and y, both (size, 1).
    """
    generator = as_generator(generator)
    x = 10 * torch.rand(size, 1, generator=generator)
    noise = torch.randn(size, 1, generator=generator)
    return x, 2 * x + 5 + noise


def parabola(size: int = 100, uniform: float = 0.2, normal: float = 0.0,
             generator: torch.Generator | int = 0,
             ) -> tuple[Tensor, Tensor]:
    """y = x^2 + uniform U(0, 1) + normal N(0, 1), x even in [-1, 1].

    Returns x and y, both (size, 1).
    """
    generator = as_generator(generator)
    x = torch.linspace(-1, 1, size)[:, None]
    u = torch.rand(size, 1, generator=generator)
    n = torch.randn(size, 1, generator=generator)
    return x, x * x + uniform * u + normal * n


def blobs(size: int = 100, generator: torch.Generator | int = 0,
          ) -> tuple[Tensor, Tensor]:
    """Two clouds around (2, 2), label 0, and (-2, -2), label 1.

    Each coordinate is off by N(0, 1). Returns points (2 size, 2) and
    labels (2 size,), dtype int64.
    """
    generator = as_generator(generator)
    noise = torch.randn(2 * size, 2, generator=generator)
    label = torch.arange(2 * size) // size
    centre = 2 - 4 * label[:, None]
    return centre + noise, label


def digits() -> tuple[Tensor, Tensor]:
    """Handwritten digits, 8 x 8 (UCI, Alpaydin and Kaynak, 1998).

    Returns images (1797, 64), 0 for paper and 1 for ink, and labels
    (1797,), dtype int64.
    """
    # Imported here: it takes a second, and most lessons do without.
    from sklearn.datasets import load_digits
    x, y = load_digits(return_X_y=True)
    # 17 levels of ink, 0 to 16
    return _table(x / 16), torch.from_numpy(y)


def breast_cancer() -> tuple[Tensor, Tensor]:
    """Tumours, 30 measures each (UCI, Wolberg et al., 1995).

    Returns measures (569, 30), in their own units, and labels (569,),
    dtype int64: 0 malignant, 1 benign.
    """
    from sklearn.datasets import load_breast_cancer
    x, y = load_breast_cancer(return_X_y=True)
    return _table(x), torch.from_numpy(y)


def standardize(input: Tensor, reference: Tensor) -> Tensor:
    """(x - mean) / std, column by column.

    Mean and standard deviation (divisor n) are those of `reference`:
    the training rows, for the training and for the test rows alike.
    input (m, columns), reference (n, columns), n >= 1, else
    ValueError. A column with no spread is divided by 1.
    """
    n = len(reference)
    if n == 0 or input.shape[1:] != reference.shape[1:]:
        raise ValueError(
            "wanted the same columns and a reference with rows, given "
            f"{tuple(input.shape)} and {tuple(reference.shape)}")
    mean = reference.sum(dim=0) / n
    # std = sqrt(1/n sum (x - mean)^2)
    std = (((reference - mean) ** 2).sum(dim=0) / n).sqrt()
    # Not `std == 0`: rounding can leave equal values a tiny spread.
    constant = (reference == reference[0]).all(dim=0)
    return (input - mean) / torch.where(constant, 1, std)


def train_test_split(
        x: Tensor, y: Tensor, test_size: float = 0.2,
        generator: torch.Generator | int = 0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The rows of x and y shuffled, the last `test_size` for the test.

    test_size is a share, rounded to whole rows. ValueError unless both
    parts have a row. Returns x_train, x_test, y_train, y_test.
    """
    _check_rows(x, y)
    rows = test_size * len(x) if 0 < test_size < 1 else 0
    if not 0 < round(rows) < len(x):
        raise ValueError("test_size: wanted a share that leaves a row "
                         f"on each side, given {test_size} of {len(x)}")
    order = torch.randperm(len(x), generator=as_generator(generator))
    train = len(x) - round(rows)
    first, last = order[:train], order[train:]
    return x[first], x[last], y[first], y[last]


def batches(*tensors: Tensor, batch_size: int, shuffle: bool = False,
            drop_last: bool = False,
            generator: torch.Generator | None = None,
            ) -> Iterator[tuple[Tensor, ...]]:
    """One epoch: all rows once, `batch_size` at a time.

    Yields a tuple with the same rows of each tensor. With `shuffle`
    their order is drawn from `generator`, anew for each epoch. The
    last batch may be smaller; `drop_last` leaves it out. ValueError
    for no rows, unequal rows, batch_size < 1, a missing generator.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size: wanted 1 on, given {batch_size}")
    if shuffle and generator is None:
        raise ValueError("generator: wanted one to shuffle, given None")
    _check_rows(*tensors)
    return _deal(tensors, batch_size, shuffle, drop_last, generator)


def _deal(tensors, batch_size, shuffle, drop_last, generator):
    n = len(tensors[0])
    if generator is not None:
        # DataLoader first draws a seed for its workers. So do we, so
        # that one generator gives both the same order.
        torch.empty((), dtype=torch.int64).random_(generator=generator)
    order = (torch.randperm(n, generator=generator) if shuffle
             else torch.arange(n)).to(tensors[0].device)
    end = n - n % batch_size if drop_last else n
    for start in range(0, end, batch_size):
        rows = order[start:start + batch_size]
        # tensor[rows] takes three times as long.
        yield tuple(tensor.index_select(0, rows) for tensor in tensors)
    if shuffle:
        # Its sampler draws once more at the end, for rows beyond n.
        torch.randperm(n, generator=generator)


def _table(array: np.ndarray) -> Tensor:
    return torch.from_numpy(array).to(torch.get_default_dtype())


def _check_rows(*tensors: Tensor) -> None:
    rows = [len(tensor) for tensor in tensors]
    if not rows or rows[0] == 0 or len(set(rows)) > 1:
        raise ValueError("wanted tensors with one number of rows, at "
                         f"least 1, given {rows}")
