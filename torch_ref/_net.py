"""What nets with norms and dropout share, as by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


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


def check_plain(model: Any) -> None:
    """Raise ValueError if a net has a norm or drops entries."""
    if len(model.norms) or model.drop.p:
        raise ValueError(
            "model must have neither norm nor dropout, got "
            f"{len(model.norms)} norms and dropout={model.drop.p}")
