"""Data: torch's distributions, `random_split` and `DataLoader`."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset, random_split


def as_generator(generator: torch.Generator | int) -> torch.Generator:
    """The generator itself, or a new one with that seed."""
    if isinstance(generator, int):
        return torch.Generator().manual_seed(generator)
    return generator


def line(size: int = 20, generator: torch.Generator | int = 0,
         ) -> tuple[Tensor, Tensor]:
    """y ~ N(2 x + 5, 1), x ~ U(0, 10): two tensors (size, 1)."""
    generator = as_generator(generator)
    x = torch.empty(size, 1).uniform_(0, 10, generator=generator)
    y = torch.normal(2 * x + 5, 1.0, generator=generator)
    return x, y


def parabola(size: int = 100, uniform: float = 0.2, normal: float = 0.0,
             generator: torch.Generator | int = 0,
             ) -> tuple[Tensor, Tensor]:
    """y ~ x^2 + U(0, uniform) + N(0, normal): tensors (size, 1)."""
    generator = as_generator(generator)
    x = torch.linspace(-1, 1, size).unsqueeze(1)
    u = torch.empty_like(x).uniform_(0, uniform, generator=generator)
    n = torch.empty_like(x).normal_(0, normal, generator=generator)
    return x, x.square() + u + n


def blobs(size: int = 100, generator: torch.Generator | int = 0,
          ) -> tuple[Tensor, Tensor]:
    """Points (2 size, 2) around (2, 2) and (-2, -2), labels 0 and 1."""
    generator = as_generator(generator)
    centre = torch.tensor([2.0, -2.0]).repeat_interleave(size)
    centres = torch.stack([centre, centre], dim=1)
    points = torch.normal(centres, 1.0, generator=generator)
    return points, torch.arange(2).repeat_interleave(size)


def digits() -> tuple[Tensor, Tensor]:
    """Images (1797, 64) in [0, 1], labels (1797,)."""
    from sklearn.datasets import load_digits
    bunch = load_digits()
    return _tensor(bunch.data).div(16), torch.as_tensor(bunch.target)


def breast_cancer() -> tuple[Tensor, Tensor]:
    """Measures (569, 30), labels (569,): 0 malignant, 1 benign."""
    from sklearn.datasets import load_breast_cancer
    bunch = load_breast_cancer()
    return _tensor(bunch.data), torch.as_tensor(bunch.target)


def standardize(input: Tensor, reference: Tensor) -> Tensor:
    """(x - mean) / std of the reference, by `torch.std_mean`."""
    if len(reference) == 0 or input.shape[1:] != reference.shape[1:]:
        raise ValueError(
            "wanted the same columns and a reference with rows, given "
            f"{tuple(input.shape)} and {tuple(reference.shape)}")
    std, mean = torch.std_mean(reference, dim=0, correction=0)
    constant = reference.eq(reference[0]).all(dim=0)
    return (input - mean) / std.masked_fill(constant, 1)


def train_test_split(
        x: Tensor, y: Tensor, test_size: float = 0.2,
        generator: torch.Generator | int = 0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x_train, x_test, y_train, y_test, by `random_split`."""
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
    """One epoch of batches, by `TensorDataset` and `DataLoader`."""
    if shuffle and generator is None:
        raise ValueError("generator: wanted one to shuffle, given None")
    _check_rows(*tensors)
    loader = DataLoader(TensorDataset(*tensors), batch_size, shuffle,
                        drop_last=drop_last, generator=generator)
    return map(tuple, loader)


def _tensor(array: np.ndarray) -> Tensor:
    return torch.as_tensor(array, dtype=torch.get_default_dtype())


def _check_share(test_size: float, x: Tensor, y: Tensor) -> None:
    _check_rows(x, y)
    rows = test_size * len(x) if 0 < test_size < 1 else 0
    if not 0 < round(rows) < len(x):
        raise ValueError("test_size: wanted a share that leaves a row "
                         f"on each side, given {test_size} of {len(x)}")


def _check_rows(*tensors: Tensor) -> None:
    rows = [len(tensor) for tensor in tensors]
    if not rows or rows[0] == 0 or len(set(rows)) > 1:
        raise ValueError("wanted tensors with one number of rows, at "
                         f"least 1, given {rows}")
