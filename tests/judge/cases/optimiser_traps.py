"""State that outlives its object, and options that nothing reads."""

import numpy as np


class AdamSharedDefault:
    """A default argument that is made once."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8,
                 state={}):  # noqa: B006
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.state = state

    def update(self, params, grads):
        for i, (p, g) in enumerate(zip(params, grads)):
            s = self.state.setdefault(
                i, [0, np.zeros_like(p), np.zeros_like(p)])
            s[0] += 1
            s[1] = self.beta1 * s[1] + (1 - self.beta1) * g
            s[2] = self.beta2 * s[2] + (1 - self.beta2) * g ** 2
            p -= self.lr * (s[1] / (1 - self.beta1 ** s[0])) / (
                np.sqrt(s[2] / (1 - self.beta2 ** s[0])) + self.eps)


class MomentumOfClass:
    """The velocities belong to the class."""

    velocity = {}

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum

    def update(self, params, grads):
        for key in params:
            v = self.velocity.get(key, 0)
            self.velocity[key] = self.momentum * v + grads[key]
            params[key] -= self.lr * self.velocity[key]


class MomentumByShape:
    """Two parameters of one shape share their velocity."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.velocity = {}

    def update(self, params, grads):
        for p, g in zip(params, grads):
            v = self.velocity.get(p.shape, 0)
            self.velocity[p.shape] = self.momentum * v + g
            p -= self.lr * self.velocity[p.shape]


class MomentumOfOne:
    """One velocity for all the parameters: they get mixed up."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.v = None

    def update(self, params, grads):
        if self.v is None:
            self.v = [np.zeros_like(params[0])] * len(params)
        for i in range(len(params)):
            self.v[i] = self.momentum * self.v[0] + grads[i]
            params[i] -= self.lr * self.v[i]


class AdamDeafToEps:
    """Epsilon is an option, and 1e-8 in the formula."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = self.t = 0

    def update(self, w, grad):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * grad
        self.v = self.beta2 * self.v + (1 - self.beta2) * grad ** 2
        return w - self.lr * (self.m / (1 - self.beta1 ** self.t)) / (
            np.sqrt(self.v / (1 - self.beta2 ** self.t)) + 1e-8)


class RMSpropDeafToRho:
    """The decay rate is an option, and 0.9 in the formula."""

    def __init__(self, lr=1e-3, rho=0.95, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = 0

    def update(self, w, grad):
        self.s = 0.9 * self.s + 0.1 * grad ** 2
        return w - self.lr * grad / (np.sqrt(self.s) + self.eps)


class SGDDeafToLr:
    """The learning rate is an option, and 0.01 in the formula."""

    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, w, grad):
        return w - 0.01 * grad


class SGDDeafToDecay:
    """The weight decay is an option that nothing reads."""

    def __init__(self, lr=0.01, weight_decay=0.0):
        self.lr, self.weight_decay = lr, weight_decay

    def update(self, w, grad):
        return w - self.lr * grad


class MomentumWithoutOptions:
    """The momentum cannot be chosen: 0.9."""

    def __init__(self, lr=0.01):
        self.lr = lr
        self.v = 0

    def update(self, w, grad):
        self.v = 0.9 * self.v + grad
        return w - self.lr * self.v


class AdamWithoutOptions:
    """Only lr can be chosen; 0.99 instead of 0.999."""

    def __init__(self, lr=0.01):
        self.lr = lr
        self.m = self.v = self.t = 0

    def update(self, w, grad):
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * grad
        self.v = 0.99 * self.v + 0.01 * grad ** 2
        m, v = self.m / (1 - 0.9 ** self.t), self.v / (1 - 0.99 ** self.t)
        return w - self.lr * m / (np.sqrt(v) + 1e-8)


class SGDClipped:
    """Gradients are cut off at 3."""

    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, w, grad):
        return w - self.lr * np.clip(grad, -3, 3)


class SGDWriting:
    """It writes the decay into the gradient."""

    def __init__(self, lr=0.01, weight_decay=0.0):
        self.lr, self.weight_decay = lr, weight_decay

    def update(self, w, grad):
        grad += self.weight_decay * w
        return w - self.lr * grad


class MomentumKeeping:
    """The first gradient itself is the buffer."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.v = None

    def update(self, w, grad):
        if self.v is None:
            self.v = grad
        else:
            self.v = self.momentum * self.v + grad
        return w - self.lr * self.v
