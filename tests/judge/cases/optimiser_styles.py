"""Correct optimisers in further styles."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np


@dataclass
class SGD:
    """A dataclass; the key comes first, the array is changed in place."""

    lr: float = 0.01
    momentum: float = 0.0
    velocity: dict = field(default_factory=dict)

    def update(self, name, w, grad):
        if self.momentum:
            v = self.momentum * self.velocity.get(name, 0) + grad
            self.velocity[name] = grad = v
        w -= self.lr * grad


class MomentumOptimizer:
    """The options are attributes of the class."""

    lr = 0.01
    mu = 0.9

    def __init__(self):
        self.v = 0

    def step(self, w, dw):
        self.v = self.mu * self.v + dw
        return w - self.lr * self.v


class AdamOfKeywords:
    """**kwargs; the parameters are the object's, the gradients come."""

    def __init__(self, params, **kwargs):
        self.params = params
        self.lr = kwargs.get("lr", 1e-3)
        self.beta1 = kwargs.get("beta1", 0.9)
        self.beta2 = kwargs.get("beta2", 0.999)
        self.eps = kwargs.get("eps", 1e-8)
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for i, g in enumerate(grads):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g ** 2
            m = self.m[i] / (1 - self.beta1 ** self.t)
            v = self.v[i] / (1 - self.beta2 ** self.t)
            self.params[i] = self.params[i] - self.lr * m / (
                np.sqrt(v) + self.eps)


class AdamOfConfig:
    """A dict of options; a state by key."""

    def __init__(self, config):
        self.lr = config["learning_rate"]
        self.b1, self.b2 = config["beta1"], config["beta2"]
        self.eps = config["eps"]
        self.m, self.v = defaultdict(float), defaultdict(float)
        self.t = defaultdict(int)

    def update(self, key, theta, g):
        self.t[key] += 1
        self.m[key] = self.b1 * self.m[key] + (1 - self.b1) * g
        self.v[key] = self.b2 * self.v[key] + (1 - self.b2) * g ** 2
        m = self.m[key] / (1 - self.b1 ** self.t[key])
        v = self.v[key] / (1 - self.b2 ** self.t[key])
        return theta - self.lr * m / (np.sqrt(v) + self.eps)


class AdamOfEpochs:
    """Gradients first, lr and the epoch with the call, from 0."""

    def __init__(self, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.m = self.v = None

    def __call__(self, grads, params, lr, epoch):
        if self.m is None:
            self.m, self.v = [0] * len(params), [0] * len(params)
        for i, (g, p) in enumerate(zip(grads, params)):
            self.m[i] = self.beta_1 * self.m[i] + (1 - self.beta_1) * g
            self.v[i] = self.beta_2 * self.v[i] + (1 - self.beta_2) * g * g
            m = self.m[i] / (1 - self.beta_1 ** (epoch + 1))
            v = self.v[i] / (1 - self.beta_2 ** (epoch + 1))
            p -= lr * m / (np.sqrt(v) + self.epsilon)
        return params


class AdamOfProducts:
    """The powers of the betas are kept; epsilon is scaled along."""

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999,
                 eps=1e-8):
        self.learning_rate, self.eps = learning_rate, eps
        self.beta_1, self.beta_2 = beta_1, beta_2
        self.power_1 = self.power_2 = 1
        self.m = self.v = 0

    def update(self, weights, gradients):
        self.power_1 *= self.beta_1
        self.power_2 *= self.beta_2
        self.m = self.beta_1 * self.m + (1 - self.beta_1) * gradients
        self.v = self.beta_2 * self.v + (1 - self.beta_2) * gradients ** 2
        root = np.sqrt(1 - self.power_2)
        weights -= self.learning_rate * root / (1 - self.power_1) * (
            self.m / (np.sqrt(self.v) + self.eps * root))
        return weights


