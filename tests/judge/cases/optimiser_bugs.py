"""Misunderstandings of Adam, RMSprop, Adagrad and momentum."""

import numpy as np


class AdamBase:
    """The right moments; a subclass makes the step of them."""

    def __init__(self, lr=0.001, b1=0.9, b2=0.999, eps=1e-8):
        self.lr, self.b1, self.b2, self.eps = lr, b1, b2, eps
        self.m, self.v, self.t = 0, 0, 0

    def average(self, g):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.v = self.b2 * self.v + (1 - self.b2) * g * g

    def corrected(self):
        return (self.m / (1 - self.b1 ** self.t),
                self.v / (1 - self.b2 ** self.t))

    def update(self, w, g):
        self.average(g)
        m, v = self.corrected()
        return w - self.lr * m / (np.sqrt(v) + self.eps)


class AdamEpsAdded(AdamBase):
    def update(self, w, g):
        self.average(g)
        m, v = self.corrected()
        return w - self.lr * m / np.sqrt(v) + self.eps


class AdamKeepsCorrected(AdamBase):
    def update(self, w, g):
        self.average(g)
        self.m, self.v = self.corrected()
        return w - self.lr * self.m / (np.sqrt(self.v) + self.eps)


class AdamWithoutBrackets(AdamBase):
    def average(self, g):
        self.t += 1
        self.m = self.b1 * self.m + 1 - self.b1 * g
        self.v = self.b2 * self.v + (1 - self.b2) * g * g


class AdamOfNorm(AdamBase):
    def average(self, g):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.v = self.b2 * self.v + (1 - self.b2) * np.sum(g ** 2)


class AdamVByBeta1(AdamBase):
    def corrected(self):
        return (self.m / (1 - self.b1 ** self.t),
                self.v / (1 - self.b1 ** self.t))


class AdamWeighedByBeta1(AdamBase):
    def average(self, g):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.v = self.b2 * self.v + (1 - self.b1) * g * g


class AdamBelieving(AdamBase):
    def average(self, g):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.v = self.b2 * self.v + (1 - self.b2) * (g - self.m) ** 2


class AdamRootForgotten(AdamBase):
    def update(self, w, g):
        self.average(g)
        rate = self.lr * (1 - self.b2 ** self.t) / (1 - self.b1 ** self.t)
        return w - rate * self.m / (np.sqrt(self.v) + self.eps)


class AdamLrOverwritten(AdamBase):
    def update(self, w, g):
        self.average(g)
        self.lr = self.lr * np.sqrt(1 - self.b2 ** self.t) / (
            1 - self.b1 ** self.t)
        return w - self.lr * self.m / (np.sqrt(self.v) + self.eps)


class AdamScheduled(AdamBase):
    def update(self, w, g):
        self.average(g)
        m, v = self.corrected()
        return w - self.lr / np.sqrt(self.t) * m / (np.sqrt(v) + self.eps)


class AdamSingle(AdamBase):
    """In float32, without the correction."""

    def update(self, w, g):
        self.average(g.astype(np.float32))
        self.m, self.v = np.float32(self.m), np.float32(self.v)
        return (w - self.lr * self.m / (np.sqrt(self.v) + self.eps)
                ).astype(np.float32)


class RMSpropOfMean:
    def __init__(self, lr=0.001, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = 0

    def update(self, w, g):
        self.s = self.rho * self.s + (1 - self.rho) * np.mean(g ** 2)
        return w - self.lr * g / (np.sqrt(self.s) + self.eps)


class RMSpropFirstSquare:
    def __init__(self, lr=0.001, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = None

    def update(self, w, g):
        if self.s is None:
            self.s = g ** 2
        else:
            self.s = self.rho * self.s + (1 - self.rho) * g ** 2
        return w - self.lr * g / (np.sqrt(self.s) + self.eps)


class AdagradBeside:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.total = lr, eps, 0

    def update(self, w, g):
        self.total = self.total + g ** 2
        return w - (self.lr / np.sqrt(self.total) + self.eps) * g


class AdagradUnsquared:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.total = lr, eps, 0

    def update(self, w, g):
        self.total = self.total + g
        return w - self.lr * g / (np.sqrt(self.total ** 2) + self.eps)


class MomentumUphill:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, 0

    def update(self, w, g):
        self.v = self.momentum * self.v + self.lr * g
        return w + self.v


class MomentumCorrected:
    def __init__(self, lr=0.01, beta=0.9):
        self.lr, self.beta, self.v, self.t = lr, beta, 0, 0

    def update(self, w, g):
        self.t += 1
        self.v = self.beta * self.v + (1 - self.beta) * g
        return w - self.lr * self.v / (1 - self.beta ** self.t)


class MomentumOfLastStep:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.last = lr, momentum, 0

    def update(self, w, g):
        step = self.lr * g + self.momentum * self.last
        self.last = self.lr * g
        return w - step


class MomentumEveryTimeNew:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum

    def update(self, w, g):
        v = np.zeros_like(w)
        v = self.momentum * v + g
        return w - self.lr * v


class SGDDecayDoubled:
    def __init__(self, lr=0.01, weight_decay=0.0):
        self.lr, self.weight_decay = lr, weight_decay

    def update(self, w, g):
        return w - self.lr * (g + 2 * self.weight_decay * w)


class SGDDividedByLength:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, w, g):
        return w - self.lr * g / g.size


class SGDZeroForMissing:
    """A parameter without a gradient goes on with its velocity."""

    def __init__(self, params, lr=0.01, momentum=0.9):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocity = [np.zeros(p.shape) for p in params]

    def step(self):
        for i, p in enumerate(self.params):
            g = 0 if p.grad is None else p.grad
            self.velocity[i] = self.momentum * self.velocity[i] + g
            p.data -= self.lr * self.velocity[i]


def initialize_adam(params):
    """No optimiser: not judged."""
    return [np.zeros_like(p) for p in params]
