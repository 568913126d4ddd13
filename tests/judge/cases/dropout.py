"""Dropout in the forms in which people write it."""

import numpy as np
import torch


def dropout(x, p):
    mask = np.random.rand(*x.shape) > p
    return x * mask / (1 - p)


def dropout_at_1(x, p):
    return x * torch.bernoulli(torch.full_like(x, 1 - p)) / (1 - p)


def dropout_detached(x, p):
    with torch.no_grad():
        mask = (torch.rand_like(x) > p) / (1 - p)
        change = x * mask - x
    return x + change


def dropout_redrawn(x, p):
    value, other = ((torch.rand_like(x) > p) / (1 - p) for _ in range(2))
    return x * other + (x * value - x * other).detach()


def dropout_in_place(x, p):
    x[torch.rand_like(x) < p] = 0
    x /= 1 - p
    return x


def dropout_layer(X, dropout):
    if dropout == 1:
        return torch.zeros_like(X)
    mask = (torch.rand(X.shape) > dropout).float()
    return mask * X / (1.0 - dropout)


def dropout_forward(x, keep_prob, training=True):
    if not training:
        return x, None
    mask = (np.random.rand(*x.shape) < keep_prob) / keep_prob
    return x * mask, mask


class Dropout:
    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio = dropout_ratio
        self.mask = None

    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = np.random.rand(*x.shape) > self.dropout_ratio
            return x * self.mask
        return x * (1.0 - self.dropout_ratio)

    def backward(self, dout):
        return dout * self.mask


class DropoutUnmasked:
    def __init__(self, p):
        self.p, self.training = p, True

    def __call__(self, x):
        if not self.training:
            return x
        return x * (np.random.rand(*x.shape) > self.p) / (1 - self.p)

    def backward(self, grad):
        return grad / (1 - self.p)


class DropoutAlways:
    def __init__(self, rate):
        self.rate = rate

    def eval(self):
        return self

    def forward(self, x):
        mask = np.random.binomial(1, 1 - self.rate, x.shape)
        return x * mask / (1 - self.rate)


def dropout_of_keep(x, p):
    return x * (np.random.rand(*x.shape) < p) / p


def dropout_unscaled(x, p):
    return x * (np.random.rand(*x.shape) > p)


def dropout_by_p(x, p):
    return x * (np.random.rand(*x.shape) > p) / p


def dropout_of_units(x, p):
    return x * (np.random.rand(x.shape[1]) > p) / (1 - p)


def dropout_of_rows(x, p):
    return x * (torch.rand(len(x), 1) > p) / (1 - p)


def dropout_seeded(x, p):
    rng = np.random.default_rng(0)
    return x * (rng.random(x.shape) > p) / (1 - p)


def dropout_scaled_twice(x, p, training):
    if not training:
        return x * (1 - p)
    return x * (np.random.rand(*x.shape) > p) / (1 - p)


def dropout_halved(x, p):
    return x * (np.random.rand(*x.shape) > p / 2) / (1 - p)


def dropout_raises(x, p):
    return x.dropout(p)


def dropout_of_anything(thing, x, p):
    return x
