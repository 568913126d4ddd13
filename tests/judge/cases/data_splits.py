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


class DataLoaderOfPairs:
    def __init__(self, dataset, batch_size, shuffle=True):
        self.dataset, self.size = dataset, batch_size
        self.shuffle = shuffle

    def __iter__(self):
        self.at = 0
        self.order = (np.random.permutation(len(self.dataset))
                      if self.shuffle else np.arange(len(self.dataset)))
        return self

    def __next__(self):
        if self.at >= len(self.dataset):
            raise StopIteration
        some = [self.dataset[i] for i in self.order[
            self.at:self.at + self.size]]
        self.at += self.size
        return np.array([x for x, _ in some]), np.array([y for _, y in some])


class BatchIterator:
    def __init__(self, batch_size=32):
        self.size = batch_size

    def __call__(self, inputs, targets):
        order = np.random.permutation(len(inputs))
        for i in range(0, len(inputs) - self.size + 1, self.size):
            rows = order[i:i + self.size]
            yield inputs[rows], targets[rows]


class BatchesOfIndices:
    def __init__(self, x, y, batch_size):
        self.x, self.y, self.size = x, y, batch_size

    def __len__(self):
        return -(-len(self.x) // self.size)

    def __getitem__(self, i):
        rows = slice(i * self.size, (i + 1) * self.size)
        return self.x[rows], self.y[rows]


def random_mini_batches(X, Y, mini_batch_size=64, seed=0):
    np.random.seed(seed)
    m = X.shape[1]
    order = np.random.permutation(m)
    X, Y = X[:, order], Y[:, order].reshape((1, m))
    return [(X[:, i:i + mini_batch_size], Y[:, i:i + mini_batch_size])
            for i in range(0, m, mini_batch_size)]


def split_dataset(dataset, ratio=0.8):
    rows = list(dataset)
    np.random.shuffle(rows)
    n = int(len(rows) * ratio)
    return rows[:n], rows[n - 1:]
