"""Examples of bugs that take steps to show: the code is run.

In what all optimisers share, in schedules, and in training loops. The
numbers are round, so that each can be computed in one's head.
"""

from typing import Any

from tests.judge.example_run import Example, Names, tensor


def _step(optimizer: Any, gradient: float = 1.0) -> None:
    p, = optimizer.params
    p.grad = tensor(gradient)
    optimizer.step()


def _backward_twice(names: Names) -> Any:
    p = tensor(0)[0].requires_grad_()
    optimizer = names["SGD"]([p])
    (3 * p).backward()
    optimizer.zero_grad()
    (3 * p).backward()
    return p.grad


def _step_without_backward(names: Names) -> Any:
    optimizer = names["SGD"]([tensor(0)], lr=0.1, momentum=0.9)
    _step(optimizer)
    optimizer.zero_grad()
    optimizer.step()
    return optimizer.params[0]


def _adam_resumed(names: Names) -> Any:
    """The parameter after one step before, and one after, the file."""
    p = tensor(0)
    first, second = (names["Adam"]([p], lr=0.1) for _ in range(2))
    _step(first)
    second.load_state_dict(first.state_dict())
    _step(second)
    return p


def _saved_state_changed(names: Names) -> Any:
    """The velocity that was loaded, when the saved one has changed."""
    first, second = (names["SGD"]([tensor(0)], momentum=0.9)
                     for _ in range(2))
    _step(first)
    saved = first.state_dict()
    second.load_state_dict(saved)
    saved["state"][0]["momentum_buffer"].fill_(5)
    return second.state[0]["momentum_buffer"]


def _loaded_lr(names: Names) -> Any:
    first, second = (names["SGD"]([tensor(0)], lr=lr) for lr in (0.1, 1))
    second.load_state_dict(first.state_dict())
    return second.param_groups[0]["lr"]


def _schedule(names: Names, name: str, lr0: float, **options: Any) -> Any:
    schedule = names[name](names["Optimizer"](lr0), **options)
    # No warning that lr(0) was never used.
    schedule.optimizer.stepped_since_schedule = True
    return schedule


def _rate(schedule: Any, steps: int) -> Any:
    for _ in range(steps):
        schedule.step()
    return schedule.optimizer.lr


def _milestones(names: Names, *milestones: int, t: int) -> Any:
    return _rate(_schedule(names, "MultiStepLR", 1, milestones=milestones,
                           gamma=0.5), t)


def _sequence(names: Names, *gammas: float) -> Any:
    """The learning rate at the milestone, t = 2."""
    optimizer = names["Optimizer"](1)
    schedule = names["SequentialLR"](
        optimizer, [names["ExponentialLR"](optimizer, gamma)
                    for gamma in gammas], [2])
    optimizer.stepped_since_schedule = True
    return _rate(schedule, 2)


def _schedule_resumed(names: Names, steps: int, lr0: float) -> Any:
    """A step after loading into a run that was made with lr0."""
    first = _schedule(names, "ExponentialLR", 1, gamma=0.5)
    lr = _rate(first, steps)
    second = _schedule(names, "ExponentialLR", lr0, gamma=0.5)
    # The optimiser's own state has the learning rate.
    second.optimizer.lr = lr
    second.load_state_dict(first.state_dict())
    return _rate(second, 1)


def _masks(names: Names) -> Any:
    """A mask before the training is saved, and one after it resumes."""
    import torch

    from scratch.cnn import CNN, RECIPES, Training
    first, second = (
        Training(CNN(channels=(1, 1), size=4, dropout=0.5),
                 torch.zeros(1, 1, 4, 4), torch.tensor([0]),
                 RECIPES["lecture"]) for _ in range(2))
    before = first.model.drop(torch.ones(4))
    names["restore"](second, names["saved"](first))
    return before, second.model.drop(torch.ones(4))


def _line(names: Names, **options: Any) -> Any:
    """w and b, trained on the point (1, 1)."""
    model, x = names["LinearRegression"](), tensor([1])
    list(names["train"](model, x, x, lr=0.5, **options))
    return [p.detach() for p in model.parameters()]


class _Weight:
    """A model of one parameter: p x, from p = 0."""

    def __init__(self) -> None:
        self.p = tensor(0).requires_grad_()

    def __call__(self, x: Any) -> Any:
        return self.p * x

    def parameters(self) -> list[Any]:
        return [self.p]


def _two_epochs(names: Names) -> Any:
    """The parameter after them; its gradient is 1 in each."""
    model = _Weight()
    list(names["train"](model, lambda output, y: output.sum(), tensor(1),
                        None, lr=0.1, momentum=0.5, epochs=2))
    return model.p.detach()


