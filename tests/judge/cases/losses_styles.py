"""Losses in further styles: costs with delta, loss classes, labels."""

import numpy as np


class QuadraticCost:
    @staticmethod
    def fn(a, y):
        return 0.5 * np.linalg.norm(a - y) ** 2

    @staticmethod
    def delta(a, y):
        return a - y


class BinaryCrossEntropyCost:
    @staticmethod
    def fn(a, y):
        return np.sum(np.nan_to_num(-y * np.log(a)
                                    - (1 - y) * np.log(1 - a)))

    @staticmethod
    def delta(z, a, y):
        return a - y


class MSE:
    def loss(self, predicted: np.ndarray, actual: np.ndarray) -> float:
        return np.sum((predicted - actual) ** 2)

    def grad(self, predicted: np.ndarray, actual: np.ndarray) -> np.ndarray:
        return 2 * (predicted - actual)


class SquaredError:
    def __call__(self, y, y_pred):
        return self.loss(y, y_pred)

    @staticmethod
    def loss(y, y_pred):
        return 0.5 * np.linalg.norm(y_pred - y) ** 2

    @staticmethod
    def grad(y, y_pred, z, act_fn):
        return (y_pred - y) * act_fn.grad(z)


class CrossEntropyOfP:
    def __call__(self, y, y_pred):
        return self.loss(y, y_pred)

    @staticmethod
    def loss(y, y_pred):
        eps = np.finfo(float).eps
        return -np.sum(y * np.log(y_pred + eps))

    @staticmethod
    def grad(y, y_pred):
        return y_pred - y


class SoftmaxCrossEntropy:
    def __init__(self, reduction="mean"):
        self.reduction = reduction

    def forward(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        self.labels = labels
        rows = np.arange(len(labels))
        losses = -np.log(self.p[rows, labels] + 1e-12)
        return losses.mean() if self.reduction == "mean" else losses

    def backward(self):
        grad = self.p.copy()
        grad[np.arange(len(self.labels)), self.labels] -= 1
        return grad / len(self.labels)


class BCEWithLogitsLoss:
    def forward(self, logits, targets):
        self.x, self.t = logits, targets
        return np.mean(np.maximum(logits, 0) - logits * targets
                       + np.log1p(np.exp(-np.abs(logits))))

    def backward(self):
        return (1 / (1 + np.exp(-self.x)) - self.t) / self.t.size


class CategoricalCrossentropy:
    def calculate(self, y_pred, y_true):
        y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
        return np.mean(-np.log(np.sum(y_pred * y_true, axis=1)))

    def gradient(self, y_pred, y_true):
        return -y_true / y_pred / len(y_pred)


class SoftmaxCategoricalCrossentropy:
    def forward(self, inputs, y_true):
        power = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = power / np.sum(power, axis=1, keepdims=True)
        p = np.clip(self.output, 1e-7, 1 - 1e-7)
        return np.mean(-np.log(p[range(len(p)), y_true]))

    def backward(self, dvalues, y_true):
        samples = len(dvalues)
        self.dinputs = dvalues.copy()
        self.dinputs[range(samples), y_true] -= 1
        self.dinputs = self.dinputs / samples


def cross_entropy_error(y, t):
    if y.ndim == 1:
        t, y = t.reshape(1, t.size), y.reshape(1, y.size)
    if t.size == y.size:
        t = t.argmax(axis=1)
    n = y.shape[0]
    return -np.sum(np.log(y[np.arange(n), t] + 1e-7)) / n


def mean_squared_error(y, t):
    return 0.5 * np.sum((y - t) ** 2)


def cross_entropy_of_one(probs, label):
    return -np.log(probs[label])


def cross_entropy_normalised(target, output):
    output = output / output.sum(axis=-1, keepdims=True)
    output = np.clip(output, 1e-7, 1 - 1e-7)
    return np.sum(target * -np.log(output), axis=-1)


def cross_entropy_with_classes(logits, labels, num_classes):
    y = np.eye(num_classes)[labels]
    z = logits - logits.max(1, keepdims=True)
    return -(y * (z - np.log(np.exp(z).sum(1, keepdims=True)))).sum(1).mean()


def label_shifted_cross_entropy(p, labels):
    return -np.mean(np.log(p[np.arange(len(p)), labels - 1]))


def mse_half_grad(y_pred, y_true):
    return y_pred - y_true


def mse_half(y_pred, y_true):
    return 0.5 * np.mean((y_pred - y_true) ** 2)


def rms_mse(y_true, y_pred):
    return np.sqrt(np.mean((y_true - y_pred) ** 2))


def mse_with_n(y_true, y_pred, n):
    return ((y_true - y_pred) ** 2).sum() / n


def bce_over_rows(y_pred, y_true, eps=1e-9):
    losses = (y_true * np.log(y_pred + eps)
              + (1 - y_true) * np.log(1 - y_pred + eps))
    return -losses.sum(axis=1).mean()


def bce_first_half(y_true, y_pred):
    return -np.mean(y_true * np.log(y_pred + 1e-9))
