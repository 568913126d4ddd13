"""Initialisers in the forms in which people write them."""

import math

import numpy as np


def xavier(fan_in, fan_out):
    limit = math.sqrt(6 / (fan_in + fan_out))
    return np.random.uniform(-limit, limit, (fan_in, fan_out))


def glorot_normal(shape):
    return np.random.normal(0, np.sqrt(2 / sum(shape)), shape)


def he_init(shape):
    return np.random.randn(*shape) * np.sqrt(2.0 / shape[0])


def he_of_torchs_shape(shape, rng):
    return rng.normal(size=shape) * np.sqrt(2.0 / shape[1])


def initialize_parameters_he(layers_dims):
    parameters = {}
    for i in range(1, len(layers_dims)):
        parameters["W" + str(i)] = np.random.randn(
            layers_dims[i], layers_dims[i - 1]) * np.sqrt(
                2 / layers_dims[i - 1])
        parameters["b" + str(i)] = np.zeros((layers_dims[i], 1))
    return parameters


class HeUniform:
    @staticmethod
    def initialize(shape):
        limit = np.sqrt(6 / shape[0])
        return np.random.uniform(-limit, limit, shape)


class GlorotUniform:
    def __init__(self, seed=None):
        self.rng = np.random.default_rng(seed)

    def __call__(self, shape, dtype=float):
        limit = np.sqrt(6 / (shape[0] + shape[1]))
        return self.rng.uniform(-limit, limit, shape).astype(dtype)


def kaiming(n_in, n_out):
    return np.random.randn(n_in, n_out) * np.sqrt(2 / n_in), np.zeros(n_out)


def he_normal_cut(fan_in, fan_out):
    std = np.sqrt(2 / fan_in) / 0.87962566103423978
    w = np.random.normal(0, std, fan_in * fan_out)
    while (far := np.abs(w) > 2 * std).any():
        w[far] = np.random.normal(0, std, far.sum())
    return w.reshape(fan_in, fan_out)


def he_normal_cut_short(fan_in, fan_out):
    std = np.sqrt(2 / fan_in)
    w = np.random.normal(0, std, fan_in * fan_out)
    while (far := np.abs(w) > 2 * std).any():
        w[far] = np.random.normal(0, std, far.sum())
    return w.reshape(fan_in, fan_out)


def xavier_init(n_in, n_out):
    return np.random.randn(n_in, n_out) * np.sqrt(1 / n_in)


def xavier_without_root(n_in, n_out):
    return np.random.randn(n_in, n_out) * 2 / (n_in + n_out)


def xavier_without_brackets(n_in, n_out):
    return np.random.normal(0, np.sqrt(2 / n_in + n_out), (n_in, n_out))


def xavier_uniform_of_std(fan_in, fan_out):
    std = np.sqrt(2 / (fan_in + fan_out))
    return np.random.uniform(-std, std, (fan_in, fan_out))


def xavier_of_one(fan_in, fan_out):
    return np.random.randn(fan_in, fan_out) * np.sqrt(1 / (fan_in + fan_out))


def xavier_normal_of_bound(fan_in, fan_out):
    return np.random.randn(fan_in, fan_out) * np.sqrt(6 / (fan_in + fan_out))


def he_of_units(fan_in, fan_out):
    return np.random.randn(fan_in, fan_out) * np.sqrt(2 / fan_out)


def he_of_lecun(fan_in, fan_out):
    return np.random.randn(fan_in, fan_out) / np.sqrt(fan_in)


def he_never_negative(fan_in, fan_out):
    return np.random.rand(fan_in, fan_out) * np.sqrt(2 / fan_in)


def he_fixed(layer_dims):
    return [np.random.randn(m, n) * 0.01
            for m, n in zip(layer_dims, layer_dims[1:])]


def he_zeros(shape):
    return np.zeros(shape)


def he_doubled(shape):
    return 2 * np.random.randn(*shape) * np.sqrt(2 / shape[1])


def he_normal_by_limit(shape):
    limit = np.sqrt(6 / shape[1])
    return np.random.uniform(-limit, limit, shape)


def he_both(fan_in, fan_out):
    std = np.sqrt(1 / fan_in)
    return np.random.uniform(-std, std, (fan_in, fan_out))


def he_mean(fan_in, fan_out):
    return np.random.randn(fan_in, fan_out) * np.sqrt(
        4 / (fan_in + fan_out))


def xavier_for_relu(fan_in, fan_out, seed):
    rng = np.random.RandomState(seed)
    return rng.randn(fan_in, fan_out) * np.sqrt(4 / (fan_in + fan_out))


def xavier_of_units(n_in, n_out):
    return np.random.randn(n_in, n_out) / np.sqrt(n_out)


def he_raises(shape):
    return np.random.randn(shape) * np.sqrt(2 / shape[0])


def he_of_anything(network, how):
    return network
