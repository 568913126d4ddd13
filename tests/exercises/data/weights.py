"""Batches of rows drawn with given weights."""

from collections.abc import Iterator

import torch
from torch import Tensor

from scratch.data import _check_rows


def batches(*tensors: Tensor, batch_size: int, shuffle: bool = False,
            drop_last: bool = False,
            generator: torch.Generator | None = None,
            weights: Tensor | None = None,
            ) -> Iterator[tuple[Tensor, ...]]:
    if batch_size < 1:
        raise ValueError(
            f"batch_size must be at least 1, got {batch_size}")
    if shuffle and generator is None:
        raise ValueError("generator must be a torch.Generator if "
                         "shuffle is True, got None")
    _check_rows(*tensors)
    return _deal(tensors, batch_size, shuffle, drop_last,
                 generator, weights)


def _deal(tensors, batch_size, shuffle, drop_last, generator,
          weights):
    n = len(tensors[0])
    if generator is not None:
        # DataLoader first draws a seed for its workers. We draw one,
        # too, so that the same generator gives the same order.
        torch.empty((), dtype=torch.int64).random_(generator=generator)
    order = (torch.randperm(n, generator=generator) if shuffle
             else torch.arange(n)).to(tensors[0].device)
    if weights is not None:
        # n times: row i with a probability proportional to weights[i]
        order = torch.multinomial(
            weights.double(), n, True, generator=generator)
    end = n - n % batch_size if drop_last else n
    for start in range(0, end, batch_size):
        rows = order[start:start + batch_size]
        # tensor[rows] would take three times as long.
        yield tuple(tensor.index_select(0, rows) for tensor in tensors)
    if shuffle:
        # At the end DataLoader's sampler draws a second permutation.
        torch.randperm(n, generator=generator)
