"""Optimisers that return a direction, pairs of w and b, or layers."""

import numpy as np


class Adam:
    """A direction that lr is part of; the caller counts."""

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.beta1, self.beta2 = beta1, beta2
        self.m, self.v = 0, 0

    def update(self, grad, t):
        self.m = self.beta1 * self.m + (1 - self.beta1) * grad
        self.v = self.beta2 * self.v + (1 - self.beta2) * grad ** 2
        m = self.m / (1 - self.beta1 ** t)
        v = self.v / (1 - self.beta2 ** t)
        return self.lr * m / (np.sqrt(v) + self.eps)


class AdamNegative:
    """A direction that is added, by a method of another name."""

    def __init__(self, stepsize=0.001, beta_1=0.9, beta_2=0.999):
        self.stepsize = stepsize
        self.beta_1, self.beta_2 = beta_1, beta_2
        self.t, self.m, self.v = 0, None, None

    def _compute_step(self, grad):
        if self.m is None:
            self.m = np.zeros_like(grad)
            self.v = np.zeros_like(grad)
        self.t += 1
        rate = self.stepsize * np.sqrt(1 - self.beta_2 ** self.t) / (
            1 - self.beta_1 ** self.t)
        self.m = self.beta_1 * self.m + (1 - self.beta_1) * grad
        self.v = self.beta_2 * self.v + (1 - self.beta_2) * grad * grad
        return -rate * self.m / (np.sqrt(self.v) + 1e-8)

    def get_update(self, grad):
        return self._compute_step(grad)


class AdamOptimizer:
    """No correction, epsilon 1e-7; the moments are the caller's."""

    def __init__(self, alpha=0.001, beta1=0.9, beta2=0.999):
        self.alpha, self.b1, self.b2 = alpha, beta1, beta2
        self.delta = 1e-7

    def update_weights(self, dw, m1, m2):
        m1 = self.b1 * m1 + (1 - self.b1) * dw
        m2 = self.b2 * m2 + (1 - self.b2) * dw ** 2
        step = self.alpha * m1 / (np.sqrt(m2) + self.delta)
        return m1, m2, step


class AdamPair:
    """w and b together, the clock first."""

    def __init__(self, eta=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.m_dw, self.v_dw = 0, 0
        self.m_db, self.v_db = 0, 0
        self.beta1, self.beta2 = beta1, beta2
        self.epsilon = epsilon
        self.eta = eta

    def update(self, t, w, b, dw, db):
        self.m_dw = self.beta1 * self.m_dw + (1 - self.beta1) * dw
        self.m_db = self.beta1 * self.m_db + (1 - self.beta1) * db
        self.v_dw = self.beta2 * self.v_dw + (1 - self.beta2) * dw ** 2
        self.v_db = self.beta2 * self.v_db + (1 - self.beta2) * db
        c1, c2 = 1 - self.beta1 ** t, 1 - self.beta2 ** t
        w = w - self.eta * (self.m_dw / c1) / (
            np.sqrt(self.v_dw / c2) + self.epsilon)
        b = b - self.eta * (self.m_db / c1) / (
            np.sqrt(self.v_db / c2) + self.epsilon)
        return w, b


class RMSprop:
    """Changes of w and b; the decay weighs the new square."""

    def __init__(self, learning_rate=0.001, decay_rate=0.9, eps=1e-8):
        self.learning_rate = learning_rate
        self.decay_rate = decay_rate
        self.eps = eps
        self.cache_w, self.cache_b = 0, 0

    def calculate_change(self, nabla_w, nabla_b):
        keep = 1 - self.decay_rate
        self.cache_w = keep * self.cache_w + self.decay_rate * nabla_w ** 2
        self.cache_b = keep * self.cache_b + self.decay_rate * nabla_b ** 2
        w = self.learning_rate * nabla_w / (np.sqrt(self.cache_w)
                                            + self.eps)
        b = self.learning_rate * nabla_b / (np.sqrt(self.cache_b)
                                            + self.eps)
        return w, b


class Optimizer_Adam:
    """Layers with weights, dweights, biases and dbiases."""

    def __init__(self, learning_rate=0.001, decay=0.0, epsilon=1e-7,
                 beta_1=0.9, beta_2=0.999):
        self.learning_rate = learning_rate
        self.current_learning_rate = learning_rate
        self.decay, self.epsilon = decay, epsilon
        self.iterations = 0
        self.beta_1, self.beta_2 = beta_1, beta_2

    def pre_update_params(self):
        if self.decay:
            self.current_learning_rate = self.learning_rate / (
                1.0 + self.decay * self.iterations)

    def update_params(self, layer):
        for name in ("weights", "biases"):
            if not hasattr(layer, name + "_momentums"):
                zero = np.zeros_like(getattr(layer, name))
                setattr(layer, name + "_momentums", zero)
                setattr(layer, name + "_cache", zero)
        layer.weights = layer.weights - self.change(
            layer, "weights", layer.dweights)
        layer.biases = layer.biases - self.change(
            layer, "biases", layer.dbiases)

    def change(self, layer, name, gradient):
        m = (self.beta_1 * getattr(layer, name + "_momentums")
             + (1 - self.beta_1) * gradient)
        v = (self.beta_2 * getattr(layer, name + "_cache")
             + (1 - self.beta_2) * gradient ** 2)
        setattr(layer, name + "_momentums", m)
        setattr(layer, name + "_cache", v)
        m = m / (1 - self.beta_1 ** (self.iterations + 1))
        v = v / (1 - self.beta_2 ** (self.iterations + 1))
        return self.current_learning_rate * m / (np.sqrt(v) + self.epsilon)

    def post_update_params(self):
        self.iterations += 1


class Optimizer_RMSprop:
    """Layers; the square is kept on the layer."""

    def __init__(self, learning_rate=0.001, decay=0.0, epsilon=1e-7,
                 rho=0.9):
        self.learning_rate = learning_rate
        self.current_learning_rate = learning_rate
        self.decay, self.epsilon, self.rho = decay, epsilon, rho
        self.iterations = 0

    def pre_update_params(self):
        if self.decay:
            self.current_learning_rate = self.learning_rate * (
                1.0 / (1.0 + self.decay * self.iterations))

    def update_params(self, layer):
        if not hasattr(layer, "weight_cache"):
            layer.weight_cache = np.zeros_like(layer.weights)
            layer.bias_cache = np.zeros_like(layer.biases)
        layer.weight_cache = (self.rho * layer.weight_cache
                              + (1 - self.rho) * layer.dweights ** 2)
        layer.bias_cache = (self.rho * layer.bias_cache
                            + (1 - self.rho) * layer.dbiases ** 2)
        layer.weights += -self.current_learning_rate * layer.dweights / (
            np.sqrt(layer.weight_cache) + self.epsilon)
        layer.biases += -self.current_learning_rate * layer.dbiases / (
            np.sqrt(layer.bias_cache) + self.epsilon)

    def post_update_params(self):
        self.iterations += 1


class MomentumOfLayers:
    """All layers of a network."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.velocity = {}

    def update(self, network):
        for i, layer in enumerate(network.layers):
            v = self.velocity.get(i, 0)
            self.velocity[i] = self.momentum * v + layer.dW
            layer.W -= self.lr * self.velocity[i]
