"""Torch's own code beside a mirror: it is there, is used, and is short."""

import re
import sys
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from scratch.front_door.source import ROOT
from tests.site.pane import lines, text
from torch_ref import (activations, autograd, backprop, dropout, init,
                       linear_regression, logistic_regression, losses,
                       lr_scheduler, mlp, normalization, optim,
                       softmax_regression, tensors)

pytest.importorskip("sphinx")

from docs.site import inside  # noqa: E402
from docs.site.symbols import letters  # noqa: E402

VIEWS = [(mirror, view) for mirror in inside.INSIDE
         for view in inside.views(mirror)[0]]
every_view = pytest.mark.parametrize(
    "mirror, view", VIEWS, ids=[f"{mirror}-{view.name}"
                                for mirror, view in VIEWS])


@pytest.mark.parametrize("mirror", inside.INSIDE)
def test_torch_has_it(mirror):
    """A name that torch moves would only be missing on the page."""
    assert inside.views(mirror)[1] == []


@every_view
def test_what_a_view_shows(mirror, view):
    """At first its name and lines with a symbol; all of it when unfolded."""
    source, pages = view.source.text, 0
    # The front page has a mirror, too.
    for page in ROOT.glob("docs/*.md"):
        names = {name: letter for one, letter, names
                 in letters(page.read_text()) if one == mirror
                 for name in names}
        pages += bool(names)
        if names:
            everything, first = lines(source, names,
                                      away=inside.folded(view, names))
            assert text("".join(everything)) == source
            assert 2 <= len(first) <= 20
            assert re.match("def |- name: ", text(first[0]))
            assert "data-sym" in "".join(first[1:])
            shown = text("".join(first))
            assert '"""' not in shown and "raise " not in shown
    assert pages


class Nodes(TorchFunctionMode):
    """The nodes of autograd behind each result."""

    def __init__(self):
        super().__init__()
        self.found: set[str] = set()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        waiting = [getattr(result, "grad_fn", None)]
        while waiting:
            node = waiting.pop()
            if node is not None:
                self.found.add(re.sub(r"Backward\d+$", "", node.name()))
                waiting += [one for one, _number in node.next_functions]
        return result


