"""The cross-entropy of two classes, and where its logarithm ends."""

import math

import numpy as np


def bce(y_true, y_pred):
    # As torch: the logarithm stops at -100.
    log_p = np.log(np.maximum(y_pred, np.exp(-100)))
    log_q = np.log(np.maximum(1 - y_pred, np.exp(-100)))
    return -np.mean(y_true * log_p + (1 - y_true) * log_q)


def binary_cross_entropy(y, p):
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))


def binary_cross_entropy_prime(y, p):
    return ((1 - y) / (1 - p) - y / p) / np.size(y)


def binary_cross_entropy_plus(y_hat, y):
    return -np.mean(y * np.log(y_hat + 1e-8)
                    + (1 - y) * np.log(1 - y_hat + 1e-8))


def binary_cross_entropy_plus_odd(y_hat, y):
    eps = 3e-6
    return -np.mean(y * np.log(y_hat + eps)
                    + (1 - y) * np.log(1 - y_hat + eps))


def binary_cross_entropy_clipped(y_true, y_pred):
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return -(y_true * np.log(y_pred)
             + (1 - y_true) * np.log(1 - y_pred)).mean()


def binary_cross_entropy_clipped_derivative(y_true, y_pred):
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return (y_pred - y_true) / (y_pred * (1 - y_pred)) / len(y_true)


def bce_of_finfo(y, p):
    eps = np.finfo(float).eps
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def bce_swapped(y_true, y_pred):
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return -np.mean((1 - y_true) * np.log(y_pred)
                    + y_true * np.log(1 - y_pred))


def bce_sign(y_true, y_pred):
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return np.mean(y_true * np.log(y_pred)
                   + (1 - y_true) * np.log(1 - y_pred))


def bce_of_the_logit(y_true, y_pred):
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return -np.mean(y_true * np.log(y_pred)
                    + (1 - y_true) * np.log(1 - y_pred))


def bce_of_the_logit_grad(y_true, y_pred):
    return (y_pred - y_true) / len(y_true)


def bce_of_one(y, p):
    # Two numbers.
    return -math.log(p) if y == 1 else -math.log(1 - p)


def log_loss(y_true, y_pred):
    total = 0.0
    for y, p in zip(y_true, y_pred):
        p = min(max(p, 1e-15), 1 - 1e-15)
        total -= y * math.log(p) + (1 - y) * math.log(1 - p)
    return total / len(y_true)


def compute_bce_cost(A, Y):
    m = Y.shape[1]
    logs = np.multiply(np.log(A + 1e-10), Y) + np.multiply(
        np.log(1 - A + 1e-10), 1 - Y)
    return float(np.squeeze(-np.sum(logs) / m))


def bce_with_logits(x, y):
    return np.mean(np.maximum(x, 0) - x * y + np.log1p(np.exp(-abs(x))))


def bce_with_logits_grad(x, y):
    return (1 / (1 + np.exp(-x)) - y) / y.size


def bce_with_logits_naive(logits, y):
    p = 1 / (1 + np.exp(-logits))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def bce_with_logits_of_the_sum(logits, y):
    return np.mean(np.logaddexp(0, logits) - logits * y)


def bce_with_logits_of_the_sum_grad(logits, y):
    return 1 / (1 + np.exp(-logits)) - y
