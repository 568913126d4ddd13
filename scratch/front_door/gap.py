"""The gap: same start, same mini-batches, two training runs.

After every step the two sides are compared, once by their losses and
once by their parameters. For each quantity, the scale is its largest
magnitude on either side, and the gap is its largest difference
relative to that scale. The gap of a step is the larger of these two.

The scale decays by a tenth each step. A recent swing still counts,
because its rounding error persists; an explosion long ago no longer
makes a new gap look small.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import torch
from torch import Tensor

FADE = 0.9


@dataclass
class Side:
    """One training run: a model, and its losses, step by step."""

    model: Any
    training: Iterator[float]
    evaluate: Callable[[], dict[str, float]] | None = None
    losses: list[float] = field(default_factory=list)
    history: list[dict[str, float]] = field(default_factory=list)
    seconds: float = 0.0

    def __iter__(self) -> Iterator[float]:
        while True:
            start = time.perf_counter()
            loss = next(self.training, None)
            self.seconds += time.perf_counter() - start
            if loss is None:
                return
            self.losses.append(loss)
            yield loss

    def look(self) -> None:
        """Evaluate the model. This does not count as training time."""
        if self.evaluate is not None:
            self.history.append(self.evaluate())


@dataclass
class Run:
    """Two sides, and the gap between them after each step."""

    label: str
    hand: Side
    torch: Side
    # steps between evaluations; 0: only at the end
    epoch: int = 0
    gaps: list[float] = field(default_factory=list)

    def __iter__(self) -> Iterator[float]:
        """Train both sides; yield the gap of each step."""
        scale = {"loss": 0.0, "parameters": 0.0}
        both = zip_longest(self.hand, self.torch)
        for step, losses in enumerate(both, start=1):
            if None in losses:
                # One side stopped before the other.
                self.gaps.append(math.inf)
                return
            pairs = {
                "loss": tuple(map(torch.tensor, losses)),
                "parameters": (_flat(self.hand), _flat(self.torch))}
            gap = 0.0
            for name, (a, b) in pairs.items():
                scale[name] = max(FADE * scale[name],
                                  _size(a), _size(b))
                distance = _distance(a, b)
                if distance:
                    # scale 0: no entry but 0, NaN and infinity
                    gap = max(gap, distance / scale[name]
                              if scale[name] else math.inf)
            self.gaps.append(gap)
            if self.epoch and step % self.epoch == 0:
                self.hand.look()
                self.torch.look()
            yield gap
        if not self.epoch:
            self.hand.look()
            self.torch.look()

    @property
    def gap(self) -> float:
        """The largest gap of any step."""
        return max(self.gaps)

    @property
    def step(self) -> int:
        """The first step, from 1, with the largest gap."""
        return self.gaps.index(self.gap) + 1


def _flat(side: Side) -> Tensor:
    """All parameters in one vector."""
    return torch.cat([p.detach().reshape(-1)
                      for p in side.model.parameters()])


def _size(values: Tensor) -> float:
    """The largest finite magnitude."""
    return values.nan_to_num(0, 0, 0).abs().max().item()


def _distance(a: Tensor, b: Tensor) -> float:
    """The largest difference of an entry."""
    # Entries that are NaN or the same infinity on both sides agree.
    same = (a == b) | (a.isnan() & b.isnan())
    distance = (a - b).abs().masked_fill(same, 0).max().item()
    return math.inf if math.isnan(distance) else distance
