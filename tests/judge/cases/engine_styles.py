"""Engines in other styles: functions as objects, torch inside, a list."""

import math

import numpy as np
import torch


class Step:
    """What made a value: it knows the way back."""

    def __call__(self, *inputs):
        self.inputs = inputs
        self.rank = 1 + max(one.rank for one in inputs)
        out = Variable(self.there(*(one.array for one in inputs)))
        out.maker, out.rank = self, self.rank
        return out


class Plus(Step):
    def there(self, a, b):
        return np.asarray(a + b)

    def back(self, g):
        return g, g


class Times(Step):
    def there(self, a, b):
        return np.asarray(a * b)

    def back(self, g):
        a, b = (one.array for one in self.inputs)
        return g * b, g * a


class Power(Step):
    def __init__(self, n):
        self.n = n

    def there(self, a):
        return np.asarray(a ** self.n)

    def back(self, g):
        return (g * self.n * self.inputs[0].array ** (self.n - 1),)


class Variable:
    """Takes arrays only; its steps go back by their rank."""

    def __init__(self, array):
        if not isinstance(array, np.ndarray):
            raise TypeError("an array, please")
        self.array, self.grad = array, None
        self.maker, self.rank = None, 0

    def __add__(self, other):
        return Plus()(self, other)

    def __mul__(self, other):
        return Times()(self, other)

    def __pow__(self, n):
        return Power(n)(self)

    @property
    def T(self):
        return self.array.T

    def sum(self):
        return self.array.sum()

    def backward(self):
        self.grad = np.ones_like(self.array)
        found, waiting = {}, [self]
        while waiting:
            one = waiting.pop()
            if one.maker is not None and id(one) not in found:
                found[id(one)] = one
                waiting += one.maker.inputs
        for one in sorted(found.values(), key=lambda v: -v.rank):
            for input, share in zip(one.maker.inputs,
                                    one.maker.back(one.grad)):
                input.grad = (share if input.grad is None
                              else input.grad + share)
            one.grad = None


class Tensor:
    """Torch computes; the upstream gradient is an argument."""

    def __init__(self, data):
        self.data = torch.as_tensor(data)
        self.grad = torch.zeros_like(self.data)
        self.uses = []

    def _of(self, data, *uses):
        out = Tensor(data)
        out.uses = uses
        return out

    def __add__(self, other):
        return self._of(self.data + other.data, (self, lambda g: g),
                        (other, lambda g: g))

    def __mul__(self, other):
        return self._of(self.data * other.data,
                        (self, lambda g: g * other.data),
                        (other, lambda g: g * self.data))

    def relu(self):
        return self._of(self.data.clamp(min=0),
                        (self, lambda g: g * (self.data >= 0)))

    def sigmoid(self):
        s = torch.sigmoid(self.data)
        return self._of(s, (self, lambda g: g * s * (1 - s)))

    def backward(self, grad):
        self.grad = self.grad + grad
        for one, back in self.uses:
            one.backward(back(grad))


class Scalar:
    """Three bugs: one in exp, one in tanh, one in 2 - a."""

    def __init__(self, x, prev=(), label=""):
        self.x, self.prev, self.label, self.g = x, prev, label, 0
        self.val = x
        self.go = lambda: None

    @staticmethod
    def _lift(other):
        return other if isinstance(other, Scalar) else Scalar(other)

    def __add__(self, other):
        other = Scalar._lift(other)
        out = Scalar(self.x + other.x, (self, other))

        def go():
            self.g += out.g
            other.g += out.g

        out.go = go
        return out

    def __mul__(self, other):
        other = Scalar._lift(other)
        out = Scalar(self.x * other.x, (self, other))

        def go():
            self.g += out.g * other.x
            other.g += out.g * self.x

        out.go = go
        return out

    def __sub__(self, other):
        return self + other * -1

    def __rsub__(self, other):
        return self - other

    def exp(self):
        out = Scalar(math.exp(self.x), (self,))

        def go():
            self.g += out.x

        out.go = go
        return out

    def tanh(self):
        p = math.exp(2 * self.x)
        out = Scalar((p - 1) / (p + 1), (self,))

        def go():
            self.g = (1 - out.x ** 2) * out.g

        out.go = go
        return out

    def backward(self):
        order, seen = [], set()

        def visit(one):
            if one not in seen:
                seen.add(one)
                for before in one.prev:
                    visit(before)
                order.append(one)

        visit(self)
        self.g = 1
        while order:
            order.pop().go()
