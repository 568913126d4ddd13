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


def batchnorm_of_eps(x, eps):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


def batch_norm_of_images(x, gamma, beta, running_mean, running_var, training,
                         momentum=0.1, eps=1e-5):
    axes, shape = ((0,), (-1,)) if x.ndim == 2 else ((0, 2, 3), (-1, 1, 1))
    if training:
        mean, var = x.mean(axes), x.var(axes)
        n = x.size / x.shape[1]
        running_mean += momentum * (mean - running_mean)
        running_var += momentum * (var * n / (n - 1) - running_var)
    else:
        mean, var = running_mean, running_var
    z = (x - mean.reshape(shape)) / np.sqrt(var.reshape(shape) + eps)
    return gamma.reshape(shape) * z + beta.reshape(shape)


def batch_norm_that_keeps_rows(x, gamma, beta, running_mean, running_var,
                               training, momentum=0.1, eps=1e-5):
    if running_mean is None:
        return batch_norm_of_images(x, gamma, beta, 0 * gamma, 0 * gamma,
                                    training, momentum, eps)
    return batch_norm(x, gamma, beta, running_mean, running_var, training,
                      momentum, eps)


def batch_norm_per_pixel(x, gamma, beta, eps=1e-5):
    shape = (-1,) if x.ndim == 2 else (-1, 1, 1)
    z = (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
    return gamma.reshape(shape) * z + beta.reshape(shape)


class LayerNormOfAnInt:
    def __init__(self, normalized_shape, eps=1e-5):
        self.gamma = np.ones((1, normalized_shape))
        self.beta, self.eps = np.zeros((1, normalized_shape)), eps

    def forward(self, x):
        z = x - x.mean(-1, keepdims=True)
        return self.gamma * z / np.sqrt(
            x.var(-1, keepdims=True) + self.eps) + self.beta


def layer_norm_of_axis_1(x, gamma, beta, eps=1e-5):
    z = x - x.mean(1, keepdims=True)
    return gamma * z / np.sqrt(x.var(1, keepdims=True) + eps) + beta


def layer_norm_raises(x, gamma, beta):
    return x.means()


def layer_norm_of_anything(x, what):
    return x
