"""standardize, normalize and scalers: n or n - 1, rows or columns."""

import numpy as np


def standardize(x):
    std = x.std(axis=0)
    std[std == 0] = 1
    return (x - x.mean(axis=0)) / std


def standardize_plain(X):
    return (X - np.mean(X, axis=0)) / np.std(X, axis=0)


def standardize_by_row(X):
    std = X.std(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / std


def standardize_sample(x):
    std = np.std(x, axis=0, ddof=1)
    return (x - np.mean(x, axis=0)) / np.where(std == 0, 1, std)


def standardize_plus(x):
    return (x - x.mean(0)) / (x.std(0) + 1e-8)


def standardize_in_place(x):
    x -= x.mean(axis=0)
    std = x.std(axis=0)
    x /= np.where(std > 1e-12, std, 1)
    return x


def standardize_by_variance(x):
    return (x - x.mean(0)) / x.var(0)


def standardize_sets(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (X_train - mean) / std, (X_test - mean) / std


def standardize_each(X_train, X_test):
    return tuple((x - x.mean(0)) / (x.std(0) + 1e-8)
                 for x in (X_train, X_test))


def standardize_by(x, mean, std):
    return (x - mean) / std


def featureNormalize(X):
    mu, sigma = np.mean(X, axis=0), np.std(X, axis=0)
    sigma[sigma == 0] = 1
    return (X - mu) / sigma, mu, sigma


def normalize(x):
    low, high = x.min(axis=0), x.max(axis=0)
    return (x - low) / (high - low)


def normalize_rows(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def normalize_text(text):
    return text.lower()


class StandardScaler:
    def fit(self, X):
        self.mean_, self.scale_ = X.mean(axis=0), X.std(axis=0)
        self.scale_[self.scale_ == 0] = 1.0
        return self

    def transform(self, X):
        return (X - self.mean_) / self.scale_

    def fit_transform(self, X):
        return self.fit(X).transform(X)


class OwnMeanScaler(StandardScaler):
    def transform(self, X):
        return (X - X.mean(axis=0)) / self.scale_


class Standardizer:
    def fit(self, X):
        self.mean, self.std = X.mean(), X.std()

    def transform(self, X):
        return (X - self.mean) / self.std
