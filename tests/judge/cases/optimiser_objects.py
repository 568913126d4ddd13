"""Optimisers of objects that carry data and gradient: o.step()."""

import numpy as np


class SGD:
    """.data and .grad; weight decay; the velocity is not used."""

    def __init__(self, parameters, lr=0.01, momentum=0.0,
                 weight_decay=0.0):
        self.parameters = list(parameters)
        self.lr, self.momentum = lr, momentum
        self.weight_decay = weight_decay
        self.velocity = [np.zeros(p.shape) for p in self.parameters]

    def step(self):
        for i, p in enumerate(self.parameters):
            if p.grad is None:
                continue
            grad = p.grad + self.weight_decay * p._data
            if self.momentum:
                self.velocity[i] = self.momentum * self.velocity[i] + grad
            p._data = p._data - self.lr * grad

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


class Optimizer:
    """A base class that keeps what the others share."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr

    def zero_grad(self):
        for p in self.params:
            p.grad = None


class MomentumSGD(Optimizer):
    """As torch has it, but for missing gradients, which raise."""

    def __init__(self, params, lr=0.1, momentum=0.9, nesterov=False):
        super().__init__(params, lr)
        self.momentum = momentum
        self.nesterov = nesterov
        self.buffers = [None] * len(self.params)

    def step(self):
        for i, p in enumerate(self.params):
            d = p.grad.data
            if self.buffers[i] is None:
                self.buffers[i] = np.copy(d)
            else:
                self.buffers[i] = self.momentum * self.buffers[i] + d
            if self.nesterov:
                d = d + self.momentum * self.buffers[i]
            else:
                d = self.buffers[i]
            p.data -= self.lr * d


class Adam(Optimizer):
    """A dict by id; one clock for all of them."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0):
        super().__init__(params, lr)
        self.beta1, self.beta2 = betas
        self.eps = eps
        self.weight_decay = weight_decay
        self.t = 0
        self.ms, self.vs = {}, {}

    def step(self):
        self.t += 1
        for p in self.params:
            if p.grad is None:
                continue
            key = id(p)
            if key not in self.ms:
                self.ms[key] = np.zeros_like(p.data)
                self.vs[key] = np.zeros_like(p.data)
            g = p.grad
            if self.weight_decay:
                g = g + self.weight_decay * p.data
            self.ms[key] = self.beta1 * self.ms[key] + (1 - self.beta1) * g
            self.vs[key] = (self.beta2 * self.vs[key]
                            + (1 - self.beta2) * g * g)
            m = self.ms[key] / (1 - self.beta1 ** self.t)
            v = self.vs[key] / (1 - self.beta2 ** self.t)
            p.data = p.data - self.lr * m / (np.sqrt(v) + self.eps)


class AdamClocked(Adam):
    """The clock runs once a parameter, not once a step."""

    def step(self):
        for i, p in enumerate(self.params):
            self.t += 1
            m = self.ms.setdefault(i, np.zeros_like(p.data))
            v = self.vs.setdefault(i, np.zeros_like(p.data))
            m += (1 - self.beta1) * (p.grad - m)
            v += (1 - self.beta2) * (p.grad ** 2 - v)
            rate = 1 - self.beta1 ** self.t
            scale = np.sqrt(v / (1 - self.beta2 ** self.t)) + self.eps
            p.data -= self.lr * (m / rate) / scale


class RMSProp:
    """One object with .value and .gradient at a time."""

    def __init__(self, lr=0.01, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps

    def update(self, param):
        if not hasattr(param, "cache"):
            param.cache = np.zeros_like(param.value)
        param.cache = (self.rho * param.cache
                       + (1 - self.rho) * param.gradient ** 2)
        param.value -= self.lr * param.gradient / (
            np.sqrt(param.cache) + self.eps)


class SGDOptimizer:
    """.tensor, .velocity and .gradient; lr inside the velocity."""

    def __init__(self, lr, momentum=None):
        self.lr = lr
        self.momentum = momentum

    def update(self, param):
        param.velocity = (self.momentum * param.velocity
                          - self.lr * param.gradient)
        param.tensor += param.velocity


class HookedSGD:
    """It is set up with a model, and updates it."""

    def __init__(self, lr=0.01):
        self.lr = lr
        self.target = None

    def setup(self, target):
        self.target = target
        return self

    def update(self):
        for p in self.target.params():
            if p.grad is not None:
                p.data -= self.lr * p.grad.data


class NetSGD:
    """It asks the network for pairs of parameter and gradient."""

    def __init__(self, lr=0.01):
        self.lr = lr

    def step(self, net):
        for param, grad in net.params_and_grads():
            param -= self.lr * grad


class Adagrad:
    """A missing gradient of the first parameter stops the step."""

    def __init__(self, params, lr=0.01, eps=1e-10):
        self.params, self.lr, self.eps = params, lr, eps
        self.sums = [np.zeros_like(p.data) for p in params]

    def step(self):
        for p, s in zip(self.params, self.sums):
            if p.grad is None:
                return
            s += p.grad * p.grad
            p.data -= self.lr * p.grad / (np.sqrt(s) + self.eps)
