"""Classes that are called: __call__ and gradient, fn and grad."""

import numpy as np


class Activation:
    def __call__(self, x):
        return self.fn(x)


class Sigmoid:
    def __call__(self, x):
        return 1 / (1 + np.exp(-x))

    def gradient(self, x):
        return self(x) * (1 - self(x))


class SigmoidOfFn(Activation):
    def fn(self, z):
        return 1 / (1 + np.exp(-z))

    def grad(self, x):
        value = self.fn(x)
        return value * (1 - value)


class ReLU:
    def __call__(self, x):
        return np.where(x >= 0, x, 0)

    def gradient(self, x):
        return np.where(x >= 0, 1, 0)


class TanH:
    def __call__(self, x):
        return 2 / (1 + np.exp(-2 * x)) - 1

    def gradient(self, x):
        return 1 - self(x) ** 2


class SoftPlus:
    def __call__(self, x):
        return np.log(1 + np.exp(x))

    def gradient(self, x):
        return 1 / (1 + np.exp(-x))


class SoftPlusOfFn(Activation):
    def fn(self, z):
        return np.log(np.exp(z) + 1)

    def grad(self, x):
        power = np.exp(x)
        return power / (power + 1)


class Softmax:
    def __call__(self, x):
        power = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return power / power.sum(axis=-1, keepdims=True)

    def gradient(self, x):
        p = self(x)
        return p * (1 - p)


class CrossEntropy:
    def loss(self, y, p):
        p = np.clip(p, 1e-15, 1 - 1e-15)
        return -y * np.log(p) - (1 - y) * np.log(1 - p)

    def gradient(self, y, p):
        p = np.clip(p, 1e-15, 1 - 1e-15)
        return -(y / p) + (1 - y) / (1 - p)


class SquareLoss:
    def loss(self, y, y_pred):
        return 0.5 * np.power(y - y_pred, 2)

    def gradient(self, y, y_pred):
        return -(y - y_pred)


class MeanSquaredError:
    @staticmethod
    def loss(y_true, y_pred):
        return np.mean(np.power(y_true - y_pred, 2))

    @staticmethod
    def derivative(y_true, y_pred):
        return 2 * (y_pred - y_true) / np.size(y_true)


class Functions:
    # Called as Functions.tanh(x): neither self nor a decorator.
    def tanh(x):
        return np.tanh(x)

    def tanh_derivative(x):
        return 1 - np.tanh(x) ** 2

    @staticmethod
    def relu(x):
        return np.maximum(x, 0)

    @staticmethod
    def relu_derivative(x):
        return 1 * (x > 0)

    @classmethod
    def sigmoid(cls, x):
        return 1 / (1 + np.exp(-x))

    @classmethod
    def sigmoid_derivative(cls, x):
        return cls.sigmoid(x) * (1 - cls.sigmoid(x))