def adam_update(params, grads, state, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """A dict of states: m, v and t, which has to be there."""
    t = state["t"] + 1
    m = [b1 * m + (1 - b1) * g for m, g in zip(state["m"], grads)]
    v = [b2 * v + (1 - b2) * g * g for v, g in zip(state["v"], grads)]
    new = [p - lr * (a / (1 - b1 ** t)) / (
        np.sqrt(b / (1 - b2 ** t)) + eps)
        for p, a, b in zip(params, m, v)]
    return new, {"m": m, "v": v, "t": t}


def sgd_of_pairs(params, grads, lr):
    """A list of (w, b), a layer each."""
    return [(w - lr * dw, b - lr * db)
            for (w, b), (dw, db) in zip(params, grads)]


def sgd_of_dicts(layers, grads, lr):
    """A dict for each layer, in place."""
    for layer, g in zip(layers, grads):
        layer["W"] -= lr * g["dW"]
        layer["b"] -= lr * g["db"]


class RMSpropBase:
    """The loop; what is done with one is left to the subclass."""

    def __init__(self, parameters):
        self.parameters = parameters

    def step(self):
        for p in self.parameters:
            if p.grad is not None:
                self._update(p)


class RMSprop(RMSpropBase):
    """The object itself is the key."""

    def __init__(self, parameters, lr=0.01, alpha=0.99, eps=1e-8):
        super().__init__(parameters)
        self.lr, self.alpha, self.eps = lr, alpha, eps
        self.cache = {}

    def _update(self, p):
        old = self.cache.get(p, 0)
        new = self.alpha * old + (1 - self.alpha) * p.grad ** 2
        self.cache[p] = new
        p.data -= self.lr * p.grad / (new ** 0.5 + self.eps)


def momentum_of_both(w, b, dw, db, v_w, v_b, lr, gamma):
    """w and b, and a velocity of each."""
    v_w = gamma * v_w + dw
    v_b = gamma * v_b + db
    return w - lr * v_w, b - lr * v_b, v_w, v_b


class SGDHooked:
    """The step is `update`; `update_one` is not called alone."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.velocity, self.target, self.factor = {}, None, 0

    def setup(self, target):
        self.target = target

    def update(self):
        self.factor = -self.lr
        for p in self.target.params():
            if p.grad is not None:
                self.update_one(p)

    def update_one(self, param):
        v = self.velocity.get(id(param), 0)
        v = self.momentum * v + param.grad.data
        self.velocity[id(param)] = v
        param.data += self.factor * v


class RMSPropOfLists:
    """Lists of weights and lists of biases."""

    def __init__(self, lr=0.001, beta=0.9, epsilon=1e-8):
        self.lr, self.beta, self.epsilon = lr, beta, epsilon
        self.sw = self.sb = None

    def change(self, square, gradient):
        square += (1 - self.beta) * (gradient ** 2 - square)
        return self.lr * gradient / (np.sqrt(square) + self.epsilon)

    def update(self, weights, biases, dweights, dbiases):
        if self.sw is None:
            self.sw = [np.zeros_like(w) for w in weights]
            self.sb = [np.zeros_like(b) for b in biases]
        for i in range(len(weights)):
            weights[i] -= self.change(self.sw[i], dweights[i])
            biases[i] -= self.change(self.sb[i], dbiases[i])


class AdamRegularised:
    """Weight decay that cannot be chosen."""

    def __init__(self, lr=0.001, mu=0.9, rho=0.999, eps=1e-8, reg=0.01):
        self.lr, self.mu, self.rho, self.eps = lr, mu, rho, eps
        self.reg, self.m, self.v, self.k = reg, 0, 0, 1

    def calculate_update(self, weight_tensor, gradient_tensor):
        g = gradient_tensor + self.reg * weight_tensor
        self.m = self.mu * self.m + (1 - self.mu) * g
        self.v = self.rho * self.v + (1 - self.rho) * g * g
        m = self.m / (1 - self.mu ** self.k)
        v = self.v / (1 - self.rho ** self.k)
        self.k += 1
        return weight_tensor - self.lr * m / (np.sqrt(v) + self.eps)
