"""Layers: forward keeps what backward needs."""

import numpy as np


class Activation_Sigmoid:
    def forward(self, inputs, training):
        self.inputs = inputs
        self.output = 1 / (1 + np.exp(-inputs))

    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.output) * self.output


class Activation_Softmax:
    def forward(self, inputs, training):
        self.inputs = inputs
        power = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = power / np.sum(power, axis=1, keepdims=True)

    def backward(self, dvalues):
        self.dinputs = np.empty_like(dvalues)
        for i, (p, u) in enumerate(zip(self.output, dvalues)):
            p = p.reshape(-1, 1)
            self.dinputs[i] = np.dot(np.diagflat(p) - np.dot(p, p.T), u)


class Activation_ReLU:
    def forward(self, inputs, training):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0


class Loss:
    def calculate(self, output, y):
        return np.mean(self.forward(output, y))


class Loss_BinaryCrossentropy(Loss):
    def forward(self, y_pred, y_true):
        y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
        losses = -(y_true * np.log(y_pred)
                   + (1 - y_true) * np.log(1 - y_pred))
        return np.mean(losses, axis=-1)

    def backward(self, dvalues, y_true):
        samples, outputs = len(dvalues), len(dvalues[0])
        dvalues = np.clip(dvalues, 1e-7, 1 - 1e-7)
        self.dinputs = -(y_true / dvalues
                         - (1 - y_true) / (1 - dvalues)) / outputs
        self.dinputs = self.dinputs / samples


class Loss_CategoricalCrossentropy(Loss):
    def forward(self, y_pred, y_true):
        y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
        if len(y_true.shape) == 1:
            right = y_pred[range(len(y_pred)), y_true]
        else:
            right = np.sum(y_pred * y_true, axis=1)
        return -np.log(right)

    def backward(self, dvalues, y_true):
        samples, labels = len(dvalues), len(dvalues[0])
        if len(y_true.shape) == 1:
            y_true = np.eye(labels)[y_true]
        self.dinputs = -y_true / dvalues
        self.dinputs = self.dinputs / samples


class ReluLayer:
    def __init__(self):
        self._z = None

    def forward_pass(self, a_prev, training):
        self._z = np.maximum(0, a_prev)
        return self._z

    def backward_pass(self, da_curr):
        dz = np.array(da_curr, copy=True)
        dz[self._z <= 0] = 0
        return dz


class SoftmaxLayer:
    def __init__(self):
        self._z = None

    def forward_pass(self, a_prev, training):
        power = np.exp(a_prev - a_prev.max(axis=1, keepdims=True))
        self._z = power / np.sum(power, axis=1, keepdims=True)
        return self._z

    def backward_pass(self, da_curr):
        return da_curr


class SigmoidLayer:
    def __init__(self):
        self.out = None

    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class Tanh:
    def __call__(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, grad_output):
        return grad_output * (1 - np.tanh(self.x) ** 2)


class SoftmaxWithLoss:
    def __init__(self):
        self.loss = self.y = self.t = None

    def forward(self, x, t):
        self.t = t
        x = x - x.max(axis=1, keepdims=True)
        self.y = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        rows = np.arange(len(x))
        self.loss = -np.sum(np.log(
            self.y[rows, t.argmax(axis=1)] + 1e-7)) / len(x)
        return self.loss

    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)


class MSELoss:
    def forward(self, pred, target):
        self.difference = pred - target
        return np.mean(self.difference ** 2)

    def backward(self):
        return 2 * self.difference / self.difference.size


class CrossEntropyLoss:
    def __call__(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.p, self.labels = np.exp(log_p), labels
        return -log_p[np.arange(len(labels)), labels].mean()

    def backward(self):
        grad = self.p.copy()
        grad[np.arange(len(self.labels)), self.labels] -= 1
        return grad / len(self.labels)


class ReluMasked:
    def forward(self, x):
        return np.maximum(x, 0)

    def backward(self, dout):
        return np.where(dout < 0, 0, dout)


class ReluWithoutUpstream:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        return np.where(self.x > 0, 1.0, 0.0)


class SigmoidTwice:
    def forward(self, x):
        self.out = self.value(x)
        return self.out

    def value(self, x):
        return np.exp(-np.logaddexp(0, -x))

    def backward(self, dout):
        s = self.value(self.out)
        return dout * s * (1 - s)
