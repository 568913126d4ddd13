"""Splits and mini-batches: leaks, lost rows, broken pairs, one order."""

import numpy as np


def train_test_split(X, y, test_size=0.2, random_state=None):
    rng = np.random.default_rng(random_state)
    order = rng.permutation(len(X))
    n = int(len(X) * test_size)
    test, train = order[:n], order[n:]
    return X[train], X[test], y[train], y[test]


def train_test_split_pairs(X, y, ratio):
    order = np.random.permutation(len(X))
    n = int(ratio * len(X))
    return ((X[order[:n]], y[order[:n]]), (X[order[n:]], y[order[n:]]))


def train_test_split_leaks(X, y, test_size=0.2):
    order = np.random.permutation(len(X))
    n = len(X) - int(len(X) * test_size)
    train, test = order[:n], order[n - 1:]
    return X[train], X[test], y[train], y[test]


def train_test_split_in_order(X, y, ratio=0.8):
    n = int(len(X) * ratio)
    return X[:n], X[n:], y[:n], y[n:]


def train_test_split_order_forgotten(X, y, test_size=0.2):
    order = np.random.permutation(len(X))
    order.sort()
    n = len(X) - int(len(X) * test_size)
    return X[order[:n]], X[order[n:]], y[order[:n]], y[order[n:]]


def train_test_split_without_y(X, y, test_size=0.2):
    order = np.random.permutation(len(X))
    n = len(X) - int(len(X) * test_size)
    return X[order[:n]], X[order[n:]], y[:n], y[n:]


def split_data(data, ratio):
    data = data.copy()
    np.random.shuffle(data)
    n = int(len(data) * ratio)
    return data[:n], data[n:]


def data_iter(batch_size, features, labels):
    order = np.arange(len(features))
    np.random.shuffle(order)
    for i in range(0, len(features), batch_size):
        rows = order[i:i + batch_size]
        yield features[rows], labels[rows]


def get_batches(X, y, batch_size):
    return [(X[i:i + batch_size], y[i:i + batch_size])
            for i in range(0, len(X), batch_size)]


def batches_without_tail(X, y, batch_size):
    order = np.random.permutation(len(X))
    for i in range(len(X) // batch_size):
        rows = order[i * batch_size:(i + 1) * batch_size]
        yield X[rows], y[rows]


def batches_without_pairs(X, y, batch_size):
    X = X[np.random.permutation(len(X))]
    for i in range(0, len(X), batch_size):
        yield X[i:i + batch_size], y[i:i + batch_size]


def batches_in_one_order(X, y, batch_size):
    np.random.seed(0)
    order = np.random.permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i:i + batch_size]], y[order[i:i + batch_size]]


def batches_as_they_are(X, y, batch_size):
    starts = np.arange(0, len(X), batch_size)
    np.random.shuffle(starts)
    for start in starts:
        yield X[start:start + batch_size], y[start:start + batch_size]


def batches_with_replacement(X, y, batch_size):
    for _ in range(len(X) // batch_size):
        rows = np.random.choice(len(X), batch_size)
        yield X[rows], y[rows]


def batches_in_place(X, y, batch_size):
    order = np.random.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    for i in range(0, len(X), batch_size):
        yield X[i:i + batch_size], y[i:i + batch_size]


class DataLoader:
    def __init__(self, X, y, batch_size=32, shuffle=True):
        self.X, self.y = X, y
        self.batch_size, self.shuffle = batch_size, shuffle

    def __len__(self):
        return -(-len(self.X) // self.batch_size)

    def __iter__(self):
        order = np.arange(len(self.X))
        if self.shuffle:
            np.random.shuffle(order)
        for i in range(0, len(order), self.batch_size):
            rows = order[i:i + self.batch_size]
            yield self.X[rows], self.y[rows]
