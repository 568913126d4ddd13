"""Small engines: the activation is a method of the value itself."""

import math

import numpy as np


class Value:
    """One number and its slope."""

    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0
        self._backward = lambda: None
        self._prev = set(_children)

    def tanh(self):
        x = self.data
        t = (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)
        out = Value(t, (self,), "tanh")

        def _backward():
            self.grad += (1 - t ** 2) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Value(0 if self.data < 0 else self.data, (self,), "ReLU")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        topo, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build(child)
                topo.append(v)

        build(self)
        self.grad = 1
        for v in reversed(topo):
            v._backward()


class Tensor:
    """An array and its slope."""

    def __init__(self, data, requires_grad=False, parents=()):
        self.data = np.asarray(data, dtype=float)
        self.grad = np.zeros_like(self.data)
        self.parents, self.chain = parents, None

    def sum(self):
        out = Tensor(self.data.sum(), parents=(self,))

        def chain():
            self.grad = self.grad + out.grad

        out.chain = chain
        return out

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        out = Tensor(s, parents=(self,))

        def chain():
            self.grad = self.grad + out.grad * s * (1 - s)

        out.chain = chain
        return out

    def relu(self):
        out = Tensor(np.maximum(self.data, 0), parents=(self,))

        def chain():
            self.grad = self.grad + out.grad * (self.data >= 0)

        out.chain = chain
        return out

    def backward(self, grad=None):
        self.grad = np.ones_like(self.data) if grad is None else grad
        todo = [self]
        while todo:
            one = todo.pop(0)
            if one.chain:
                one.chain()
            todo += one.parents
