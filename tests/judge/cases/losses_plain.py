"""Losses as plain functions: reductions, orders, labels, one-hot."""

import math

import numpy as np


def mse(y, y_pred):
    return np.mean((y - y_pred) ** 2)


def mse_prime(y, y_pred):
    return 2 * (y_pred - y) / np.size(y)


def mean_squared_error(actual, predicted):
    return np.mean(np.square(actual - predicted))


def mse_per_row(outputs, targets):
    return np.sum((outputs - targets) ** 2) / len(outputs)


def mse_of_rows(y_hat, y):
    return np.mean((y_hat - y) ** 2, axis=1)


def mse_entries(p, t):
    return (p - t) ** 2


def mse_by_loop(actual, predicted):
    total = 0.0
    for a, p in zip(actual.ravel(), predicted.ravel()):
        total += (a - p) ** 2
    return total / actual.size


def mse_of_vectors(y_true, y_pred):
    total = 0.0
    for i in range(len(y_true)):
        total += float(y_true[i] - y_pred[i]) ** 2
    return total / len(y_true)


def sum_squared_error(y, t):
    return 0.5 * np.sum((y - t) ** 2)


def mse_by_2m(a, y):
    return np.sum((a - y) ** 2) / (2 * a.shape[0])


def mse_wrong_sign(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


def mse_wrong_sign_derivative(y_true, y_pred):
    return 2 * (y_true - y_pred) / y_true.size


def mse_of_the_sum(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


def mse_of_the_sum_grad(y_true, y_pred):
    return 2 * (y_pred - y_true)


def mse_without_2(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


def mse_without_2_grad(y_true, y_pred):
    return (y_pred - y_true) / y_true.size


def cross_entropy(predictions, targets):
    # One sample: (1, k) and (k,).
    k = targets.shape[0]
    right = np.sum(targets.reshape(1, k) * predictions)
    return -np.log(right)


def cross_entropy_clipped_below(y_hat, y):
    return -np.sum(y * np.log(np.clip(y_hat, 1e-20, None))) / y.shape[0]


def cross_entropy_all_mean(y_pred, y_true):
    eps = 1e-15
    return np.mean(-y_true * np.log(y_pred + eps))


def cross_entropy_all_mean_grad(y_pred, y_true):
    eps = 1e-15
    return -y_true / (y_pred + eps)


def cross_entropy_bits(y, p):
    return -np.sum(y * np.log2(p))


def categorical_cross_entropy(y_true, y_pred):
    return -np.sum(y_true * np.log(y_pred))


def cross_entropy_clipped(actual, predicted):
    predicted = np.clip(predicted, 1e-15, 1 - 1e-15)
    return -np.sum(actual * np.log(predicted)) / float(len(predicted))


def cross_entropy_labels(p, labels):
    n = labels.shape[0]
    return -np.log(p[range(n), labels]).sum() / n


def cross_entropy_columns(AL, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(AL + 1e-8)) / m


def cross_entropy_by_loop(p, y):
    total = 0.0
    for row, right in zip(p, y):
        for a, b in zip(row, right):
            if b > 0:
                total -= b * (math.log(a) if a > 0 else -math.inf)
    return total / len(p)


def nll_loss(log_probs, target):
    return -log_probs[np.arange(len(target)), target].mean()


def softmax_cross_entropy(x, t):
    z = x - x.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(t)), t.ravel()].sum() / len(t)


def softmax_loss(x, t):
    p = np.exp(x - x.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    n = len(p)
    return -np.sum(np.log(p[np.arange(n), t.argmax(axis=1)] + 1e-7)) / n


def cross_entropy_of_logits(logits, y):
    top = np.max(logits, axis=1)
    log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), axis=1))
    return np.mean(log_sum - np.sum(logits * y, axis=1))


def cross_entropy_of_logits_grad(logits, y):
    p = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return (p - y) / len(y)


def cross_entropy_plain_logits(logits, y):
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    return -np.mean(np.sum(y * np.log(p), axis=1))
