"""batch_norm and layer_norm in the forms in which people write them."""

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def layer_norm_of_std(x, gamma, beta, eps=1e-6):
    std = x.std(axis=-1, keepdims=True)
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / (std + eps) + beta


def layer_norm_of_a_batch(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta


def batchnorm_plain(X):
    return (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-8)


def batch_norm(x, gamma, beta, running_mean, running_var, training,
               momentum=0.1, eps=1e-5):
    if training:
        mean, var = x.mean(0), x.var(0)
        n = len(x)
        running_mean[:] = (1 - momentum) * running_mean + momentum * mean
        running_var[:] = ((1 - momentum) * running_var
                          + momentum * var * n / (n - 1))
    else:
        mean, var = running_mean, running_var
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def batch_norm_of_the_book(x, gamma, beta, moving_mean, moving_var, training,
                           eps, momentum):
    if training:
        mean, var = x.mean(0), x.var(0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_var = momentum * moving_var + (1 - momentum) * var
    else:
        mean, var = moving_mean, moving_var
    return (gamma * (x - mean) / np.sqrt(var + eps) + beta, moving_mean,
            moving_var)


class BatchNormAlways:
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.gamma, self.beta = np.ones(num_features), np.zeros(num_features)
        self.eps, self.momentum, self.training = eps, momentum, True
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        mean, var = x.mean(0), x.var(0)
        if self.training:
            m, n = self.momentum, len(x)
            self.running_mean = (1 - m) * self.running_mean + m * mean
            self.running_var = ((1 - m) * self.running_var
                                + m * var * n / (n - 1))
        return self.gamma * (x - mean) / np.sqrt(var + self.eps) + self.beta


def layer_norm_raises(x, gamma, beta):
    return x.means()


def layer_norm_of_anything(x, what):
    return x