def _labelled(names: Names) -> Any:
    return names["classify"](lambda x: x, tensor([0.3]))


def _biases(names: Names, *rows: int, **options: Any) -> Any:
    """Of two classes after an epoch; all rows are of class 0."""
    import torch
    model = names["SoftmaxRegression"](1, 2)
    x = tensor(*rows)[:, None]
    y = torch.zeros(len(rows), dtype=torch.int64)
    list(names["train"](model, x, y, lr=1, epochs=1, **options))
    return model.b.detach()


POINT = "a line from w = b = 0, the point x = 1, y = 1, lr 0.5"
EPOCHS = ("start 0, gradient 1 in each epoch, lr 0.1, momentum 0.5 · the "
          "parameter after 2 epochs", _two_epochs)
ROW = "two classes, one row of class 0, lr 1"

LOOPS: dict[str, Example] = {
    "zero-grad-forgotten": (
        "L = 3 p: backward, zero_grad, and backward again · dL/dp",
        _backward_twice),
    "zero-grad-fills": (
        "start 0, lr 0.1, momentum 0.9: a step with gradient 1, then "
        "zero_grad and a step without backward · the parameter",
        _step_without_backward),
    "t-restarts-with-a-file": (
        "Adam, start 0, lr 0.1, gradient 1: a step, save, load, a step · "
        "the parameter", _adam_resumed),
    "loaded-state-shared": (
        "a velocity of 1 is loaded, then the saved one is set to 5 · the "
        "optimiser's velocity", _saved_state_changed),
    "loaded-options-forgotten": (
        "an optimiser with lr 1 loads the state of one with lr 0.1 · its "
        "lr", _loaded_lr),
    "milestone-a-step-late": (
        "lr0 1, gamma 0.5, a milestone at 2 · lr at t = 2",
        lambda names: _milestones(names, 2, t=2)),
    "milestones-count-once": (
        "lr0 1, gamma 0.5, milestones at 1 and 2 · lr at t = 2",
        lambda names: _milestones(names, 1, 2, t=2)),
    "milestone-twice-is-once": (
        "lr0 1, gamma 0.5, milestones at 1 and again at 1 · lr at t = 1",
        lambda names: _milestones(names, 1, 1, t=1)),
    "sequence-goes-on-counting": (
        "lr0 1, constant for 2 steps, then halved at each step · lr at "
        "t = 2, where the second schedule starts",
        lambda names: _sequence(names, 1, 0.5)),
    "sequence-a-step-late": (
        "lr0 1, halved at each step, from milestone 2 on constant at lr0 · "
        "lr at t = 2", lambda names: _sequence(names, 0.5, 1)),
    "schedule-starts-again": (
        "lr0 1, halved at each step: 2 steps, save, load, a step · lr "
        "at t = 3",
        lambda names: _schedule_resumed(names, 2, 1)),
    "schedule-resumes-with-another-lr0": (
        "lr0 1, halved at each step: a step, save, load into a run with "
        "lr0 3, a step · lr at t = 2",
        lambda names: _schedule_resumed(names, 1, 3)),
    "cnn-masks-start-again": (
        "4 ones through dropout, p = 0.5, before the training is saved, "
        "and again when it resumes", _masks),
    "gradient-accumulated": (
        f"{POINT}: step 1 fits it · w and b after step 2",
        lambda names: _line(names, steps=2, stop=0)),
    "bias-not-cleared": (
        f"{POINT}: step 1 fits it · w and b after step 2",
        lambda names: _line(names, steps=2, stop=0)),
    "stop-after-the-update": (
        f"{POINT}: the first loss, 1/2, is already below stop = 1 · w and "
        "b at the end", lambda names: _line(names, steps=2, stop=1)),
    "velocity-restarts-every-epoch": EPOCHS,
    "velocity-adds-twice": EPOCHS,
    "boundary-at-zero": (
        "a point with P(label 1) = 0.3 · its label", _labelled),
    "partial-batch-by-the-full-size": (
        f"{ROW}, batch_size 2 · the biases after a step from 0",
        lambda names: _biases(names, 1, batch_size=2)),
    "gamma-every-step": (
        "two classes, the rows x = 1 and x = -1, both of class 0, "
        "batch_size 1, lr 1, gamma 0.5 · the biases after the first epoch",
        lambda names: _biases(names, 1, -1, batch_size=1, gamma=0.5)),
    "bias-left-out": (
        f"{ROW} · the biases after a step from 0",
        lambda names: _biases(names, 1)),
}
