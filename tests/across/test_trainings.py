"""Rule 11: what both sides' trainings reject, before anything moves."""

import math

import numpy as np
import pytest
import torch

from scratch.front_door.lesson import WINGS
from tests.across.outcomes import settled
from tests.compare.closeness import same

X = torch.tensor([[0.5, -1.0], [2.0, 0.25], [-0.5, 3.0]])
Y = torch.tensor([[0.0], [1.0], [1.0]])
LABELS = torch.tensor([0, 1, 1])


def trainings(wing):
    """Each `train` and `train_with`: its model and an ordinary call."""
    linear = wing.linear_regression.LinearRegression(2)
    logistic = wing.logistic_regression.LogisticRegression(2)
    softmax = wing.softmax_regression.SoftmaxRegression(2, 2)
    net, other = wing.mlp.MLP([2, 3, 1]), wing.mlp.MLP([2, 3, 1])
    by_rule = wing.linear_regression.LinearRegression(2)
    mse = wing.losses.mse_loss
    return {
        "linear_regression": (wing.linear_regression.train, {
            "model": linear, "x": X, "y": Y, "lr": 0.1, "steps": 2,
            "stop": 0.0}),
        "logistic_regression": (wing.logistic_regression.train, {
            "model": logistic, "loss_function": mse, "x": X, "y": Y,
            "lr": 0.1, "momentum": 0.5, "epochs": 2}),
        "softmax_regression": (wing.softmax_regression.train, {
            "model": softmax, "x": X, "y": LABELS, "lr": 0.1, "epochs": 2,
            "batch_size": 2, "gamma": 0.5,
            "generator": torch.Generator()}),
        "mlp": (wing.mlp.train, {
            "model": net, "loss_function": mse, "x": X, "y": Y, "lr": 0.1,
            "epochs": 2, "batch_size": 2, "generator": torch.Generator()}),
        "mlp with": (wing.mlp.train_with, {
            "optimizer": wing.optim.SGD(other.parameters(), lr=0.1),
            "model": other, "loss_function": mse, "x": X, "y": Y,
            "epochs": 2, "batch_size": 2, "generator": torch.Generator()}),
        "backprop": (wing.backprop.train, {
            "model": by_rule, "x": X, "y": Y, "lr": 0.1, "epochs": 2,
            "gradients": wing.backprop.linear_regression_gradients,
            "batch_size": 2, "generator": torch.Generator(), "gamma": 0.5,
            "stop": 0.0})}


TOPICS = list(trainings(WINGS[0]))
CASES = [(topic, name) for topic in TOPICS
         for name in trainings(WINGS[0])[topic][1]]


def of_kind(*names):
    """The cases with these options."""
    return pytest.mark.parametrize(
        "topic, option", [case for case in CASES if case[1] in names])


def rejects(topic, error, words=None, change=None, **options):
    """Check that both sides raise, and that nothing has changed.

    change(arguments) is called first. Only what the first batch shows
    to be wrong is rejected after its rows have been drawn.
    """
    for wing in WINGS:
        train, arguments = trainings(wing)[topic]
        arguments |= options
        if change:
            change(arguments)
        before = settled(arguments)
        with pytest.raises(error, match=words):
            next(train(**arguments))
        after = settled(arguments)
        if words is None:
            for state in before, after:
                state.pop("generator", None)
        unchanged(before, after)
        assert all(p.grad is None for p in arguments["model"].parameters())


def unchanged(before, after):
    """Check that two results of `settled` are equal, NaN included."""
    if isinstance(before, torch.Tensor):
        assert before.equal(after) or before.isnan().all()
    elif isinstance(before, dict | list | tuple):
        keys = before if isinstance(before, dict) else range(len(before))
        for key in keys:
            unchanged(before[key], after[key])
    else:
        assert repr(before) == repr(after)


