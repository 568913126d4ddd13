"""An autograd engine: a tensor that remembers how it was made.

Beside its result, an operation keeps its inputs, and for each input a
function that maps G = dL/d(result) to dL/d(input): the chain rule for
one step. `backward` takes these steps from the loss to the leaves.

`torch.exp`, `torch.log` and `torch.where` accept a Value. Therefore
the activations, losses and models of this project do so as well.

Griewank and Walther (2008), https://doi.org/10.1137/1.9780898717761
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Union

import torch
from torch import Tensor

from scratch._floats import check_axes, check_floats
from scratch._operations import Operations

# A result is made after its inputs, so it has a higher number.
_numbers = count()


class Value(Operations):
    """A tensor, and how it was made.

    data: a floating-point tensor, which is copied. What is computed
    from a Value is a Value. The other operand may be a tensor or a
    number: a constant, without a gradient.

    Only a leaf, made from a tensor, has a `grad`: None at first; each
    `backward` adds to it. `data` is the tensor without a record, to
    read and to update. `==` compares identities, `<` entries.
    """

    def __init__(self, data: Tensor):
        check_floats(data=data)
        self._record(data.detach().clone())

    def _record(self, data: Tensor, *inputs: "_Input") -> None:
        self.data, self._number = data, next(_numbers)
        self.grad: Tensor | None = None
        # A constant needs no slope. The version counts the changes in
        # place: it tells whether the data is still what was used.
        self._inputs = [(input, slope, input.data._version)
                        for input, slope in inputs
                        if isinstance(input, Value)]

    @staticmethod
    def _made(data: Tensor, *inputs: "_Input") -> "Value":
        """A result, and the slope for each input."""
        result = Value.__new__(Value)
        result._record(data, *inputs)
        return result

    def backward(self) -> None:
        """Add dL/dv to the grad of every leaf v, for L = this value.

        Raises RuntimeError unless L is a single number, and if data
        was changed in place after it had been used.
        """
        if self.numel() != 1:
            raise RuntimeError("backward needs a single number, got "
                               f"shape {tuple(self.shape)}")
        for value, upstream in self._chain():
            if not value._inputs:
                value.grad = (upstream.clone() if value.grad is None
                              else value.grad + upstream)

    def _chain(self) -> Iterator[tuple["Value", Tensor]]:
        """Every value v that L depends on, with dL/dv; L comes first.

        The last one made is next. So all results that use v have
        handed on their shares before it is the turn of v.
        """
        arrived = {self: torch.ones_like(self.data)}
        for value in self._graph():
            upstream = arrived.pop(value)
            yield value, upstream
            for input, slope, version in value._inputs:
                if input.data._version != version:
                    raise RuntimeError("data was changed in place "
                                       "between its use and backward")
                # dL/dv = sum over the results r of v: dL/dr dr/dv
                share = _sum_to(slope(upstream), input.data)
                arrived[input] = (arrived[input] + share
                                  if input in arrived else share)

    def _graph(self) -> list["Value"]:
        """This value and all that it depends on, the last made first.

        By a stack: Python ends nested calls after about 1000.
        """
        found, stack = {self}, [self]
        while stack:
            inputs = {input for input, *_ in stack.pop()._inputs}
            stack += inputs - found
            found |= inputs
        return sorted(found, key=lambda v: v._number, reverse=True)

    def __add__(self, other: "_Operand") -> "Value":
        return self._made(self.data + _data(other),
                          (self, lambda G: G), (other, lambda G: G))

    def __neg__(self) -> "Value":
        return self._made(-self.data, (self, lambda G: -G))

    def __sub__(self, other: "_Operand") -> "Value":
        return self + -other

    def __rsub__(self, other: "_Operand") -> "Value":
        return -self + other

    def __mul__(self, other: "_Operand") -> "Value":
        # d(ab)/da = b,  d(ab)/db = a
        a, b = self.data, _data(other)
        return self._made(a * b, (self, lambda G: G * b),
                          (other, lambda G: G * a))

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: "_Operand") -> "Value":
        # d(a/b)/da = 1 / b,  d(a/b)/db = -a / b^2
        a, b = self.data, _data(other)
        return self._made(a / b, (self, lambda G: G / b),
                          (other, lambda G: -G * (a / b / b)))

    def __rtruediv__(self, other: Tensor | float) -> "Value":
        return self ** -1 * other

    def __pow__(self, exponent: float) -> "Value":
        # d(a^n)/da = n a^(n - 1); for n = 0 it is 0, at a = 0 as well
        a, n = self.data, exponent
        return self._made(a ** n, (
            self, lambda G: G * (n * a ** (n - 1)) if n
            else torch.zeros_like(G)))

    def __matmul__(self, other: "_Operand") -> "Value":
        # C = A B:  dL/dA = G B^T,  dL/dB = A^T G
        a, b = self.data, _data(other)
        check_axes(2, input=a, other=b)
        return self._made(a @ b, (self, lambda G: G @ b.T),
                          (other, lambda G: a.T @ G))

    def __rmatmul__(self, other: Tensor) -> "Value":
        check_axes(2, input=other, other=self.data)
        return self._made(other @ self.data,
                          (self, lambda G: other.T @ G))


_Operand = Union[Value, Tensor, float]
_Input = tuple[Any, Callable[[Tensor], Tensor]]


def _data(operand: _Operand) -> Any:
    return operand.data if isinstance(operand, Value) else operand


def _sum_to(gradient: Tensor, data: Tensor) -> Tensor:
    """In the shape and dtype of the input.

    Where it was broadcast, the gradients of its copies add up.
    """
    shape, new = data.shape, gradient.dim() - data.dim()
    axes = [i for i in range(gradient.dim())
            if i < new or shape[i - new] != gradient.shape[i]]
    if axes:
        gradient = gradient.sum(axes, keepdim=True)
    return gradient.reshape(shape).to(data.dtype)
