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
