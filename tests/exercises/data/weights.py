"""Batches of rows drawn with given weights."""

from collections.abc import Iterator

import torch
from torch import Tensor

from scratch._checks import check_rows, check_whole
from scratch.data import _take


def batches(*tensors: Tensor, batch_size: int, shuffle: bool = False,
            drop_last: bool = False,
            generator: torch.Generator | None = None,
            weights: Tensor | None = None,
            ) -> Iterator[tuple[Tensor, ...]]:
    batch_size = check_whole("batch_size", batch_size, 1)
    if shuffle and generator is None:
        raise ValueError("generator must be a torch.Generator if "
                         "shuffle is True, got None")
    check_rows(*tensors)
    if generator is not None:
        # As DataLoader does, draw a seed for its workers.
        torch.empty((), dtype=torch.int64).random_(generator=generator)
    return _deal(tensors, batch_size, shuffle, drop_last,
                 generator, weights)


def _deal(tensors, batch_size, shuffle, drop_last, generator,
          weights):
    n = len(tensors[0])
    order = (torch.randperm(n, generator=generator) if shuffle
             else torch.arange(n)).to(tensors[0].device)
    if weights is not None:
        # n times: row i with a probability proportional to weights[i]
        order = torch.multinomial(
            weights.double(), n, True, generator=generator)
    tail = n % batch_size
    for start in range(0, n - tail, batch_size):
        yield _take(tensors, order[start:start + batch_size])
    if shuffle:
        # Once the rows run out, DataLoader's sampler draws again.
        torch.randperm(n, generator=generator)
    if tail and not drop_last:
        yield _take(tensors, order[n - tail:])
