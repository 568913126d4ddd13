"""Optimisers: how a gradient changes a parameter.

Each `update` is one formula, for a parameter p with gradient g. The
operations are in torch's order, so that the two sides are equal to the
last bit. With `weight_decay` every g is g + weight_decay p, except in
AdamW. RMSprop has no paper. It comes from a lecture:
https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from scratch._optimizer import Optimizer
from scratch.tensors import lerp


class SGD(Optimizer):
    """Gradient descent, with momentum or Nesterov momentum.

    v <- momentum v + (1 - dampening) g; on the first step v <- g
    p <- p - lr v, with nesterov p <- p - lr (g + momentum v)

    Raises ValueError if `nesterov` has no momentum, or dampening.

    Polyak (1964), https://doi.org/10.1016/0041-5553(64)90137-5
    Nesterov (1983), https://www.mathnet.ru/eng/dan46009
    """
    remembers = {"momentum_buffer": "momentum"}

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3,
                 momentum: float = 0, dampening: float = 0,
                 weight_decay: float = 0, nesterov: bool = False):
        super().__init__(params, lr=lr, momentum=momentum,
                         dampening=dampening, weight_decay=weight_decay,
                         nesterov=nesterov)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "nesterov needs momentum > 0 and dampening = 0, got "
                f"momentum {momentum} and dampening {dampening}")

    def update(self, p, g, state, lr, momentum, dampening,
               weight_decay, nesterov):
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


class RMSprop(Optimizer):
    """RMSprop: divide g by the root of a running mean of g^2.

    s <- alpha s + (1 - alpha) g^2
    m <- alpha m + (1 - alpha) g if centered, else m = 0
    v <- momentum v + g / (sqrt(s - m^2) + eps)
    p <- p - lr v

    Tieleman and Hinton (2012), slides linked at the top of the file
    Graves (2013), https://arxiv.org/abs/1308.0850, for `centered`
    """
    remembers = {"step": "", "square_avg": "", "grad_avg": "centered",
                 "momentum_buffer": "momentum"}

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
            m = lerp(state.get("grad_avg", torch.zeros_like(g)), g,
                     1 - alpha)
            state["grad_avg"] = m
            # the variance: the mean square minus the squared mean
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
    """Adagrad: divide g by the root of the sum of all g^2.

    s <- s + g^2
    p <- p - lr_t g / (sqrt(s) + eps)
    lr_t = lr / (1 + (t - 1) lr_decay) at step t = 1, 2, ...

    Duchi, Hazan and Singer (2011),
    https://jmlr.org/papers/v12/duchi11a.html
    """
    remembers = {"step": "", "sum": ""}

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
    """Adam: running means of g and g^2, corrected for starting at 0.

    m <- b1 m + (1 - b1) g
    v <- b2 v + (1 - b2) g^2
    p <- p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
    betas is (b1, b2), and t = 1, 2, ... counts the steps. With
    amsgrad the last line uses the largest v so far.

    Kingma and Ba (2015), https://arxiv.org/abs/1412.6980
    Reddi, Kale and Kumar (2018), https://arxiv.org/abs/1904.09237
    """
    remembers = {"step": "", "exp_avg": "", "exp_avg_sq": "",
                 "max_exp_avg_sq": "amsgrad"}

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
        m = lerp(state.get("exp_avg", torch.zeros_like(g)), g, 1 - b1)
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
    """Adam with decoupled weight decay.

    p <- (1 - lr weight_decay) p, then Adam's step with weight_decay 0

    Loshchilov and Hutter (2019), https://arxiv.org/abs/1711.05101
    """
    kind = {"maximize": False, "decoupled_weight_decay": True}

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
