"""Engines with one bug each, and one with two."""

import math


class Overwrites:
    """= for +=."""

    def __init__(self, data, children=()):
        self.data, self.grad = data, 0.0
        self.children, self.step = children, lambda: None

    def __add__(self, other):
        out = type(self)(self.data + other.data, (self, other))

        def step():
            self.grad = out.grad
            other.grad = out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = type(self)(self.data * other.data, (self, other))

        def step():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out.step = step
        return out

    def backward(self):
        order = []

        def visit(v):
            if v not in order:
                for child in v.children:
                    visit(child)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v.step()


class Node:
    """What the engines below have in common; it is right."""

    def __init__(self, data, made=()):
        self.data, self.grad, self.made = data, 0.0, made

    def __add__(self, other):
        return type(self)(self.data + other.data, [(self, 1), (other, 1)])

    def __mul__(self, other):
        return type(self)(self.data * other.data,
                          [(self, other.data), (other, self.data)])

    def push(self):
        for one, slope in self.made:
            one.grad += slope * self.grad

    def backward(self):
        order = []

        def visit(v):
            if v not in order:
                for one, _ in v.made:
                    visit(one)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v.push()


class Recursive(Node):
    """Every use goes on from the sum of what has arrived."""

    def backward(self, first=True):
        if first:
            self.grad = 1.0
        self.push()
        for one, _ in self.made:
            one.backward(False)


class Queue(Node):
    """Each once, in the order of a search."""

    def backward(self):
        self.grad, seen, waiting = 1.0, [self], [self]
        while waiting:
            v = waiting.pop(0)
            v.push()
            for one, _ in v.made:
                if one not in seen:
                    seen.append(one)
                    waiting.append(one)


class Forwards(Node):
    """The order in which they were made."""

    def backward(self):
        order = []

        def visit(v):
            if v not in order:
                for one, _ in v.made:
                    visit(one)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in order:
            v.push()


class Slopes(Node):
    """The slopes of exp and of / are wrong."""

    def exp(self):
        return Slopes(math.exp(self.data), [(self, self.data)])

    def __truediv__(self, other):
        a, b = self.data, other.data
        return Slopes(a / b, [(self, 1 / b), (other, a / b ** 2)])

    def __sub__(self, other):
        return Slopes(self.data - other.data, [(self, 1), (other, -1)])


class Power(Node):
    """The exponent stays, and / is made of the power."""

    def __pow__(self, n):
        return Power(self.data ** n, [(self, n * self.data ** n)])

    def __truediv__(self, other):
        return self * other ** -1

    def __rsub__(self, other):
        return Power(self.data - other, [(self, 1)])


class Breaks(Node):
    """Its logarithm asks for what is not there."""

    def log(self):
        return Breaks(math.log(self.number), [(self, 1 / self.data)])


class Strange(Node):
    """tanh has a slope of its own: no name fits."""

    def tanh(self):
        t = math.tanh(self.data)
        return Strange(t, [(self, 1 + t * t)])
