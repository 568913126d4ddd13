"""Code that takes numbers only, or tables only. In the child."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.judge.objects import array
from tests.judge.reading import Reading
from tests.judge.sessions import Session


class Pieces:
    """A session whose parameters are the entries of the real ones, or
    the real ones with two dimensions.
    """

    def __init__(self, target: Any, reading: Reading,
                 start: list[np.ndarray], options: dict[str, Any]):
        self.shapes = [p.shape for p in start]
        self.entries = reading.handed == "entries"
        self.inner = Session(target, reading, self._cut(start), options)
        self.can_set_lr = self.inner.can_set_lr

    @property
    def params(self) -> list[np.ndarray]:
        """As they are now."""
        return self._join([array(p) for p in self.inner.params])

    @property
    def handed(self) -> list[Any]:
        """The gradients of the last step."""
        return self.inner.handed

    def changed_gradient(self) -> bool:
        """Did the last step write into a gradient?"""
        return self.inner.changed_gradient()

    def step(self, grads: Sequence[np.ndarray | None],
             lr: float) -> list[np.ndarray]:
        """One step of all pieces."""
        return self._join(self.inner.step(self._cut(grads), lr))

    def _cut(self, whole: Sequence[np.ndarray | None]) -> list[Any]:
        if not self.entries:
            return [p if p is None else np.atleast_2d(p) for p in whole]
        return [None if p is None else p[at] for p, shape in zip(
            whole, self.shapes) for at in np.ndindex(shape)]

    def _join(self, pieces: list[np.ndarray]) -> list[np.ndarray]:
        if not self.entries:
            return [p.reshape(shape) if p.size == np.prod(shape) else p
                    for p, shape in zip(pieces, self.shapes)]
        found, rest = [], pieces
        for shape in self.shapes:
            size = int(np.prod(shape))
            found.append(np.array(rest[:size]).reshape(shape))
            rest = rest[size:]
        return found
