"""Trainings so small that each bug of the museum can have its curve.

Each yields a number per step, mostly the loss. `by.optim` is the topic
scratch.optim, with a bug or without: see fresh.py. Those of layers and
data are in trainings_layers.py.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

Losses = Iterator[float]
STEPS = 30


def descent(loss: Callable[[], Any], params: list[Any], lr: float,
            steps: int = STEPS) -> Losses:
    """Gradient descent on a function of some tensors, or Values."""
    for _ in range(steps):
        value = loss()
        value.backward()
        for p in params:
            if p.grad is not None:
                p.data.sub_(p.grad.mul_(lr))
                p.grad = None
        yield value.item()


def bowl(by: Any, name: str, loop: str = "", scale: float = 1,
         **options: Any) -> Losses:
    """An optimiser on 10 (a - 1)^2 + (b - 1)^2 / 2, from 0.

    loop: "events" (a gradient is missing, lr falls, a new optimiser
    loads the state), "spikes" (a large gradient now and then), "in
    place" (gradients are filled with 0), "again" (four steps with each).
    """
    a, b = torch.zeros(1), torch.zeros(1)
    optimizer = getattr(by.optim, name)([a, b], **options)
    for t in range(STEPS):
        loss = 10 * (a - 1) ** 2 + (b - 1) ** 2 / 2
        if loop != "again" or t % 4 == 0:
            optimizer.zero_grad()
            # what backward() does, in a third of the time
            size = scale * (10 if loop == "spikes" and t % 8 == 0 else 1)
            for p, curvature in (a, 20), (b, 1):
                slope = size * curvature * (p - 1)
                if not (p is a and loop == "events" and t % 2 == 1):
                    p.grad = slope if p.grad is None else p.grad + slope
        optimizer.step()
        if loop == "in place":
            a.grad.zero_(), b.grad.zero_()
        if loop == "events" and t == 4:
            optimizer.param_groups[0]["lr"] /= 4
        if loop == "events" and t == 8:
            state = optimizer.state_dict()
            optimizer = getattr(by.optim, name)([a, b])
            optimizer.load_state_dict(state)
        yield loss.item()


def schedule(by: Any, name: str, resume: bool = False,
             steps: int = STEPS, **options: Any) -> Losses:
    """The learning rate of each step; or of a run that is resumed."""
    p = torch.ones(1, requires_grad=True)

    def start(lr):
        optimizer = by.optim.SGD([p], lr=lr)
        topic = by.lr_scheduler
        if name == "SequentialLR":
            options["schedulers"] = [
                topic.LinearLR(optimizer, 0.1, total_iters=20),
                topic.ExponentialLR(optimizer, 0.9)]
        return optimizer, getattr(topic, name)(optimizer, **options)

    optimizer, scheduler = start(1.0)
    for t in range(steps):
        if resume and t == STEPS // 2:
            states = optimizer.state_dict(), scheduler.state_dict()
            optimizer, scheduler = start(0.5)
            optimizer.load_state_dict(states[0])
            scheduler.load_state_dict(states[1])
        yield optimizer.param_groups[0]["lr"]
        optimizer.step()
        scheduler.step()


def neuron(by: Any, name: str, start: float = 0.0) -> Losses:
    """f(w x + b) learns a step from 0 to 1; w starts at `start`."""
    x = torch.linspace(-1, 1, 21)[:, None]
    y = (x > 0.2).float()
    f = getattr(by.activations, name)
    w = torch.full((1,), start, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    return descent(lambda: ((f(w * x + b) - y) ** 2).mean(), [w, b], 1.0)


def clusters(size: int = 30) -> tuple[Tensor, Tensor]:
    """Points in three clusters, and their labels 0, 1, 2 in order."""
    draw = torch.Generator().manual_seed(0)
    y = (torch.arange(size) % 3).sort().values
    centres = torch.tensor([[3.0, 1], [-1, 1], [1, -2]])
    return centres[y] + torch.randn(size, 2, generator=draw), y


def classes(by: Any, name: str, start: float = 1.0,
            **options: Any) -> Losses:
    """One matrix learns three clusters, by a softmax or by a loss."""
    x, y = clusters()
    w = start * torch.tensor([[0.0, 1], [1, 0], [-1, -1]])
    w.requires_grad_()

    def loss():
        if name == "softmax":
            p = by.activations.softmax(x @ w.T, 1)
            return ((p - torch.eye(3)[y]) ** 2).mean()
        return by.losses.cross_entropy(x @ w.T, y, **options)

    return descent(loss, [w], 1.0)


def binary(by: Any, name: str, start: float = 0.0) -> Losses:
    """One neuron learns two overlapping clusters."""
    x, y = by.data.blobs(15)
    x, y = x / 2 + 0.5, y[:, None].float()
    w = torch.full((1, 2), start, requires_grad=True)
    b = torch.full((1,), start, requires_grad=True)
    loss = getattr(by.losses, name)

    def value():
        z = x @ w.T + b
        return loss(z if "logits" in name else by.activations.sigmoid(z),
                    y)

    return descent(value, [w, b], 0.3)


def net(by: Any, batch_size: int = 40, **options: Any) -> Losses:
    """A net of two hidden layers learns a parabola."""
    x, y = by.data.parabola(40)
    model = by.mlp.MLP([1, 10, 10, 1], 1, **options)
    return by.mlp.train(
        model, by.losses.mse_loss, x, y, 0.2, STEPS * batch_size // 40,
        batch_size, torch.Generator().manual_seed(0))


def asleep(by: Any) -> Losses:
    """A net whose first layer starts at 0, where relu has its corner."""
    x, y = by.data.parabola(40)
    model = by.mlp.MLP([1, 10, 1])
    for p in model.layers[0]:
        p.data.zero_()
    return by.mlp.train(model, by.losses.mse_loss, x, y, 0.6, STEPS)


def evaluated(by: Any, of: str = "loss", **options: Any) -> Losses:
    """A net learns two clusters; the loss, or error, in evaluation."""
    x, y = by.data.blobs(10)
    x = x + 1
    model = by.mlp.MLP([2, 10, 1], **options)
    loss = by.losses.binary_cross_entropy_with_logits
    for _ in by.mlp.train(model, loss, x, y[:, None].float(), 0.1,
                          STEPS // 10, 2):
        if of == "error":
            yield 1 - by.losses.accuracy(by.mlp.classify(model, x), y)
        else:
            model.eval()
            yield loss(model(x), y[:, None].float()).item()
            model.train()


def start(by: Any, name: str, field: tuple[int, ...] = (),
          **options: Any) -> Losses:
    """A net whose weights and biases are drawn by scratch.init."""
    draw = torch.Generator().manual_seed(1)
    x, y = by.data.parabola(40)
    params = []
    for n, m in (30, 1), (10, 30), (1, 10):
        weight = torch.zeros(n, m, *field, requires_grad=True)
        getattr(by.init, name)(weight, generator=draw, **options)
        # What torch.empty finds in memory may be NaN.
        bias = torch.full((n,), torch.nan, requires_grad=True)
        params += [weight, by.init.zeros_(bias)]

    def loss():
        h = x
        for w, b in zip(params[::2], params[1::2]):
            # The pixels of a constant image are all the same.
            h = h @ (w.flatten(2).sum(2) if field else w).T + b
            h = h if w is params[-2] else h.relu()
        return ((h - y) ** 2).mean()

    return descent(loss, params, 0.02)


def by_hand(by: Any, loss: str) -> Losses:
    """A net, or softmax regression, with gradients written out."""
    topic = by.backprop
    if loss == "cross_entropy":
        return topic.train(
            by.softmax_regression.SoftmaxRegression(2, 3),
            topic.softmax_regression_gradients, *clusters(), 0.3, STEPS)
    x, y = by.data.parabola(40)
    y = y if loss == "mse_loss" else (y > 0.5).float()
    of = getattr(topic, f"{loss}_gradient")
    return topic.train(
        by.mlp.MLP([1, 10, 10, 1]), lambda model, x, y:
        topic.mlp_gradients(model, x, y, of), x, y, 0.5, STEPS)


def engine(by: Any, expression: str, parts: int = 1,
           steps: int = STEPS) -> Losses:
    """Values a and b, both (3, 3): an expression of them becomes 1.

    parts: as many calls of `backward` before each update.
    """
    f = eval(f"lambda a, b: {expression}")
    a = by.autograd.Value(torch.linspace(0.5, 1.5, 9).reshape(3, 3))
    b = by.autograd.Value(torch.linspace(-0.8, 0.8, 9).reshape(3, 3))

    def loss():
        values = [((f(a, b) - 1) ** 2).mean()
                  for _ in range(parts)]
        for value in values[1:]:
            value.backward()
        return values[0]

    return descent(loss, [a, b], 0.5, steps)


def slope(by: Any) -> Losses:
    """Descent on a parabola, with the slope of numerical_gradient."""
    x = torch.ones(1)
    for _ in range(STEPS):
        yield (x ** 2).item()
        x = x - 0.1 * by.tensors.numerical_gradient(
            lambda v: (v ** 2).sum(), x, 0.5)
