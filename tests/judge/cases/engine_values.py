"""Engines of single numbers, all of them right."""

import math


class Value:
    """A closure for each step."""

    def __init__(self, data, _children=(), _op=""):
        self.data, self.grad = data, 0.0
        self._backward = lambda: None
        self._prev, self._op = set(_children), _op

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n):
        out = Value(self.data ** n, (self,), f"**{n}")

        def _backward():
            self.grad += n * self.data ** (n - 1) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data ** 2) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other ** -1

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self ** -1 * other

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for child in v._prev:
                    visit(child)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v._backward()


class Number:
    """Pairs of an input and its slope; the gradient walks each path."""

    def __init__(self, val, parents=()):
        self.val, self.parents, self.gradient = val, parents, None

    def __add__(self, other):
        return Number(self.val + other.val, [(self, 1), (other, 1)])

    def __sub__(self, other):
        return Number(self.val - other.val, [(self, 1), (other, -1)])

    def __mul__(self, other):
        return Number(self.val * other.val,
                      [(self, other.val), (other, self.val)])

    def exp(self):
        e = math.exp(self.val)
        return Number(e, [(self, e)])

    def backprop(self, upstream=1.0):
        self.gradient = (self.gradient or 0.0) + upstream
        for parent, slope in self.parents:
            parent.backprop(upstream * slope)


class Tape:
    """Each backward starts from 0; L.grad is set by whoever calls."""

    steps = []

    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def _made(self, data, *pairs):
        out = Tape(data)
        Tape.steps.append((out, pairs))
        return out

    def __add__(self, other):
        return self._made(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        return self._made(self.data * other.data, (self, other.data),
                          (other, self.data))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._made(s, (self, s * (1 - s)))

    def backward(self):
        for _, pairs in Tape.steps:
            for one, _ in pairs:
                one.grad = 0.0
        for out, pairs in reversed(Tape.steps):
            for one, slope in pairs:
                one.grad += slope * out.grad
        Tape.steps.clear()
