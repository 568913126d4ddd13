"""Optimisers that are functions; their state is handed through."""

import numpy as np


def sgd_momentum(w, dw, config=None):
    """A dict of options and state; lr inside the velocity."""
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    next_w = w + v
    config["velocity"] = v
    return next_w, config


def rmsprop_config(w, dw, config=None):
    """A dict of options and state."""
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    rate = config["decay_rate"]
    config["cache"] = rate * config["cache"] + (1 - rate) * dw ** 2
    next_w = w - config["learning_rate"] * dw / (
        np.sqrt(config["cache"]) + config["epsilon"])
    return next_w, config


def adam_config(w, dw, config=None):
    """A dict of options and state, with the clock in it."""
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    config["t"] += 1
    b1, b2, t = config["beta1"], config["beta2"], config["t"]
    config["m"] = b1 * config["m"] + (1 - b1) * dw
    config["v"] = b2 * config["v"] + (1 - b2) * dw * dw
    m = config["m"] / (1 - b1 ** t)
    v = config["v"] / (1 - b2 ** t)
    return w - config["learning_rate"] * m / (
        np.sqrt(v) + config["epsilon"]), config


def Adam(dx, m, v, learning_rate, t, eps=1e-8, beta1=0.9, beta2=0.999):
    """A direction and the moments come back."""
    m = beta1 * m + (1 - beta1) * dx
    mt = m / (1 - beta1 ** t)
    v = beta2 * v + (1 - beta2) * dx ** 2
    vt = v / (1 - beta2 ** t)
    update = learning_rate * mt / (np.sqrt(vt) + eps)
    return update, m, v


def update_parameters_with_adam(parameters, grads, v, s, t,
                                learning_rate=0.01, beta1=0.9,
                                beta2=0.999, epsilon=1e-8):
    """beta2 squared for beta2 to the t, and no root."""
    for key in parameters:
        g = grads["d" + key]
        v["d" + key] = beta1 * v["d" + key] + (1 - beta1) * g
        s["d" + key] = beta2 * s["d" + key] + (1 - beta2) * g ** 2
        first = v["d" + key] / (1 - beta1 ** t)
        second = s["d" + key] / (1 - beta2 ** 2)
        parameters[key] = parameters[key] - learning_rate * first / (
            second + epsilon)
    return parameters, v, s


def update_with_adam_numbered(parameters, grads, v, s, t,
                              learning_rate=0.01, beta1=0.9, beta2=0.999,
                              epsilon=1e-8):
    """The layers are counted; the corrected moments come back too."""
    v_corrected, s_corrected = {}, {}
    for i in range(1, len(parameters) // 2 + 1):
        for name in ("W", "b"):
            key = f"d{name}{i}"
            v[key] = beta1 * v[key] + (1 - beta1) * grads[key]
            v_corrected[key] = v[key] / (1 - beta1 ** t)
            s[key] = beta2 * s[key] + (1 - beta2) * grads[key] ** 2
            s_corrected[key] = s[key] / (1 - beta2 ** t)
            parameters[f"{name}{i}"] = parameters[f"{name}{i}"] - (
                learning_rate * v_corrected[key]
                / (np.sqrt(s_corrected[key]) + epsilon))
    return parameters, v, s, v_corrected, s_corrected


def update_parameters_with_momentum(parameters, grads, v, beta,
                                    learning_rate):
    """A moving average from 0, in dicts."""
    for i in range(1, len(parameters) // 2 + 1):
        v[f"dW{i}"] = beta * v[f"dW{i}"] + (1 - beta) * grads[f"dW{i}"]
        v[f"db{i}"] = beta * v[f"db{i}"] + (1 - beta) * grads[f"db{i}"]
        parameters[f"W{i}"] -= learning_rate * v[f"dW{i}"]
        parameters[f"b{i}"] -= learning_rate * v[f"db{i}"]
    return parameters, v


def adam_step(params, grads, m, v, t, lr=1e-3, b1=0.9, b2=0.999,
              eps=1e-8):
    """Lists of arrays."""
    new_params, new_m, new_v = [], [], []
    for p, g, mi, vi in zip(params, grads, m, v):
        mi = b1 * mi + (1 - b1) * g
        vi = b2 * vi + (1 - b2) * g * g
        m_hat, v_hat = mi / (1 - b1 ** t), vi / (1 - b2 ** t)
        new_params.append(p - lr * m_hat / (np.sqrt(v_hat) + eps))
        new_m.append(mi)
        new_v.append(vi)
    return new_params, new_m, new_v


def adam_array(theta, grad, v_t, s_t, t, alpha, beta_1, beta_2, epsilon):
    """One array; every argument is needed."""
    v_t = beta_1 * v_t + (1 - beta_1) * grad
    s_t = beta_2 * s_t + (1 - beta_2) * grad ** 2
    v_hat = v_t / (1 - beta_1 ** t)
    s_hat = s_t / (1 - beta_2 ** t)
    theta = theta - alpha * v_hat / (np.sqrt(s_hat) + epsilon)
    return v_t, s_t, theta


def adam_first(t, w, m, v, g, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """The clock comes first and goes back last."""
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g ** 2
    w = w - lr * (m / (1 - beta1 ** t)) / (
        np.sqrt(v / (1 - beta2 ** t)) + eps)
    return w, m, v, t


def update_variables_Adam(alpha, beta1, beta2, epsilon, var, grad, v, s, t):
    """The order of a school's exercise."""
    v = beta1 * v + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad ** 2
    v_corrected = v / (1 - beta1 ** t)
    s_corrected = s / (1 - beta2 ** t)
    var = var - alpha * v_corrected / (np.sqrt(s_corrected) + epsilon)
    return var, v, s


def update_variables_RMSProp(alpha, beta2, epsilon, var, grad, s):
    """The order of a school's exercise."""
    s = beta2 * s + (1 - beta2) * grad ** 2
    return var - alpha * grad / (np.sqrt(s) + epsilon), s


def update_variables_momentum(alpha, beta1, var, grad, v):
    """The order of a school's exercise."""
    v = beta1 * v + (1 - beta1) * grad
    return var - alpha * v, v


def sgd_lambda(w, g, lr):
    """The plainest of all."""
    return w - lr * g


sgd = lambda w, dw, lr=0.1: w - lr * dw  # noqa: E731


def adagrad_cached(w, dw, cache, learning_rate=0.01, eps=1e-10):
    """The state is an array called cache."""
    cache += dw ** 2
    w += -learning_rate * dw / (np.sqrt(cache) + eps)
    return w, cache
