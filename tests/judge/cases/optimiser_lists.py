"""Optimisers that are handed all parameters: o.update(params, grads)."""

import numpy as np


class AdamOfLists:
    """Lists, in place; epsilon before the correction."""

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999,
                 epsilon=1e-8):
        self.learning_rate = learning_rate
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.m = self.v = None
        self.t = 0

    def update(self, parameters, gradients):
        if self.m is None:
            self.m = [np.zeros_like(p) for p in parameters]
            self.v = [np.zeros_like(p) for p in parameters]
        self.t += 1
        rate = self.learning_rate * np.sqrt(1 - self.beta_2 ** self.t) / (
            1 - self.beta_1 ** self.t)
        for i, (p, g) in enumerate(zip(parameters, gradients)):
            self.m[i] += (1 - self.beta_1) * (g - self.m[i])
            self.v[i] += (1 - self.beta_2) * (g ** 2 - self.v[i])
            p -= rate * self.m[i] / (np.sqrt(self.v[i]) + self.epsilon)


class MomentumOfLists:
    """Lists, in place; lr inside the velocity."""

    def __init__(self, learning_rate=0.01, momentum=0.9):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = None

    def update(self, parameters, gradients):
        if self.velocities is None:
            self.velocities = [np.zeros_like(p) for p in parameters]
        for v, p, g in zip(self.velocities, parameters, gradients):
            v *= self.momentum
            v -= self.learning_rate * g
            p += v


class AdaGrad:
    """Dicts by key, in place; epsilon 1e-7."""

    def __init__(self, lr=0.01):
        self.lr = lr
        self.h = None

    def update(self, params, grads):
        if self.h is None:
            self.h = {}
            for key, val in params.items():
                self.h[key] = np.zeros_like(val)
        for key in params.keys():
            self.h[key] += grads[key] * grads[key]
            params[key] -= self.lr * grads[key] / (
                np.sqrt(self.h[key]) + 1e-7)


class AdamOfDicts:
    """Dicts, in place; the short form of the correction; eps 1e-7."""

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.iter = 0
        self.m = None
        self.v = None

    def update(self, params, grads):
        if self.m is None:
            self.m, self.v = {}, {}
            for key, val in params.items():
                self.m[key] = np.zeros_like(val)
                self.v[key] = np.zeros_like(val)
        self.iter += 1
        lr_t = self.lr * np.sqrt(1.0 - self.beta2 ** self.iter) / (
            1.0 - self.beta1 ** self.iter)
        for key in params.keys():
            self.m[key] += (1 - self.beta1) * (grads[key] - self.m[key])
            self.v[key] += (1 - self.beta2) * (
                grads[key] ** 2 - self.v[key])
            params[key] -= lr_t * self.m[key] / (
                np.sqrt(self.v[key]) + 1e-7)


class NesterovOfDicts:
    """v <- mu v - lr g, p <- p + mu^2 v - (1 + mu) lr g, old v."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = None

    def update(self, params, grads):
        if self.v is None:
            self.v = {key: np.zeros_like(val)
                      for key, val in params.items()}
        for key in params.keys():
            params[key] += self.momentum * self.momentum * self.v[key]
            params[key] -= (1 + self.momentum) * self.lr * grads[key]
            self.v[key] *= self.momentum
            self.v[key] -= self.lr * grads[key]


class AdamOfLayers:
    """Dicts W1, b1, ..., dW1, db1, ...; returns the parameters."""

    def __init__(self, parameters, learning_rate=0.001, beta1=0.9,
                 beta2=0.999, epsilon=1e-8):
        self.lr, self.beta1, self.beta2 = learning_rate, beta1, beta2
        self.epsilon, self.t = epsilon, 0
        self.v = {"d" + k: np.zeros(p.shape)
                  for k, p in parameters.items()}
        self.s = {"d" + k: np.zeros(p.shape)
                  for k, p in parameters.items()}

    def update(self, parameters, grads):
        self.t += 1
        for key in parameters:
            g = grads["d" + key]
            self.v["d" + key] = (self.beta1 * self.v["d" + key]
                                 + (1 - self.beta1) * g)
            self.s["d" + key] = (self.beta2 * self.s["d" + key]
                                 + (1 - self.beta2) * np.square(g))
            v = self.v["d" + key] / (1 - np.power(self.beta1, self.t))
            s = self.s["d" + key] / (1 - np.power(self.beta2, self.t))
            parameters[key] = parameters[key] - self.lr * v / (
                np.sqrt(s) + self.epsilon)
        return parameters


class RMSProp:
    """New lists come back."""

    def __init__(self, lr=0.01, decay_rate=0.99, eps=1e-8):
        self.lr, self.decay_rate, self.eps = lr, decay_rate, eps
        self.s = []

    def apply_gradients(self, params, grads):
        if not self.s:
            self.s = [np.zeros_like(g) for g in grads]
        new = []
        for i in range(len(params)):
            self.s[i] = (self.decay_rate * self.s[i]
                         + (1 - self.decay_rate) * grads[i] ** 2)
            new.append(params[i] - self.lr * grads[i] / (
                np.sqrt(self.s[i]) + self.eps))
        return new


class SGDPairs:
    """A list of (gradient, parameter), as Keras has it."""

    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate

    def apply_gradients(self, grads_and_vars):
        for grad, var in grads_and_vars:
            var -= self.learning_rate * grad
