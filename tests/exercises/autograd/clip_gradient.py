"""An operation that changes only what flows back."""

from scratch._operations import Operations


class Value(Operations):
    def clip_gradient(self, limit: float) -> "Value":
        # G <- min(max(G, -limit), limit), element-wise
        return self._made(self.data, (
            self, lambda G: G.clamp(-limit, limit)))
