"""Whole trainings: a function is handed the gradient and makes steps."""

import numpy as np


def adam_minimise(gradient, x, callback=None, num_iters=100, step_size=0.1,
                  b1=0.9, b2=0.999, eps=1e-8):
    m = v = np.zeros(x.shape)
    for i in range(num_iters):
        g = gradient(x, i)
        if callback:
            callback(x, i, g)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g ** 2
        x = x - step_size * m / (1 - b1 ** (i + 1)) / (
            np.sqrt(v / (1 - b2 ** (i + 1))) + eps)
    return x


def adam_as_it_is(df, x0, lr=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8,
                  max_iter=50):
    x, m, v = x0.copy(), 0.0, 0.0
    for _ in range(max_iter):
        g = df(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        x = x - lr * m / (np.sqrt(v) + epsilon)
    return x


def gradient_descent(f, grad_f, theta, lr=0.1, momentum=0.9, n_epochs=9,
                     tol=1e-6):
    path, v = [theta], 0.0
    for _ in range(n_epochs):
        g = grad_f(theta)
        if np.linalg.norm(g) < tol:
            break
        v = momentum * v + lr * g
        theta = theta - v
        path.append(theta)
    return np.array(path)


def momentum_ahead(df, x0, lr=0.1, momentum=0.9, steps=9):
    x, v = x0, 0.0
    for _ in range(steps):
        ahead = x - momentum * v
        v = momentum * v + lr * df(ahead)
        x = x - v
    return x


class RMSpropLoop:
    def __init__(self, lr=0.01, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps = lr, rho, eps

    def minimize(self, grad, x0, n_iter):
        x, s = np.array(x0), np.zeros_like(x0)
        for _ in range(n_iter):
            g = grad(x)
            s = self.rho * s + (1 - self.rho) * g ** 2
            x = x - self.lr * g / np.sqrt(s + self.eps)
        return x
