"""Optimisers: what to do with a gradient.

Each `update` is one formula, for a parameter p and its gradient g. The
order of operations is torch's, so that both are equal to the last bit.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from scratch._optimizer import Optimizer
from scratch.tensors import lerp


class SGD(Optimizer):
    """Gradient descent; momentum (Polyak, 1964); Nesterov (1983).

    v <- momentum v + (1 - dampening) g; on the first step v <- g
    p <- p - lr v, with Nesterov p <- p - lr (g + momentum v)
    """

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 momentum: float = 0, dampening: float = 0,
                 weight_decay: float = 0, nesterov: bool = False):
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("nesterov: wanted momentum > 0, dampening "
                             f"= 0, given {momentum}, {dampening}")
        super().__init__(params, lr=lr, momentum=momentum,
                         dampening=dampening, weight_decay=weight_decay,
                         nesterov=nesterov)

    def update(self, p, g, state, lr, momentum, dampening,
               weight_decay, nesterov):
        # g <- g + weight_decay p
        g = g + weight_decay * p if weight_decay else g
        if momentum != 0:
            # v <- momentum v + (1 - dampening) g; first a copy of g
            v = state.get("momentum_buffer")
            v = (g.clone() if v is None
                 else momentum * v + (1 - dampening) * g)
            state["momentum_buffer"] = v
            g = g + momentum * v if nesterov else v
        # p <- p - lr v; without momentum p <- p - lr g
        p.sub_(g, alpha=lr)


class RMSprop(Optimizer):
    """RMSprop (Tieleman and Hinton, 2012); centered (Graves, 2013).

    s <- alpha s + (1 - alpha) g^2
    m <- alpha m + (1 - alpha) g, only if centered; else m = 0
    v <- momentum v + g / (sqrt(s - m^2) + eps)
    p <- p - lr v
    """

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-2,
                 alpha: float = 0.99, eps: float = 1e-8,
                 weight_decay: float = 0, momentum: float = 0,
                 centered: bool = False):
        super().__init__(params, lr=lr, alpha=alpha, eps=eps,
                         weight_decay=weight_decay, momentum=momentum,
                         centered=centered)

    def update(self, p, g, state, lr, alpha, eps, weight_decay,
               momentum, centered):
        state["step"] = state.get("step", 0) + 1
        # g <- g + weight_decay p
        g = g + weight_decay * p if weight_decay else g
        # s <- alpha s + (1 - alpha) g^2
        s = alpha * state.get("square_avg", 0) + (1 - alpha) * g * g
        state["square_avg"] = s
        if centered:
            # m <- alpha m + (1 - alpha) g
            m = lerp(state.get("grad_avg", 0), g, 1 - alpha)
            state["grad_avg"] = m
            # the variance: mean square less squared mean
            s = s - m * m
        scale = s.sqrt() + eps
        if momentum > 0:
            # v <- momentum v + g / (sqrt(s) + eps)
            v = momentum * state.get("momentum_buffer", 0) + g / scale
            state["momentum_buffer"] = v
            # p <- p - lr v
            p.sub_(v, alpha=lr)
        else:
            # p <- p - lr g / (sqrt(s) + eps)
            p.sub_(lr * g / scale)


class Adagrad(Optimizer):
    """Adagrad (Duchi, Hazan and Singer, 2011).

    s <- s + g^2
    p <- p - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)
    """

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-2,
                 lr_decay: float = 0, weight_decay: float = 0,
                 eps: float = 1e-10):
        super().__init__(params, lr=lr, lr_decay=lr_decay,
                         weight_decay=weight_decay, eps=eps)
        for p, state in zip(self.params, self.state):
            state.update(step=0, sum=torch.zeros_like(p))

    def update(self, p, g, state, lr, lr_decay, weight_decay, eps):
        t = state["step"] = state["step"] + 1
        # g <- g + weight_decay p
        g = g + weight_decay * p if weight_decay else g
        # s <- s + g^2
        s = state["sum"] = state["sum"] + g * g
        # p <- p - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)
        lr = lr / (1 + (t - 1) * lr_decay)
        p.sub_(lr * g / (s.sqrt() + eps))


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015); AMSGrad (Reddi et al., 2018).

    m <- b1 m + (1 - b1) g
    v <- b2 v + (1 - b2) g^2
    p <- p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
    With amsgrad the largest v so far takes the place of v.
    """

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0,
                 amsgrad: bool = False):
        super().__init__(params, lr=lr, betas=betas, eps=eps,
                         weight_decay=weight_decay, amsgrad=amsgrad)

    def update(self, p, g, state, lr, betas, eps, weight_decay,
               amsgrad):
        b1, b2 = betas
        t = state["step"] = state.get("step", 0) + 1
        # g <- g + weight_decay p
        g = g + weight_decay * p if weight_decay else g
        # m <- b1 m + (1 - b1) g
        m = lerp(state.get("exp_avg", 0), g, 1 - b1)
        # v <- b2 v + (1 - b2) g^2
        v = b2 * state.get("exp_avg_sq", 0) + (1 - b2) * g * g
        state["exp_avg"], state["exp_avg_sq"] = m, v
        if amsgrad:
            # the largest v so far
            v = torch.max(state.get("max_exp_avg_sq", v), v)
            state["max_exp_avg_sq"] = v
        # p <- p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
        step_size = lr / (1 - b1 ** t)
        scale = v.sqrt() / (1 - b2 ** t) ** 0.5 + eps
        p.sub_(step_size * m / scale)


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019).

    p <- (1 - lr weight_decay) p, then Adam's step without it.
    """

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 1e-2,
                 amsgrad: bool = False):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad)

    def update(self, p, g, state, lr, betas, eps, weight_decay,
               amsgrad):
        # p <- (1 - lr weight_decay) p
        p.mul_(1 - lr * weight_decay)
        super().update(p, g, state, lr, betas, eps, 0, amsgrad)
