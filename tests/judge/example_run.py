"""Examples of bugs that no formula of the judge has: the code is run.

Each is an input in words, and what is computed from it: once by the
source with the bug, once by the source as it is.
"""

import contextlib
from collections.abc import Callable
from typing import Any

# The definitions of one source, by their names.
Names = dict[str, Any]
# An input in words, and how it is computed.
Example = tuple[str, Callable[[Names], Any]]


def tensor(*entries: Any) -> Any:
    import torch
    return torch.tensor(entries, dtype=torch.float64)


def slope(function: Any, x: Any) -> Any:
    x = x.requires_grad_()
    function(x).sum().backward()
    return x.grad


def _stepped(optimiser: Any, start: list[float], gradient: float,
             steps: int = 1, single: bool = False, **options: Any) -> Any:
    """The parameters after some steps with the same gradient."""
    import torch
    params = [tensor(one).float() if single else tensor(one)
              for one in start]
    optimizer = optimiser(params, **options)
    for p in params:
        p.grad = torch.full_like(p, gradient)
    for _ in range(steps):
        optimizer.step()
    return params


def _after_decay(optimiser: Any) -> Any:
    """The gradient 1 after a step with weight decay, from p = 1."""
    p, = _stepped(optimiser, [1.0], 1.0, weight_decay=0.5)
    return p.grad


def _split(names: Names) -> Any:
    x = tensor(*range(5))
    train, test, *_ = names["train_test_split"](x, x, 0.4)
    return train, test


def _dealt(names: Names, size: int, epochs: int = 1) -> Any:
    import torch
    x, generator = tensor(*range(size)), torch.Generator().manual_seed(0)
    return [pair for _ in range(epochs) for pair in names["batches"](
        x, x, batch_size=2, shuffle=True, generator=generator)]


def _gradient(names: Names, loss: Callable[..., Any], *leaves: Any) -> Any:
    """The gradient of the last leaf."""
    values = [names["Value"](leaf) for leaf in leaves]
    loss(*values).backward()
    return values[-1].grad


def _two_graphs(names: Names) -> Any:
    a = names["Value"](tensor(2))
    for number in 3, 5:
        (a * number).backward()
    return a.grad


def _sum_in_place(names: Names) -> Any:
    a, b = names["Value"](tensor(2)), names["Value"](tensor(3))
    (a + b).backward()
    a.grad *= 10
    return b.grad


def _changed(names: Names) -> Any:
    a = names["Value"](tensor(2))
    loss = a * a
    a.data.fill_(5)
    loss.backward()
    return a.grad


def _scheduled(names: Names, name: str, steps: int, **options: Any) -> Any:
    """The optimiser, with lr 0.1 at the start, and the schedule."""
    optimizer = names["Optimizer"](0.1)
    scheduler = names[name](optimizer, **options)
    optimizer.stepped_since_schedule = True
    for _ in range(steps):
        with contextlib.suppress(ValueError):
            scheduler.step()
    return optimizer, scheduler


def _second_schedule(names: Names) -> Any:
    optimizer, _ = _scheduled(names, "StepLR", 1, step_size=1, gamma=0.5)
    return names["StepLR"](optimizer, 1, 0.5).get_last_lr()


def _drawn(names: Names, function: str, *shape: int,
           **options: Any) -> Any:
    """A weight of zeros, and what the function returns for it."""
    import torch
    weight = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    return weight, names[function](
        weight, generator=torch.Generator().manual_seed(0), **options)


def _std(function: str, *shape: int,
         **options: Any) -> Example:
    told = "".join(f", {name} {value}" for name, value in options.items())
    return (f"{function}, shape {shape}{told} · std of the draws",
            lambda names: _drawn(names, function, *shape,
                                 **options)[1].detach().std())


