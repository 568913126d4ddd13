"""SGD that climbs instead of descending."""

from collections.abc import Iterable

from torch import Tensor

from scratch._optimizer import Optimizer


class SGD(Optimizer):
    remembers = {"momentum_buffer": "momentum"}

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 momentum: float = 0, dampening: float = 0,
                 weight_decay: float = 0, nesterov: bool = False,
                 maximize: bool = False):
        super().__init__(params, lr=lr, momentum=momentum,
                         dampening=dampening, weight_decay=weight_decay,
                         nesterov=nesterov, maximize=maximize)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "nesterov needs momentum > 0 and dampening = 0, got "
                f"momentum {momentum} and dampening {dampening}")

    def update(self, p, g, state, lr, momentum, dampening,
               weight_decay, nesterov, maximize):
        # Uphill: g <- -g
        g = -g if maximize else g
        # g <- g + weight_decay p
        g = g + weight_decay * p if weight_decay else g
        if momentum != 0:
            # v <- momentum v + (1 - dampening) g; at first a copy of g
            v = state.get("momentum_buffer")
            v = (g.clone() if v is None
                 else momentum * v + (1 - dampening) * g)
            state["momentum_buffer"] = v
            g = g + momentum * v if nesterov else v
        # p <- p - lr v; without momentum p <- p - lr g
        p.sub_(g, alpha=lr)
