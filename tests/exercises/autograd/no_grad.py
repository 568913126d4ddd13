"""Results without a record."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor

from scratch._operations import Operations
from scratch.autograd import _Input, _numbers

# Whether results keep their inputs.
_recording = True


@contextmanager
def no_grad() -> Iterator[None]:
    """Within `with no_grad():` results keep no inputs."""
    global _recording
    before, _recording = _recording, False
    try:
        yield
    finally:
        # Also after an exception.
        _recording = before


class Value(Operations):
    def _record(self, data: Tensor, *inputs: "_Input") -> None:
        self.data, self._number = data, next(_numbers)
        self.grad: Tensor | None = None
        # A constant needs no slope. The version counts the changes in
        # place: it tells whether the data is still what was used.
        self._inputs = [(input, slope, input.data._version)
                        for input, slope in inputs
                        if _recording and isinstance(input, Value)]
