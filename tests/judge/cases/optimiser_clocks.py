"""Who counts the steps, and where the state is kept."""

import math

import numpy as np


def moments(optimiser, m, v, g):
    b1, b2 = optimiser.beta1, optimiser.beta2
    return b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g ** 2


def moved(optimiser, m, v, t):
    m_hat = m / (1 - optimiser.beta1 ** t)
    v_hat = v / (1 - optimiser.beta2 ** t)
    return optimiser.lr * m_hat / (v_hat ** 0.5 + optimiser.eps)


class Options:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.state = 0, {}


class AdamKeyed(Options):
    def update(self, name, w, dw):
        self.t += 1
        m, v = self.state.get(name, (0, 0))
        self.state[name] = m, v = moments(self, m, v, dw)
        return w - moved(self, m, v, self.t)


class AdamTold(Options):
    def next_step(self):
        self.t += 1

    def update(self, name, w, dw):
        m, v = self.state.get(name, (0, 0))
        self.state[name] = m, v = moments(self, m, v, dw)
        return w - moved(self, m, v, self.t)


class AdamShaped(Options):
    def begin_step(self):
        """The clock, and not by +=."""
        self.t = self.t + 1

    def initialize(self, shape):
        self.m, self.v = np.zeros(shape), np.zeros(shape)

    def apply(self, w, grad):
        self.m, self.v = moments(self, self.m, self.v, grad)
        return w - moved(self, self.m, self.v, self.t)


class AdamDecaying(Options):
    def __init__(self, lr=1e-3, decay=1e-3, beta1=0.9, beta2=0.999,
                 eps=1e-8):
        super().__init__(lr, beta1, beta2, eps)
        self.first, self.decay = lr, decay

    def update(self, params, grads):
        self.lr = self.first / (1 + self.decay * self.t)
        self.t += 1
        for k in params:
            m, v = self.state.get(k, (0, 0))
            self.state[k] = m, v = moments(self, m, v, grads[k])
            params[k] -= moved(self, m, v, self.t)


class AdamStateless(Options):
    def update(self, w, g):
        self.t += 1
        m, v = moments(self, 0 * g, 0 * g, g)
        return w - moved(self, m, v, self.t)


class AdamUpdates(Options):
    def get_updates(self, params, grads):
        self.t += 1
        updates = []
        for i, g in enumerate(grads):
            m, v = self.state.get(i, (0, 0))
            self.state[i] = m, v = moments(self, m, v, g)
            updates.append(-moved(self, m, v, self.t))
        return updates


class AdamPure(Options):
    def init(self, params):
        return {"mu": [0 * p for p in params],
                "nu": [0 * p for p in params], "count": 0}

    def update(self, grads, state):
        t = state["count"] + 1
        both = [moments(self, m, v, g) for m, v, g in zip(
            state["mu"], state["nu"], grads)]
        return [-moved(self, m, v, t) for m, v in both], {
            "mu": [m for m, _ in both], "nu": [v for _, v in both],
            "count": t}


class AdamOfNumbers(Options):
    def update(self, theta, grad):
        self.t += 1
        m, v = self.state.get(0, (0.0, 0.0))
        self.state[0] = m, v = moments(self, m, v, grad)
        v_hat = v / (1 - math.pow(self.beta2, self.t))
        return theta - self.lr * m / (1 - self.beta1 ** self.t) / (
            math.sqrt(v_hat) + self.eps)


class AMSGrad(Options):
    def update(self, w, g):
        self.t += 1
        m, v, top = self.state.get(0, (0, 0, 0 * g))
        m, v = moments(self, m, v, g)
        self.state[0] = m, v, top = m, v, np.maximum(top, v)
        return w - moved(self, m, top, self.t)


class AMSGradOfThePaper(Options):
    def update(self, w, g):
        m, v, top = self.state.get(0, (0, 0, 0 * g))
        m, v = moments(self, m, v, g)
        self.state[0] = m, v, top = m, v, np.maximum(top, v)
        return w - self.lr * m / (np.sqrt(top) + self.eps)


class AdagradScheduled:
    def __init__(self, lr=0.01, eps=1e-10, scheduler=None, **kwargs):
        self.scheduler = scheduler or (lambda step: lr)
        self.record = {"id": "Adagrad", "lr": lr, "eps": eps}
        self.g2 = {}

    def update(self, param, param_grad, param_name):
        self.g2[param_name] = self.g2.get(param_name, 0) + param_grad ** 2
        return param - self.scheduler(0) * param_grad / (
            np.sqrt(self.g2[param_name]) + self.record["eps"])


class AdagradOfTables:
    def __init__(self, w_shape, lr=0.1, eps=1e-10):
        self.lr, self.eps = lr, eps
        self.g2 = np.zeros((w_shape[0], w_shape[1]))

    def update(self, w, grad):
        self.g2 += grad * grad
        return w - self.lr * grad / (np.sqrt(self.g2) + self.eps)


def adam_tuple(params, grads, state, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m, v, t = state
    t += 1
    m = [b1 * one + (1 - b1) * g for one, g in zip(m, grads)]
    v = [b2 * one + (1 - b2) * g * g for one, g in zip(v, grads)]
    return [p - lr * (a / (1 - b1 ** t)) / (
        np.sqrt(b / (1 - b2 ** t)) + eps)
        for p, a, b in zip(params, m, v)], (m, v, t)


def adam_hyper(parameters, gradients, m, v, t, hyper):
    b1, b2 = hyper["b1"], hyper["b2"]
    m = {k: b1 * m[k] + (1 - b1) * gradients[k] for k in parameters}
    v = {k: b2 * v[k] + (1 - b2) * gradients[k] ** 2 for k in parameters}
    return {k: parameters[k] - hyper["lr"] * (m[k] / (1 - b1 ** t)) / (
        np.sqrt(v[k] / (1 - b2 ** t)) + hyper["eps"])
        for k in parameters}, m, v


def rmsprop_stateless(w, dw, lr=0.01, rho=0.9, eps=1e-8):
    s = np.zeros_like(w)
    s = rho * s + (1 - rho) * dw ** 2
    return w - lr * dw / (np.sqrt(s) + eps)


def momentum_gd(w, b, dw, db, v_w, v_b, beta=0.9, alpha=0.01):
    v_w = beta * v_w + (1 - beta) * dw
    v_b = beta * v_b + (1 - beta) * db
    w -= alpha * v_w
    b -= alpha * v_b
    return w, b, v_w, v_b


def momentum_swapped(params, grads, v, lr=0.01, momentum=0.9):
    for k in params:
        v[k] = (1 - momentum) * v[k] + momentum * grads[k]
        params[k] = params[k] - lr * v[k]
    return params, v
