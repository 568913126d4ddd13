"""Engines of arrays: a right one, and two that broadcast badly."""

import numpy as np


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


class Tensor:
    """With requires_grad, and an operation as an object of its own."""

    def __init__(self, data, requires_grad=False, creator=None):
        self.data = np.asarray(data, dtype=np.float64)
        self.requires_grad, self.creator = requires_grad, creator
        self.grad = None

    @staticmethod
    def _of(other):
        return other if isinstance(other, Tensor) else Tensor(other)

    def _result(self, data, *inputs):
        return Tensor(data, any(t.requires_grad for t, _ in inputs), inputs)

    def __add__(self, other):
        other = self._of(other)
        return self._result(self.data + other.data, (self, lambda g: g),
                            (other, lambda g: g))

    def __mul__(self, other):
        other = self._of(other)
        a, b = self.data, other.data
        return self._result(a * b, (self, lambda g: g * b),
                            (other, lambda g: g * a))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -self._of(other)

    def __matmul__(self, other):
        a, b = self.data, other.data
        return self._result(a @ b, (self, lambda g: g @ b.T),
                            (other, lambda g: a.T @ g))

    def __getitem__(self, index):
        def back(g):
            full = np.zeros_like(self.data)
            np.add.at(full, index, g)
            return full

        return self._result(self.data[index], (self, back))

    def sum(self, axis=None):
        shape = self.data.shape

        def back(g):
            if axis is not None:
                g = np.expand_dims(g, axis)
            return np.broadcast_to(g, shape)

        return self._result(self.data.sum(axis), (self, back))

    def mean(self):
        return self.sum() * (1 / self.data.size)

    def relu(self):
        mask = self.data > 0
        return self._result(self.data * mask, (self, lambda g: g * mask))

    @property
    def T(self):
        return self._result(self.data.T, (self, lambda g: g.T))

    def backward(self, grad=None):
        order, seen = [], set()

        def visit(t):
            if id(t) not in seen and t.creator is not None:
                seen.add(id(t))
                for one, _ in t.creator:
                    visit(one)
                order.append(t)

        visit(self)
        flowing = {id(self): np.ones_like(self.data)
                   if grad is None else grad}
        leaves = {}
        for t in reversed(order):
            upstream = flowing.pop(id(t))
            for one, back in t.creator:
                share = unbroadcast(back(upstream), one.data.shape)
                flowing[id(one)] = flowing.get(id(one), 0) + share
                if one.creator is None:
                    leaves[id(one)] = one
        for key, leaf in leaves.items():
            if leaf.requires_grad:
                leaf.grad = flowing[key] + (
                    0 if leaf.grad is None else leaf.grad)


class Variable:
    """In float32; what was broadcast does not come back."""

    def __init__(self, data):
        self.data = np.array(data, dtype=np.float32)
        self.grad = np.zeros_like(self.data)
        self.inputs, self.back = (), None

    def _out(self, data, inputs, back):
        out = Variable(data)
        out.inputs, out.back = inputs, lambda: back(out.grad)
        return out

    def __add__(self, other):
        def back(g):
            self.grad += g
            other.grad += g

        return self._out(self.data + other.data, (self, other), back)

    def __mul__(self, other):
        def back(g):
            self.grad += g * other.data
            other.grad += g * self.data

        return self._out(self.data * other.data, (self, other), back)

    def sum(self):
        def back(g):
            self.grad += g

        return self._out(self.data.sum(), (self,), back)

    def max(self):
        def back(g):
            self.grad += g * (self.data == self.data.max())

        return self._out(self.data.max(), (self,), back)

    def backward(self):
        topo = []

        def walk(v):
            if not any(v is one for one in topo):
                for one in v.inputs:
                    walk(one)
                topo.append(v)

        walk(self)
        self.grad = np.ones_like(self.data)
        for v in topo[::-1]:
            if v.back:
                v.back()


class Shares:
    """What arrives first is kept, and the next is added to it."""

    def __init__(self, data, made=()):
        self.data, self.grad, self.made = np.asarray(data, float), None, made

    def __add__(self, other):
        return Shares(self.data + other.data,
                      [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, other):
        a, b = self.data, other.data
        return Shares(a * b, [(self, lambda g: g * b),
                              (other, lambda g: g * a)])

    def sum(self):
        shape = self.data.shape
        return Shares(self.data.sum(), [(self, lambda g: g * np.ones(shape))])

    def receive(self, g):
        if self.grad is None:
            self.grad = g
        else:
            self.grad += g

    def backward(self):
        order = []

        def visit(v):
            if v not in order:
                for one, _ in v.made:
                    visit(one)
                order.append(v)

        visit(self)
        self.grad = np.ones_like(self.data)
        for v in reversed(order):
            for one, back in v.made:
                one.receive(back(v.grad))
