"""Optimisers for one parameter each: new_w = o.update(w, grad)."""

import numpy as np


class AdamPlain:
    """Moments that are None until the first gradient."""

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999,
                 epsilon=1e-8):
        self.learning_rate = learning_rate
        self.beta_1, self.beta_2 = beta_1, beta_2
        self.epsilon = epsilon
        self.m = None
        self.v = None
        self.t = 0

    def update(self, w, grad):
        if self.m is None:
            self.m = np.zeros_like(w)
            self.v = np.zeros_like(w)
        self.t += 1
        self.m = self.beta_1 * self.m + (1 - self.beta_1) * grad
        self.v = self.beta_2 * self.v + (1 - self.beta_2) * grad ** 2
        first = self.m / (1 - self.beta_1 ** self.t)
        second = self.v / (1 - self.beta_2 ** self.t)
        return w - self.learning_rate * first / (
            np.sqrt(second) + self.epsilon)


class AdamNoPower:
    """The correction has no power of t, epsilon cannot be chosen."""

    def __init__(self, learning_rate=0.001, b1=0.9, b2=0.999):
        self.lr, self.b1, self.b2 = learning_rate, b1, b2
        self.eps = 1e-8
        self.m = self.v = None

    def update(self, w, grad_wrt_w):
        if self.m is None:
            self.m = np.zeros(np.shape(grad_wrt_w))
            self.v = np.zeros(np.shape(grad_wrt_w))
        self.m = self.b1 * self.m + (1 - self.b1) * grad_wrt_w
        self.v = self.b2 * self.v + (1 - self.b2) * grad_wrt_w ** 2
        m_hat = self.m / (1 - self.b1)
        v_hat = self.v / (1 - self.b2)
        change = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return w - change


class AdamByName:
    """One object for all: it keeps the moments by the parameter's name."""

    def __init__(self, lr=0.001, decay1=0.9, decay2=0.999, eps=1e-7):
        self.hyper = {"lr": lr, "decay1": decay1, "decay2": decay2,
                      "eps": eps}
        self.cache = {}

    def __call__(self, param, param_grad, param_name):
        return self.update(param, param_grad, param_name)

    def update(self, param, param_grad, param_name):
        h, c = self.hyper, self.cache
        if param_name not in c:
            c[param_name] = {"t": 0, "mean": np.zeros_like(param_grad),
                             "var": np.zeros_like(param_grad)}
        t = c[param_name]["t"] + 1
        mean = (h["decay1"] * c[param_name]["mean"]
                + (1 - h["decay1"]) * param_grad)
        var = (h["decay2"] * c[param_name]["var"]
               + (1 - h["decay2"]) * param_grad ** 2)
        c[param_name] = {"t": t, "mean": mean, "var": var}
        mean = mean / (1 - h["decay1"] ** t)
        var = var / (1 - h["decay2"] ** t)
        return param - h["lr"] * mean / (np.sqrt(var) + h["eps"])


class RMSpropRooted:
    """Epsilon inside the root, and fixed."""

    def __init__(self, learning_rate=0.01, rho=0.9):
        self.learning_rate = learning_rate
        self.rho = rho
        self.mean_square = None
        self.eps = 1e-8

    def update(self, w, grad):
        if self.mean_square is None:
            self.mean_square = np.zeros(np.shape(grad))
        self.mean_square = (self.rho * self.mean_square
                            + (1 - self.rho) * np.power(grad, 2))
        return w - self.learning_rate * grad / np.sqrt(
            self.mean_square + self.eps)


class RMSpropGiven:
    """Epsilon inside the root, and an option."""

    def __init__(self, lr=0.01, beta=0.9, eps=1e-8):
        self.lr, self.beta, self.eps = lr, beta, eps
        self.cache = 0

    def update(self, w, dw):
        self.cache = self.beta * self.cache + (1 - self.beta) * dw ** 2
        return w - self.lr / np.sqrt(self.cache + self.eps) * dw


class AdagradRooted:
    """Epsilon inside the root."""

    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate
        self.total = None
        self.eps = 1e-8

    def update(self, w, grad_wrt_w):
        if self.total is None:
            self.total = np.zeros(np.shape(w))
        self.total += np.power(grad_wrt_w, 2)
        return w - self.learning_rate * grad_wrt_w / np.sqrt(
            self.total + self.eps)


class MomentumAveraged:
    """The velocity is a moving average that starts at 0."""

    def __init__(self, learning_rate=0.01, momentum=0):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.w_updt = None

    def update(self, w, grad_wrt_w):
        if self.w_updt is None:
            self.w_updt = np.zeros(np.shape(w))
        self.w_updt = (self.momentum * self.w_updt
                       + (1 - self.momentum) * grad_wrt_w)
        return w - self.learning_rate * self.w_updt


class GradientDescentAveraged:
    """As above, with zeros that come with the first call."""

    def __init__(self, learning_rate, momentum=0.9):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocity = 0.0

    def update(self, x, gradient):
        self.velocity = (self.momentum * self.velocity
                         + (1 - self.momentum) * gradient)
        return x - self.learning_rate * self.velocity


class MomentumForgetful:
    """It raises: zeros and like are two words."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = None

    def update(self, params, grads):
        if self.v is None:
            self.v = np.zeros.like(params)
        self.v = self.momentum * self.v - self.lr * grads
        params += self.v
        return params


class MomentumDeaf:
    """The momentum is 0.9 for ever, and lr is inside the velocity."""

    def __init__(self, momentum=0.9):
        self.momentum = 0.9
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity - learning_rate * d_w
        return w + self.velocity


class AdamWAfter:
    """Decay after the step, epsilon before the correction."""

    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8,
                 weight_decay=0.01):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.weight_decay = weight_decay
        self.m, self.v, self.step_count = 0, 0, 0

    def update(self, param, grad):
        b1, b2 = self.betas
        self.step_count += 1
        self.m = b1 * self.m + (1 - b1) * grad
        self.v = b2 * self.v + (1 - b2) * grad * grad
        rate = self.lr * np.sqrt(1 - b2 ** self.step_count) / (
            1 - b1 ** self.step_count)
        param = param - rate * self.m / (np.sqrt(self.v) + self.eps)
        return param - self.lr * self.weight_decay * param


class AdamWRight:
    """Decay first."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8,
                 weight_decay=0.01):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.wd = weight_decay
        self.m = self.v = None
        self.t = 0

    def step(self, theta, grad):
        if self.m is None:
            self.m, self.v = np.zeros_like(theta), np.zeros_like(theta)
        self.t += 1
        theta = theta - self.lr * self.wd * theta
        self.m += (1 - self.b1) * (grad - self.m)
        self.v += (1 - self.b2) * (grad * grad - self.v)
        m_hat = self.m / (1 - self.b1 ** self.t)
        v_hat = self.v / (1 - self.b2 ** self.t)
        return theta - self.lr * m_hat / (v_hat ** 0.5 + self.eps)


class SGD:
    """The plainest of all."""

    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, w, grad):
        return w - self.lr * grad