@of_kind("lr", "momentum", "gamma")
def test_no_training_climbs(topic, option):
    """A negative lr, momentum or gamma raises before anything moves."""
    for number in -0.1, math.nan, math.inf, -math.inf, np.float32(-1):
        rejects(topic, ValueError, f"^{option} must be", **{option: number})
    for other in True, "fast", None, torch.tensor(0.1), 1j, [0.1]:
        rejects(topic, TypeError, f"^{option} must be", **{option: other})


@of_kind("stop")
def test_stop_is_a_number(topic, option):
    """No loss is below NaN: such a training would never stop."""
    rejects(topic, ValueError, "^stop must be", stop=math.nan)
    for value in True, "early", None, torch.tensor(0.1):
        rejects(topic, TypeError, "^stop must be", stop=value)
    for wing in WINGS:
        train, arguments = trainings(wing)[topic]
        next(train(**{**arguments, "stop": -math.inf}))
        assert len(list(train(**{**arguments, "stop": 1e9}))) == 1


@of_kind("steps", "epochs", "batch_size")
def test_counts_are_integers(topic, option):
    """steps, epochs and batch_size; NumPy's integers are integers."""
    for value in True, 2.0, "3", torch.tensor(2.0), np.float64(2), [2]:
        rejects(topic, TypeError, f"^{option} must be an integer",
                **{option: value})
    rejects(topic, ValueError, f"^{option} must be at least", **{option: -1})
    losses = [list(train(**{**arguments, option: value}))
              for wing in WINGS for value in (2, np.int64(2), np.uint8(2))
              for train, arguments in [trainings(wing)[topic]]]
    assert all(found == losses[0] for found in losses[:3])
    assert len({len(found) for found in losses}) == 1


@of_kind("generator")
def test_generators(topic, option):
    """A generator, or for softmax regression a seed; no other value."""
    for value in 1.5, "0", True, np.random.default_rng(0):
        rejects(topic, TypeError, generator=value)
    if topic == "softmax_regression":
        rejects(topic, TypeError, "^generator must", generator=None)
        rejects(topic, ValueError, "^generator must be at least 0, got -1",
                generator=-1)
        rejects(topic, ValueError, "^generator must be below",
                generator=2 ** 64)
    else:
        rejects(topic, TypeError, generator=3)


@pytest.mark.parametrize("topic", TOPICS)
def test_rows_and_targets(topic):
    """x and y are tensors of as many rows, of the model's dtype."""
    y = trainings(WINGS[0])[topic][1]["y"]
    for rows in 2, 1, 0:
        rejects(topic, ValueError, y=y[:rows])
        rejects(topic, ValueError, x=X[:rows])
    rejects(topic, ValueError, x=X[:0], y=y[:0])
    rejects(topic, (TypeError, AttributeError), x=X.tolist())
    rejects(topic, (TypeError, AttributeError), y=y.tolist())
    for x in X.double(), X.long(), X.half():
        rejects(topic, RuntimeError, x=x)
    rejects(topic, RuntimeError, x=X[:, :1])


@pytest.mark.parametrize("topic", [topic for topic in TOPICS
                                   if topic.startswith("mlp")])
def test_rows_and_targets_of_one_batch(topic):
    """Without batch_size and generator the rows are counted, too."""
    def all_rows(arguments):
        arguments |= {"batch_size": None, "generator": None,
                      "loss_function": lambda a, b: (a - b).sum()}

    rejects(topic, ValueError, "same number of rows", all_rows, y=Y[:1])


@pytest.mark.parametrize("topic", [case[0] for case in CASES
                                   if case[1] == "loss_function"])
def test_a_loss_is_one_number(topic):
    """A loss per row is rejected."""
    rejects(topic, RuntimeError, loss_function=lambda a, b: (a - b) ** 2)


