"""The sigmoid as one operation, with its own slope."""

from scratch._operations import Operations
from scratch.activations import sigmoid


class Value(Operations):
    def sigmoid(self) -> "Value":
        # ds/da = s (1 - s)
        s = sigmoid(self.data)
        return self._made(s, (self, lambda G: G * s * (1 - s)))
