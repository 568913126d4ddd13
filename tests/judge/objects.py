"""What the person's code is handed: boxes, layers, models."""

from typing import Any

import numpy as np


class Box:
    """An object with .data and .grad, as small engines have them."""

    def __init__(self, data: Any, grad: Any = None):
        self.data, self.grad = data, grad
        self.requires_grad = True

    # The other names that engines use.
    value = property(lambda self: self.data,
                     lambda self, new: setattr(self, "data", new))
    gradient = property(lambda self: self.grad,
                        lambda self, new: setattr(self, "grad", new))
    tensor = property(lambda self: self.data,
                      lambda self, new: setattr(self, "data", new))
    shape = property(lambda self: np.shape(self.data))
    size = property(lambda self: np.size(self.data))


class Layer:
    """Whatever the person's code sets on it."""


class Model:
    """Only its parameters."""

    def __init__(self, params: list[Any]):
        self._params = params

    def parameters(self) -> list[Any]:
        """As torch's modules have it."""
        return self._params

    params = property(lambda self: self._params)


def array(value: Any) -> np.ndarray:
    """A NumPy array: a copy."""
    if hasattr(value, "detach"):
        value = value.numpy(force=True)
    return np.array(value)
