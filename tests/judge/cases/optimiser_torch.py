"""Subclasses of torch.optim.Optimizer, and functions on tensors."""

import math

import torch
from torch.optim import Optimizer


class Adam(torch.optim.Optimizer):
    """The state in self.state[p], the options in the groups."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0, amsgrad=False):
        super().__init__(params, {
            "lr": lr, "betas": betas, "eps": eps,
            "weight_decay": weight_decay, "amsgrad": amsgrad})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad, state = p.grad, self.state[p]
                if not state:
                    state["step"] = 0
                    state["m"] = torch.zeros_like(p)
                    state["v"] = torch.zeros_like(p)
                    state["largest"] = torch.zeros_like(p)
                state["step"] += 1
                if group["weight_decay"]:
                    grad = grad.add(p, alpha=group["weight_decay"])
                state["m"].mul_(b1).add_(grad, alpha=1 - b1)
                state["v"].mul_(b2).addcmul_(grad, grad, value=1 - b2)
                v = state["v"]
                if group["amsgrad"]:
                    torch.maximum(state["largest"], v,
                                  out=state["largest"])
                    v = state["largest"]
                c1 = 1 - b1 ** state["step"]
                c2 = 1 - b2 ** state["step"]
                scale = (v.sqrt() / math.sqrt(c2)).add_(group["eps"])
                p.addcdiv_(state["m"], scale, value=-group["lr"] / c1)
        return loss


class AdamDeafToDecay(Optimizer):
    """An option that nothing reads, amsgrad of the corrected v."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.0, amsgrad=False):
        defaults = dict(lr=lr, betas=betas, eps=eps,
                        weight_decay=weight_decay, amsgrad=amsgrad)
        super(AdamDeafToDecay, self).__init__(params, defaults)

    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                g, state = p.grad.data, self.state[p]
                if len(state) == 0:
                    state["t"] = 0
                    state["m"] = torch.zeros_like(p.data)
                    state["v"] = torch.zeros_like(p.data)
                    state["top"] = torch.zeros_like(p.data)
                state["t"] += 1
                b1, b2 = group["betas"]
                state["m"] = b1 * state["m"] + (1 - b1) * g
                state["v"] = b2 * state["v"] + (1 - b2) * g ** 2
                m = state["m"] / (1 - b1 ** state["t"])
                v = state["v"] / (1 - b2 ** state["t"])
                if group["amsgrad"]:
                    state["top"] = torch.max(state["top"], v)
                    v = state["top"]
                p.data -= group["lr"] * m / (v.sqrt() + group["eps"])


class AdamW(Optimizer):
    """Decay first, epsilon in the root."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=1e-2):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps,
                                      weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "step" not in state:
                    state["step"] = 0
                    state["exp_avg"] = torch.zeros_like(p)
                    state["exp_avg_sq"] = torch.zeros_like(p)
                state["step"] += 1
                t = state["step"]
                m, v = state["exp_avg"], state["exp_avg_sq"]
                p.mul_(1 - group["lr"] * group["weight_decay"])
                m.lerp_(p.grad, 1 - beta1)
                v.mul_(beta2).add_((1 - beta2) * p.grad.square())
                p.sub_(group["lr"] * (m / (1 - beta1 ** t)) / torch.sqrt(
                    v / (1 - beta2 ** t) + group["eps"]))


class SGD(Optimizer):
    """A closure that has no default."""

    def __init__(self, params, lr, momentum=0, nesterov=False):
        super().__init__(params, dict(lr=lr, momentum=momentum,
                                      nesterov=nesterov))

    def step(self, closure):
        loss = closure()
        with torch.no_grad():
            for group in self.param_groups:
                mu = group["momentum"]
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    d = p.grad
                    if mu:
                        if "buffer" not in self.state[p]:
                            self.state[p]["buffer"] = d.clone()
                        else:
                            self.state[p]["buffer"].mul_(mu).add_(d)
                        b = self.state[p]["buffer"]
                        d = d + mu * b if group["nesterov"] else b
                    p.add_(d, alpha=-group["lr"])
        return loss


class RMSpropOfTensors:
    """No subclass: a list of tensors, states in lists."""

    def __init__(self, params, lr=1e-2, alpha=0.99, eps=1e-8):
        self.params = list(params)
        self.lr, self.alpha, self.eps = lr, alpha, eps
        self.square = [torch.zeros_like(p) for p in self.params]

    def step(self):
        with torch.no_grad():
            for p, s in zip(self.params, self.square):
                s.mul_(self.alpha).addcmul_(p.grad, p.grad,
                                            value=1 - self.alpha)
                p.addcdiv_(p.grad, s.sqrt().add_(self.eps), value=-self.lr)

    def zero_grad(self):
        for p in self.params:
            p.grad.zero_()


def sgd(params, lr, batch_size):
    """A lesson's: the gradient is divided by the size of the batch."""
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


def sgd_momentum(params, states, hyperparams):
    """Tensors that carry their gradient, zeros as states."""
    for p, v in zip(params, states):
        with torch.no_grad():
            v[:] = hyperparams["momentum"] * v + p.grad
            p[:] -= hyperparams["lr"] * v
        p.grad.data.zero_()


def adam(params, states, hyperparams):
    """Pairs as states, the clock among the options; eps in the code."""
    beta1, beta2, eps = 0.9, 0.999, 1e-6
    for p, (v, s) in zip(params, states):
        with torch.no_grad():
            v[:] = beta1 * v + (1 - beta1) * p.grad
            s[:] = beta2 * s + (1 - beta2) * torch.square(p.grad)
            v_corrected = v / (1 - beta1 ** hyperparams["t"])
            s_corrected = s / (1 - beta2 ** hyperparams["t"])
            p[:] -= hyperparams["lr"] * v_corrected / (
                torch.sqrt(s_corrected) + eps)
        p.grad.data.zero_()
    hyperparams["t"] += 1


def adam_of_tensors(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999,
                    eps=1e-8):
    """Tensors in place; only the state comes back."""
    m = torch.lerp(grad, m, beta1)
    v = torch.lerp(grad * grad, v, beta2)
    param.data -= lr * (m / (1 - beta1 ** t)) / (
        (v / (1 - beta2 ** t)).sqrt() + eps)
    return m, v