EXAMPLES: dict[str, Example] = {
    "tanh-without-expm1": (
        "value at x = 1e-20", lambda names: names["tanh"](tensor(1e-20))),
    "tanh-by-expm1-alone": (
        "slope at x = 8.3 in float32", lambda names: slope(
            names["tanh"], tensor(8.3).float())),
    "softplus-both-branches": (
        "slope at x = 1000", lambda names: slope(
            names["softplus"], tensor(1e3))),
    "softmax-without-keepdim": (
        "value at the rows [0, 0], [0, 9]", lambda names: names["softmax"](
            tensor([0, 0], [0, 9]), 1)),
    "rows-against-a-column": (
        "value at x = [1, 2], y = [[1], [2]]", lambda names: names[
            "mse_loss"](tensor(1, 2), tensor([1], [2]))),
    "cross-entropy-slope-by-autograd": (
        "slope at p = 0, y = 0", lambda names: slope(
            lambda p: names["binary_cross_entropy"](p, 0 * p.detach()),
            tensor(0))),
    "sgd-decay-writes-into-grad": (
        "weight_decay 0.5, p = 1, gradient 1 · the gradient after a step",
        lambda names: _after_decay(names["SGD"])),
    "adam-decay-writes-into-grad": (
        "weight_decay 0.5, p = 1, gradient 1 · the gradient after a step",
        lambda names: _after_decay(names["Adam"])),
    "centered-clamped": (
        "centered, float32, start 0, lr 0.01, alpha 0.5, gradient 0.3 "
        "60 times · the parameter", lambda names: _stepped(
            names["RMSprop"], [0.0], 0.3, 60, True, alpha=0.5,
            centered=True)),
    "state-shared": (
        "momentum 0.5, two parameters, start 0, lr 0.1, gradient 1 · after "
        "step 1", lambda names: _stepped(
            names["SGD"], [0.0, 0.0], 1.0, lr=0.1, momentum=0.5)),
    "std-with-n-minus-1": (
        "the column 1, 3", lambda names: names["standardize"](
            tensor([1], [3]), tensor([1], [3]))),
    "std-by-row": (
        "the rows [1, 2], [3, 9]", lambda names: names["standardize"](
            tensor([1, 2], [3, 9]), tensor([1, 2], [3, 9]))),
    "test-data-with-its-own-mean": (
        "training column 1, 3, test column 5, 7 · the test column",
        lambda names: names["standardize"](
            tensor([5], [7]), tensor([1], [3]))),
    "constant-column-blown-up": (
        "training column 1, 1, test column 2 · the test column",
        lambda names: names["standardize"](tensor([2]),
                                           tensor([1], [1]))),
    "test-row-in-training": (
        "rows 0 to 4, test_size 0.4 · training rows, test rows", _split),
    "split-unshuffled": (
        "rows 0 to 4, test_size 0.4 · training rows, test rows", _split),
    "shuffle-x-without-y": (
        "x = y = 0 to 3, shuffled batches of 2 · x and y of each",
        lambda names: _dealt(names, 4)),
    "shuffle-the-batches-only": (
        "rows 0 to 7, shuffled batches of 2", lambda names: [
            x for x, _ in _dealt(names, 8)]),
    "tail-dropped": (
        "rows 0 to 4, shuffled batches of 2", lambda names: [
            x for x, _ in _dealt(names, 5)]),
    "same-order-every-epoch": (
        "rows 0 to 3, shuffled batches of 2, two epochs", lambda names: [
            x for x, _ in _dealt(names, 4, 2)]),
    "value-visited-twice": (
        "a = 2, c = a + a, L = c * c · dL/da", lambda names: _gradient(
            names, lambda a: (c := a + a) * c, tensor(2))),
    "order-of-a-search": (
        "a = 2, b = 3, c = a * b, L = c + c * a · dL/da",
        lambda names: _gradient(names, lambda b, a: (c := a * b) + c * a,
                                tensor(3), tensor(2))),
    "recursive-search": (
        "a = 1, L = a + 2000 times a · dL/da", lambda names: _gradient(
            names, lambda a: sum((a for _ in range(2000)), a), tensor(1))),
    "backward-sets-the-gradient": (
        "a = 2, backward from a * 3, then from a * 5 · dL/da",
        _two_graphs),
    "gradients-share-memory": (
        "L = a + b, then a.grad *= 10 · b.grad", _sum_in_place),
    "broadcast-not-summed": (
        "a = [1, 2], b = [3], L = (a + b).sum() · dL/db",
        lambda names: _gradient(names, lambda a, b: (a + b).sum(),
                                tensor(1, 2), tensor(3))),
    "broadcast-averaged": (
        "a = [1, 2], b = [3], L = (a + b).sum() · dL/db",
        lambda names: _gradient(names, lambda a, b: (a + b).sum(),
                                tensor(1, 2), tensor(3))),
    "change-in-place-unnoticed": (
        "a = 2, L = a * a, then a.data is set to 5 · dL/da", _changed),
    "power-0-at-0": (
        "a = 0, L = a ** 0 · dL/da", lambda names: _gradient(
            names, lambda a: a ** 0, tensor(0))),
    "one-cycle-from-the-optimisers-lr": (
        "the optimiser has lr 0.1, max_lr 1, div_factor 25 · lr at t = 0",
        lambda names: _scheduled(names, "OneCycleLR", 0, max_lr=1,
                                 total_steps=10)[0].lr),
    "lr0-is-the-lr-of-now": (
        "lr 0.1, gamma 0.5, after a step a second schedule is made · its "
        "lr at t = 0", _second_schedule),
    "schedule-not-written": (
        "lr0 0.1, gamma 0.5, step_size 1 · the optimiser's lr after a "
        "step", lambda names: _scheduled(
            names, "StepLR", 1, step_size=1, gamma=0.5)[0].lr),
    "schedule-counts-before-it-fails": (
        "one cycle of 10 steps, the 11th step raises · last_epoch",
        lambda names: _scheduled(names, "OneCycleLR", 11, max_lr=1,
                                 total_steps=10)[1].last_epoch),
    "fan-of-the-wrong-axis": _std("kaiming_normal_", 100, 400),
    "receptive-field-ignored": _std("kaiming_normal_", 64, 16, 3, 3),
    "fan-out-for-fan-in": _std("kaiming_normal_", 100, 400),
    "std-without-root": _std("xavier_normal_", 100, 400),
    "xavier-without-brackets": _std("xavier_normal_", 100, 400),
    "xavier-without-the-2": _std("xavier_normal_", 100, 400),
    "xavier-3-for-2": _std("xavier_normal_", 100, 400),
    "std-is-the-bound": _std("xavier_uniform_", 100, 400),
    "gain-forgotten": _std("xavier_uniform_", 100, 400, gain=2.0),
    "kaiming-without-gain": _std("kaiming_uniform_", 100, 400),
    "variance-for-std": _std("normal_", 100, 400, std=0.1),
    "global-generator": (
        "two draws with one seed · 1 if they are equal", lambda names: all(
            _drawn(names, "uniform_", 9)[1].eq(
                _drawn(names, "uniform_", 9)[1]))),
    "a-fresh-tensor": (
        "a tensor of 1000 zeros is filled · its std", lambda names: _drawn(
            names, "normal_", 1000)[0].detach().std()),
    "gradient-switched-off": (
        "a weight is filled · 1 if it still needs a gradient",
        lambda names: _drawn(names, "normal_", 9)[0].requires_grad),
}
