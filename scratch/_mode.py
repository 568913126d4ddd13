"""The two modes of a layer or a net: training, and evaluation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self


class Mode:
    """It starts in training: `training` is True."""

    training = True

    def train(self, mode: bool = True) -> Self:
        """Switch to training, or with False to evaluation."""
        self.training = mode
        return self

    def eval(self) -> Self:
        """Switch to evaluation."""
        return self.train(False)


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Evaluation mode inside, and afterwards the one before."""
    training = model.training
    try:
        model.eval()
        yield
    finally:
        model.train(training)


def check_mode(training: Any) -> None:
    """Raise TypeError for anything but True and False."""
    if not isinstance(training, bool):
        raise TypeError("training must be True or False, got "
                        f"{training!r}")
