"""Layers with dicts or lists of parameters; a network with both."""

import numpy as np


class AdamOfDicts:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {}, {}, 0

    def step(self, layers):
        self.t += 1
        for i, layer in enumerate(layers):
            for name in layer.params:
                g, key = layer.grads[name], (i, name)
                self.m[key] = self.beta1 * self.m.get(key, 0) + (
                    1 - self.beta1) * g
                self.v[key] = self.beta2 * self.v.get(key, 0) + (
                    1 - self.beta2) * g ** 2
                m_hat = self.m[key] / (1 - self.beta1 ** self.t)
                v_hat = self.v[key] / (1 - self.beta2 ** self.t)
                layer.params[name] -= self.lr * m_hat / (
                    np.sqrt(v_hat) + self.eps)


class SGDOfLists:
    def __init__(self, layers, lr):
        self.layers, self.lr = layers, lr

    def step(self):
        for layer in self.layers:
            for p, g in zip(layer.params, layer.grads):
                p += self.lr * g


class MomentumOfLayers:
    def __init__(self, network, lr=0.1, momentum=0.9):
        self.network, self.lr, self.momentum = network, lr, momentum
        self.v = [0 * one.W for one in network.layers]

    def step(self):
        for i, one in enumerate(self.network.layers):
            self.v[i] = self.momentum * self.v[i] + (
                1 - self.momentum) * one.dW
            one.W = one.W - self.lr * self.v[i]
            one.b = one.b - self.lr * one.db


class AdagradOfNetwork:
    def __init__(self, model, lr=0.01, eps=1e-10):
        self.model, self.lr, self.eps = model, lr, eps
        self.h = {k: np.zeros_like(p) for k, p in model.params.items()}

    def step(self):
        for k in self.model.params:
            self.h[k] += self.model.grads[k] ** 2
            self.model.params[k] -= self.lr * self.model.grads[k] / (
                np.sqrt(self.h[k]) + self.eps)


class RMSpropOfNetwork:
    def __init__(self, lr=0.01, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps
        self.s = None

    def update(self, net):
        params, grads = net.get_params(), net.get_grads()
        if self.s is None:
            self.s = [0 * p for p in params]
        for i, g in enumerate(grads):
            self.s[i] = self.rho * self.s[i] + (1 - self.rho) * g ** 2
            params[i] = params[i] - self.lr * g / (
                np.sqrt(self.s[i]) + self.eps)
        net.set_params(params)


class RMSpropAssigning:
    def __init__(self, params, lr=0.001, decay=0.9, eps=1e-8):
        self.params, self.lr, self.decay = params, lr, decay
        self.eps, self.v = eps, [0.0] * len(params)

    def step(self):
        for i, t in enumerate(self.params):
            self.v[i] = self.decay * self.v[i] + (1 - self.decay) * (
                t.grad * t.grad)
            t.assign(t.detach() - self.lr * t.grad / (
                self.v[i].sqrt() + self.eps))


class AdagradOfLayerDicts:
    def __init__(self, n_layers, lr=0.01, eps=1e-10):
        self.lr, self.eps = lr, eps
        self.h = [{"W": 0, "b": 0} for _ in range(n_layers)]

    def update(self, params, grads):
        for h, p, g in zip(self.h, params, grads):
            for key in "Wb":
                h[key] = h[key] + g[key] ** 2
                p[key] -= self.lr * g[key] / np.sqrt(h[key] + self.eps)
