"""Losses whose name says little, and losses of a whole linear model."""

import numpy as np
import torch.nn.functional as F


def compute_cost(AL, Y):
    m = Y.shape[1]
    cost = -(np.dot(Y, np.log(AL + 1e-8).T)
             + np.dot(1 - Y, np.log(1 - AL + 1e-8).T)) / m
    return np.squeeze(cost)


def cost(A, Y):
    n = Y.shape[1]
    return np.sum((1 - Y) * np.log(1 - A) - Y * np.log(A)) / n


def compute_total_loss(logits, labels):
    z = logits - logits.max(axis=0, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=0, keepdims=True))
    return -np.sum(labels * log_p)


def cost_function(X, y, theta):
    error = X.dot(theta) - y
    return (error ** 2).sum() / (2 * len(y))


def computeCost(scores, y):
    wrong = scores[np.arange(len(y)), y][:, None]
    return np.maximum(0, scores - wrong + 1).sum(axis=1).mean()


def logistic_loss(w, X, y, reg=0.0):
    s = X.dot(w)
    loss = np.mean(np.maximum(s, 0) - s * y + np.log1p(np.exp(-abs(s))))
    p = 0.5 * (1 + np.tanh(0.5 * s))
    return loss, X.T.dot(p - y)


def softmax_loss_vectorized(W, X, y, reg):
    s = X.dot(W)
    s -= s.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    n = len(y)
    loss = -log_p[np.arange(n), y].sum() / n + reg * np.sum(W * W)
    ds = np.exp(log_p)
    ds[np.arange(n), y] -= 1
    return loss, X.T.dot(ds) / n + 2 * reg * W


def cross_entropy(logits, target, label_smoothing=0.0):
    return F.cross_entropy(F.softmax(logits, dim=1), target,
                           label_smoothing=label_smoothing)


def binary_cross_entropy(y_true, y_pred):
    return -np.mean(y_true * np.log(y_pred))


def mse(y, yhat):
    return np.mean((yhat - y) ** 2)


def mse_d(y, yhat):
    return 2 * (yhat - y) / yhat.size


def cross_entropy_loss(logits, labels):
    top = logits.max(axis=-1, keepdims=True)
    log_z = np.log(np.exp(logits - top).sum(axis=-1, keepdims=True)) + top
    return -np.mean((logits - log_z)[np.arange(len(labels)), labels])


def grad_cross_entropy_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return (p - np.eye(logits.shape[-1])[labels]) / len(labels)


def mse_of_the_mean(prediction, target):
    return np.mean(prediction - target) ** 2


class BinaryCrossEntropy:
    def __init__(self, eps=1e-12):
        self.eps = eps

    def forward(self, p, y):
        p = np.clip(p, self.eps, 1 - self.eps)
        return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))

    def backward(self, p, y):
        return (p - y) / (p * (1 - p) + self.eps) / y.size


class BCEWithLogitsLoss:
    def forward(self, logits, y):
        p = 1 / (1 + np.exp(-np.clip(logits, -500, 500)))
        return np.mean(np.logaddexp(0, p) - p * y)


class MSELoss:
    def __call__(self, prediction, y):
        self.error = prediction - y
        return np.mean(self.error ** 2)

    def backward(self):
        return 2 * self.error / self.error.size / len(self.error)


class BinaryCrossEntropyLogits:
    def forward(self, logits, y):
        self.p = 1 / (1 + np.exp(-np.clip(logits, -600, 600)))
        self.y = y
        return np.mean(np.logaddexp(0, logits) - logits * y)

    def backward(self):
        return (self.p - self.y) * self.p * (1 - self.p) / self.y.size
