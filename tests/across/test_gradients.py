"""Both gradients are right for every view, and change nothing else."""

import contextlib

import pytest
import torch

import scratch.tensors
import torch_ref.tensors
from tests.compare.closeness import close, same

SIDES = (scratch.tensors, torch_ref.tensors)


@pytest.mark.parametrize("mode", [
    contextlib.nullcontext, torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("side", SIDES)
def test_gradient_leaves_other_tensors_alone(side, mode):
    """A weight in the function keeps its .grad, also under no_grad."""
    x = torch.tensor([1.0, 2.0])
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    w.grad = torch.tensor([5.0, 6.0])
    hidden = 2 * w

    def function(x):
        return (x * hidden * w).sum()

    for find, error in (side.gradient, 0), (side.numerical_gradient, 0.1):
        with mode():
            found = (find(function, x, 0.5) if error
                     else find(function, x))
        assert torch.allclose(found, torch.tensor([18.0, 32.0]), atol=error)
        assert not found.requires_grad
        assert w.grad.tolist() == [5.0, 6.0]
        assert x.tolist() == [1.0, 2.0] and x.grad is None
    # The graph of `hidden` has not been used up.
    hidden.sum().backward()
    assert w.grad.tolist() == [7.0, 8.0]


@pytest.mark.parametrize("side", SIDES)
def test_gradient_of_what_does_not_use_x(side):
    """It is 0, in the shape and dtype of x."""
    x, w = torch.ones(2, 1).double(), torch.ones(3, requires_grad=True)
    for function in (lambda x: w.sum(), lambda x: torch.tensor(2.0),
                     lambda x: x.detach().sum() * 0):
        same(side.gradient(function, x), torch.zeros_like(x))
        same(side.numerical_gradient(function, x), torch.zeros_like(x))
    assert w.grad is None


@pytest.mark.parametrize("side", SIDES)
def test_the_function_returns_a_scalar(side):
    """Rule 11: a row, one entry in an axis, or a float raises."""
    x = torch.ones(2)
    for function in (lambda x: x * x, lambda x: x.sum()[None],
                     lambda x: 1.0, lambda x: None):
        for find in side.gradient, side.numerical_gradient:
            with pytest.raises(RuntimeError, match="scalar|a Tensor, got"):
                find(function, x)


VIEWS = {
    "transposed": lambda x: x.T, "strided": lambda x: x[::2, ::2],
    "transposed in memory": lambda x: x.T.contiguous().T,
    "a column": lambda x: x[:, 1], "0-dim": lambda x: x[1, 2],
    "expanded": lambda x: x[:1].expand(4, 4), "empty": lambda x: x[:0],
    "no columns": lambda x: x[:, :0]}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("side", SIDES)
def test_gradients_of_views(side, name):
    """Of every view the gradient of sum(x^3) / 3 is x^2."""
    x = VIEWS[name](torch.arange(16.0).double().reshape(4, 4))

    def function(x):
        return (x * x * x).sum() / 3

    close(side.gradient(function, x), x * x, 4, x * x)
    found = side.numerical_gradient(function, x, 1e-3)
    # The truncation error is f''' eps^2 / 6. f is at most 5000, and the
    # step divides its rounding error.
    close(found, x * x + 1e-6 / 3, 2, 5000 / 1e-3)