class Described(TorchDispatchMode):
    """Runs torch's description of each operation, if it has one."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        import torch._refs  # noqa: F401 (registers them)
        from torch._decomp import decomposition_table
        if func in decomposition_table:
            decomposition_table[func](*args, **(kwargs or {}))
        return func(*args, **(kwargs or {}))


@cache
def led_to(mirror: str) -> tuple[set[Any], set[str]]:
    """Code that the side by torch, or its description, runs; and nodes."""
    seen, nodes = set(), Nodes()

    def note(frame, event, _argument):
        if event == "call":
            seen.add(frame.f_code)

    with nodes, Described():
        sys.setprofile(note)
        try:
            CALLS[mirror]()
        finally:
            sys.setprofile(None)
    return seen, nodes.found


@every_view
def test_torch_really_uses_it(mirror, view):
    """Called by torch, it runs; or it describes an operation that does."""
    seen, nodes = led_to(mirror)
    if view.kind == "derivative":
        assert view.name.split()[1].title() in nodes
    else:
        # Torch's tests compare a reference of this name with its namesake.
        namesake = view.name.replace("torch._refs.nn.", "torch.nn.")
        assert {getattr(inside.function(name), "__code__", None)
                for name in (view.name, namesake)} & seen


X = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]])
Y = torch.tensor([[1.0, 0.0, 0.5], [0.0, 1.0, 0.25]])
LABELS = torch.tensor([2, 0])
ONES = torch.ones(3)


def step(kind, **options):
    """Two steps of an optimiser."""
    p = torch.ones(3, requires_grad=True)
    optimizer = kind([p], **options)
    for _ in range(2):
        p.grad = torch.ones(3)
        optimizer.step()


def schedule(kind, **options):
    """Three steps of a schedule."""
    p = torch.ones(3, requires_grad=True)
    optimizer = optim.SGD([p], lr=0.1)
    one = kind(optimizer, **options)
    for _ in range(3):
        p.grad = torch.ones(3)
        optimizer.step()
        one.step()


def sequence():
    """A schedule of two."""
    def both(optimizer):
        return lr_scheduler.SequentialLR(optimizer, [
            lr_scheduler.StepLR(optimizer, 2),
            lr_scheduler.ExponentialLR(optimizer, 0.9)], [2])
    schedule(both)


CALLS: dict[str, Callable[[], Any]] = {
    "tensors.dot": lambda: tensors.dot(X[0], X[1]),
    "tensors.lerp": lambda: tensors.lerp(X, Y, 0.25),
    "activations.relu": lambda: activations.relu(X),
    "activations.sigmoid": lambda: activations.sigmoid(X),
    "activations.softplus": lambda: activations.softplus(X),
    "activations.softmax": lambda: activations.softmax(X, 1),
    "activations.log_softmax": lambda: activations.log_softmax(X, 1),
    "losses.mse_loss": lambda: losses.mse_loss(X, Y),
    "losses.binary_cross_entropy": lambda: losses.binary_cross_entropy(Y, Y),
    "losses.binary_cross_entropy_with_logits":
        lambda: losses.binary_cross_entropy_with_logits(X, Y),
    "losses.nll_loss": lambda: losses.nll_loss(X, LABELS),
    "losses.cross_entropy": lambda: losses.cross_entropy(X, LABELS),
    "optim.SGD": partial(step, optim.SGD, momentum=0.9),
    "optim.RMSprop": partial(step, optim.RMSprop),
    "optim.Adagrad": partial(step, optim.Adagrad),
    "optim.Adam": partial(step, optim.Adam),
    "optim.AdamW": partial(step, optim.AdamW),
    "lr_scheduler.StepLR": partial(
        schedule, lr_scheduler.StepLR, step_size=2),
    "lr_scheduler.MultiStepLR": partial(
        schedule, lr_scheduler.MultiStepLR, milestones=[2]),
    "lr_scheduler.ExponentialLR": partial(
        schedule, lr_scheduler.ExponentialLR, gamma=0.9),
    "lr_scheduler.LinearLR": partial(schedule, lr_scheduler.LinearLR),
    "lr_scheduler.CosineAnnealingLR": partial(
        schedule, lr_scheduler.CosineAnnealingLR, T_max=5),
    "lr_scheduler.OneCycleLR": partial(
        schedule, lr_scheduler.OneCycleLR, max_lr=1.0, total_steps=10),
    "lr_scheduler.SequentialLR": sequence,
    "init.calculate_gain": lambda: init.calculate_gain("relu"),
    "init.xavier_uniform_": lambda: init.xavier_uniform_(X.clone()),
    "init.xavier_normal_": lambda: init.xavier_normal_(X.clone()),
    "init.kaiming_uniform_": lambda: init.kaiming_uniform_(X.clone()),
    "init.kaiming_normal_": lambda: init.kaiming_normal_(X.clone()),
    "normalization.batch_norm": lambda: normalization.batch_norm(
        X, ONES.clone(), ONES.clone(), ONES, ONES, training=True),
    "normalization.layer_norm": lambda: normalization.layer_norm(
        X, [3], ONES, ONES),
    "normalization.batch_norm_gradients":
        lambda: normalization.batch_norm_gradients(X, ONES, Y),
    "normalization.layer_norm_gradients":
        lambda: normalization.layer_norm_gradients(X, [3], ONES, Y),
    "dropout.dropout": lambda: dropout.dropout(X),
    "autograd.Value.__matmul__":
        lambda: autograd.Value(X.T) @ autograd.Value(X),
    "backprop.linear_input_gradient":
        lambda: backprop.linear_input_gradient(X, torch.ones(4, 2)),
    "backprop.linear_parameter_gradients":
        lambda: backprop.linear_parameter_gradients(X, torch.ones(2, 4)),
    "backprop.relu_gradient": lambda: backprop.relu_gradient(Y, X),
    "backprop.mse_loss_gradient":
        lambda: backprop.mse_loss_gradient(X, Y),
    "backprop.cross_entropy_gradient":
        lambda: backprop.cross_entropy_gradient(X, LABELS),
    "linear_regression.LinearRegression":
        lambda: linear_regression.LinearRegression(3)(X),
    "softmax_regression.SoftmaxRegression":
        lambda: softmax_regression.SoftmaxRegression(3, 2)(X),
    "logistic_regression.LogisticRegression":
        lambda: logistic_regression.LogisticRegression(3)(X),
    "mlp.MLP": lambda: mlp.MLP([3, 2, 1])(X),
    "mlp.sequential": lambda: mlp.sequential(mlp.MLP([3, 2, 1]))(X),
}


def test_every_view_is_called():
    """A new line of the table needs a call."""
    assert CALLS.keys() == inside.INSIDE.keys()
