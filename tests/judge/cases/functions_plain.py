"""Plain functions of NumPy, each slope a function of its own."""

import math

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_prime(x):
    return sigmoid(x) * (1 - sigmoid(x))


def stable_sigmoid(z):
    out = np.empty_like(z)
    high = z >= 0
    out[high] = 1 / (1 + np.exp(-z[high]))
    power = np.exp(z[~high])
    out[~high] = power / (1 + power)
    return out


def scalar_sigmoid(x):
    # One number; math.exp raises where NumPy's is infinite.
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def object_sigmoid(x):
    if isinstance(x, np.ndarray):
        return np.array([object_sigmoid(one) for one in x], dtype=object)
    return np.exp(-np.logaddexp(0, -x))


def single_sigmoid(x):
    return (1 / (1 + np.exp(-x.astype(np.float32)))).astype(np.float32)


def sigmoid_by_tanh(x):
    return 0.5 * np.tanh(0.5 * x) + 0.5


def sigmoid_with_ends(x):
    s = 1 / (1 + np.exp(-x))
    return np.clip(s, 1e-15, 1 - 1e-15)


def sigmoid_of_clipped(x):
    return 1 / (1 + np.exp(-np.clip(x, -45, 45)))


def sigmoid_upside_down(x):
    return 1 / (1 + np.exp(x))


def sigmoid_over(x):
    return np.exp(x) / (np.exp(x) + 1)


def relu(x):
    return np.maximum(0, x)


def drelu(x):
    return (x > 0).astype(float)


def relu_at_0(x):
    return x * (x > 0)


def d_relu_at_0(x):
    return np.where(x >= 0, 1, 0)


def relu_everywhere(x):
    return np.where(x > 0, x, 0)


def relu_everywhere_derivative(x):
    x = np.where(x > 0, x, 1)
    return np.where(x > 0, 1, 0)


def relu_by_loop(values):
    return [[max(0.0, value) for value in row] for row in values]


def relu_of_one(x):
    return x if x > 0 else 0.0


def relu_of_one_derivative(x):
    return 1.0 if x > 0 else 0.0


def relu_in_place(x):
    x[x < 0] = 0
    return x


def tanh(x):
    return np.tanh(x)


def tanh_grad(x):
    return 1 - np.tanh(x) ** 2


def tanh_from_book(x):
    up, down = np.exp(x), np.exp(-x)
    return (up - down) / (up + down)


def tanh_of_sigmoid(x):
    return 2 / (1 + np.exp(-2 * x)) - 1


def tanh_from_output(x):
    return np.tanh(x)


def tanh_from_output_derivative(y):
    return 1 - y * y


def tanh_not_squared(x):
    return np.tanh(x)


def tanh_not_squared_prime(x):
    return 1 - np.tanh(x)


def softplus(x):
    return np.logaddexp(0, x)


def softplus_derivative(x):
    return 1 / (1 + np.exp(-x))


def softplus_from_book(x):
    return np.log(1 + np.exp(x))


def softplus_from_20(x):
    return np.where(x > 20, x, np.log1p(np.exp(np.minimum(x, 20))))


def softplus_log1p(x):
    return np.log1p(np.exp(x))


half_sigmoid = lambda x, deriv=False: (  # noqa: E731
    x * (1 - x) if deriv else 1 / (1 + np.exp(-x)))
