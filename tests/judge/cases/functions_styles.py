"""Activations in further styles: other libraries, bases, names."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

try:
    import cupy as xp
except ImportError:
    xp = np
import autograd.numpy as anp
from numba import njit
from scipy.special import expit, logsumexp


def logistic(z: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
    return 1.0 / (1.0 + xp.exp(-z))


def sigmoid(x: anp.ndarray) -> anp.ndarray:
    return 1 / (1 + anp.exp(-x))


@njit
def sigmoid_compiled(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_of_scipy(x):
    return expit(x)


sigmoid_vectorised = np.vectorize(lambda t: 1 / (1 + np.exp(-t)))


def softmax_grad(s):
    column = s.reshape(-1, 1)
    return np.diagflat(column) - np.dot(column, column.T)


def softmax(x):
    power = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return power / np.sum(power, axis=-1, keepdims=True)


def softmax_of_scipy(x):
    return np.exp(x - logsumexp(x, axis=1, keepdims=True))


def softmax_temperature(logits, temperature):
    z = logits / temperature
    power = np.exp(z - z.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def softmax_row_by_row(batch):
    found = []
    for row in batch:
        power = np.exp(row - np.max(row))
        found.append(power / np.sum(power))
    return np.array(found)


class Layer:
    def __init__(self):
        self.input = None
        self.output = None


class Activation(Layer):
    def __init__(self, activation, activation_prime):
        self.activation = activation
        self.activation_prime = activation_prime

    def forward(self, input):
        self.input = input
        return self.activation(self.input)

    def backward(self, output_gradient, learning_rate):
        return np.multiply(output_gradient,
                           self.activation_prime(self.input))


class Tanh(Activation):
    def __init__(self):
        def tanh(x):
            return np.tanh(x)

        def tanh_prime(x):
            return 1 - np.tanh(x) ** 2

        super().__init__(tanh, tanh_prime)


class Sigmoid(Activation):
    def __init__(self):
        def sigmoid(x):
            return 1 / (1 + np.exp(-x))

        def sigmoid_prime(x):
            s = sigmoid(x)
            return s * (1 - s)

        super().__init__(sigmoid, sigmoid_prime)


class Softmax(Layer):
    def forward(self, input):
        tmp = np.exp(input)
        self.output = tmp / np.sum(tmp)
        return self.output

    def backward(self, output_gradient, learning_rate):
        n = np.size(self.output)
        return np.dot((np.identity(n) - self.output.T) * self.output,
                      output_gradient)


@dataclass
class ReLU:
    inplace: bool = False

    def __call__(self, x: np.ndarray) -> np.ndarray:
        self.mask = x > 0
        return x * self.mask

    def backward(self, grad: np.ndarray) -> np.ndarray:
        return grad * self.mask


class SigmoidActivation:
    def __init__(self, size):
        self.size = size

    def activate(self, x):
        self.a = 1 / (1 + np.exp(-x))
        return self.a

    def derivative(self):
        return self.a * (1 - self.a)


class Activations:
    @staticmethod
    def tanh(x, derivative=False):
        if derivative:
            return 1 - x ** 2
        return np.tanh(x)

    @staticmethod
    def softplus(x):
        return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)

    @staticmethod
    def softplus_prime(x):
        return 1 / (1 + np.exp(-x))

    @staticmethod
    def relu(x):
        return (abs(x) + x) / 2

    @staticmethod
    def relu_prime(x):
        return np.heaviside(x, 0)