def test_hand_written_gradients():
    """One for each parameter, of its shape; the loss is one number."""
    one = torch.tensor(1.0)
    for wrong in ([torch.ones(1, 2)], [torch.ones(1, 2), torch.ones(())],
                  [torch.ones(1, 2), None], [],
                  [torch.ones(1, 2)] + 2 * [torch.ones(1)]):
        rejects("backprop", ValueError,
                gradients=lambda *_: (one, wrong))
    good = [torch.ones(1, 2), torch.ones(1)]
    rejects("backprop", RuntimeError,
            gradients=lambda *_: (torch.ones(3), good))
    for wing in WINGS:
        train, arguments = trainings(wing)["backprop"]
        # an iterator is as good as a list
        next(train(**{**arguments, "gradients": lambda *_: (
            one, iter(good))}))
        for p in arguments["model"].parameters():
            same(p.detach(), torch.full_like(p, -0.1))


def freeze(index):
    """A change: freeze one parameter, or all."""
    def change(arguments):
        for p in list(arguments["model"].parameters())[index]:
            p.requires_grad_(False)

    return change


@pytest.mark.parametrize("topic", [topic for topic in TOPICS
                                   if topic != "mlp with"])
def test_frozen_parameters_are_rejected(topic):
    """An update written by hand would move them, or fail in mid-step."""
    for some in slice(1), slice(1, 2), slice(None):
        rejects(topic, ValueError, "must require a gradient",
                freeze(some))


@pytest.mark.parametrize("name", [
    "linear_regression_gradients", "softmax_regression_gradients",
    "mlp_gradients"])
def test_frozen_parameters_have_no_gradients(name):
    """No gradients are written out for a model with frozen parameters."""
    for wing in WINGS:
        model, y = {
            "linear": (wing.linear_regression.LinearRegression(2), Y),
            "softmax": (wing.softmax_regression.SoftmaxRegression(2, 2),
                        LABELS),
            "mlp": (wing.mlp.MLP([2, 3, 1]), Y)}[name.split("_")[0]]
        freeze(slice(1))({"model": model})
        with pytest.raises(ValueError, match="must require a gradient"):
            getattr(wing.backprop, name)(model, X, y)


@pytest.mark.parametrize("optimiser", ["SGD", "Adam", "AdamW", "RMSprop",
                                       "Adagrad"])
def test_an_optimiser_skips_frozen_parameters(optimiser):
    """Only the others move, and they move alike on both sides."""
    ends = []
    for wing in WINGS:
        train, arguments = trainings(wing)["mlp with"]
        model = arguments["model"]
        before = settled(model)
        arguments["optimizer"] = getattr(wing.optim, optimiser)(
            model.parameters(), lr=0.1, weight_decay=0.1)
        freeze(slice(1, 3))(arguments)
        assert len(list(train(**arguments))) == 4
        ends.append(settled(model))
        moved = [not torch.equal(p, q) for p, q in zip(before, ends[-1])]
        assert moved == [True, False, False, True]
    for p, q in zip(*ends):
        torch.testing.assert_close(p, q)


class Half:
    """A model whose second parameter is never used."""

    def __init__(self, outputs):
        self.w = torch.zeros(outputs, 2, requires_grad=True)
        self.b = torch.ones(outputs, requires_grad=True)

    def __call__(self, x):
        return x @ self.w.T

    def parameters(self):
        return [self.w, self.b]


@pytest.mark.parametrize("topic", [
    topic for topic in TOPICS if topic not in ("mlp with", "backprop")])
def test_a_parameter_that_the_loss_does_not_reach(topic):
    """It has no gradient and stays as it is; the other one is trained."""
    ends = []
    for wing in WINGS:
        train, arguments = trainings(wing)[topic]
        model = arguments["model"] = Half(
            2 if topic == "softmax_regression" else 1)
        assert len(list(train(**arguments))) > 1
        assert model.b.eq(1).all() and model.b.grad is None
        assert model.w.ne(0).any()
        ends.append(model.w.detach())
    torch.testing.assert_close(*ends)
