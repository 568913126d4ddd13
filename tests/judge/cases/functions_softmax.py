"""softmax of rows, columns, one sample, the last axis."""

import numpy as np


def softmax_rows(x):
    x = x - x.max(axis=1, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)


def softmax_last(x):
    power = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return power / np.sum(power, axis=-1, keepdims=True)


def softmax_axis(x, axis=1):
    power = np.exp(x - x.max(axis=axis, keepdims=True))
    return power / power.sum(axis=axis, keepdims=True)


def softmax_axis_needed(x, axis):
    power = np.exp(x - x.max(axis=axis, keepdims=True))
    return power / power.sum(axis=axis, keepdims=True)


def softmax_axis_0(x, axis=0):
    power = np.exp(x - x.max(axis=axis, keepdims=True))
    return power / power.sum(axis=axis, keepdims=True)


def softmax_twice_turned(x):
    if x.ndim == 2:
        x = x.T
        x = x - np.max(x, axis=0)
        return (np.exp(x) / np.sum(np.exp(x), axis=0)).T
    x = x - np.max(x)
    return np.exp(x) / np.sum(np.exp(x))


def softmax_one_sample(x):
    assert x.ndim == 1
    power = np.exp(x - np.max(x))
    return power / power.sum()


def softmax_of_list(x):
    top = max(x)
    power = [np.exp(one - top) for one in x]
    return [one / sum(power) for one in power]


def softmax_whole_batch(x):
    power = np.exp(x - np.max(x))
    return power / np.sum(power)


def softmax_whole_batch_plain(x):
    return np.exp(x) / np.sum(np.exp(x))


def softmax_plain_rows(x):
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)


def softmax_plain_columns(x):
    return np.exp(x) / np.sum(np.exp(x), axis=0)


def softmax_global_columns(x):
    power = np.exp(x - np.max(x))
    return power / power.sum(axis=0)


def softmax_global_rows(x):
    power = np.exp(x - np.max(x))
    return power / power.sum(axis=1, keepdims=True)


def softmax_above_only(x):
    shifted = x - np.max(x, axis=1, keepdims=True)
    return np.exp(shifted) / np.sum(np.exp(x), axis=1, keepdims=True)


def softmax_without_keepdims(x):
    power = np.exp(x - np.max(x, axis=1, keepdims=True))
    return power / np.sum(power, axis=1)


def softmax_einsum(x):
    power = np.exp(x - np.max(x, axis=1)[:, None])
    return np.einsum("ij,i->ij", power, 1 / power.sum(axis=1))


def softmax_plus(x):
    power = np.exp(x - np.max(x, axis=1, keepdims=True))
    return power / (np.sum(power, axis=1, keepdims=True) + 1e-8)


def log_softmax(x):
    x = x - np.max(x, axis=1, keepdims=True)
    return x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))


def log_softmax_columns(x):
    x = x - np.max(x, axis=0, keepdims=True)
    return x - np.log(np.sum(np.exp(x), axis=0, keepdims=True))


def log_softmax_of_softmax(x):
    return np.log(softmax_rows(x))


def log_softmax_plus(x):
    return np.log(softmax_rows(x) + 1e-9)


def log_softmax_plain(x):
    return x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))


def log_softmax_maximum_lost(x):
    top = np.max(x, axis=1, keepdims=True)
    return x - np.log(np.sum(np.exp(x - top), axis=1, keepdims=True))


class Softmax:
    def forward(self, x):
        power = np.exp(x - np.max(x, axis=-1, keepdims=True))
        self.p = power / power.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, dout):
        inner = np.sum(dout * self.p, axis=-1, keepdims=True)
        return self.p * (dout - inner)


class SoftmaxDiagonal(Softmax):
    def backward(self, dout):
        return dout * self.p * (1 - self.p)


class SoftmaxMatrices(Softmax):
    def gradient(self, x):
        p = self.forward(x)
        return np.array([np.diag(one) - np.outer(one, one) for one in p])

    backward = None
