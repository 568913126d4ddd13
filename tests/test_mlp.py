"""The net: start, forward pass and training equal torch's."""

from dataclasses import dataclass

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch.losses
import scratch.mlp as by_hand
import scratch.optim
import torch_ref.losses
import torch_ref.mlp as by_torch
import torch_ref.optim
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import MODERATE, dtypes, generators, tensors
from tests.compare.trainings import cast, compare_trainings, same_parameters

widths = st.lists(st.integers(1, 6), min_size=2, max_size=4)


def models(widths, seed, dtype=torch.float64):
    """The same net on both sides, from one seed."""
    pair = (by_hand.MLP(widths, seed), by_torch.MLP(widths, seed))
    for model in pair:
        cast(model, dtype)
    return pair


@given(widths=widths, seed=generators())
def test_start(widths, seed):
    """One seed gives one start on both sides, within nn.Linear's bounds.
    """
    hand, ref = models(widths, seed, torch.float32)
    same_parameters(hand, ref)
    again = by_hand.MLP(widths, torch.Generator().manual_seed(seed))
    same_parameters(again, ref)
    for p in hand.parameters():
        assert p.requires_grad and p.is_leaf
    for (weight, bias), m in zip(hand.layers, widths):
        assert weight.shape[1] == m
        assert weight.abs().max() <= m ** -0.5 + 1e-7
        assert bias.abs().max() <= m ** -0.5 + 1e-7


def test_start_is_drawn_like_torchs():
    """nn.Linear's own start has the same standard deviation, 1 / sqrt(3 m).
    """
    torch.manual_seed(0)
    hand = by_hand.MLP([100, 300], 0).parameters()
    ref = torch.nn.Linear(100, 300).parameters()
    for p, q in zip(hand, ref):
        assert abs(p.std() - 300 ** -0.5) < 0.005
        assert abs(q.std() - 300 ** -0.5) < 0.005


@dataclass
class Pass:
    """A net, the rows that go forward, the gradient that comes back."""

    widths: list[int]
    seed: int
    x: torch.Tensor
    upstream: torch.Tensor


@st.composite
def passes(draw):
    """One to five rows in float32 or float64."""
    shape, dtype, n = draw(widths), draw(dtypes()), draw(st.integers(1, 5))
    return Pass(shape, draw(generators()),
                draw(tensors((n, shape[0]), dtype, MODERATE)),
                draw(tensors((n, shape[-1]), dtype, MODERATE)))


@given(case=passes())
def test_module_sequential_and_hand_are_one(case):
    """The class and the chain of layers agree, by hand and by torch.

    On each side output and gradient are equal to the bit. Between the
    sides they round differently: a layer sums m products and a bias.
    """
    widths, x, upstream = case.widths, case.x, case.upstream
    hand, ref = models(widths, case.seed, x.dtype)
    results = [value_and_gradient(f, x, upstream) for f in (
        hand, by_hand.sequential(hand), ref, by_torch.sequential(ref))]
    assert isinstance(by_torch.sequential(ref), torch.nn.Sequential)
    for a, b in zip(results[0], results[1]):
        same(a, b)
    for a, b in zip(results[2], results[3]):
        same(a, b)
    # |W| <= 1 / sqrt(m): a layer enlarges a value at most sqrt(m) times.
    growth = 2.5 ** len(widths) * (1 + x.abs().max())
    close(results[0][0], results[2][0], 8 * len(widths), growth)


LOSSES = ["mse_loss", "cross_entropy", "binary_cross_entropy_with_logits"]


@dataclass
class Problem:
    """A net, a loss, rows and their targets."""

    widths: list[int]
    seed: int
    loss: str
    x: torch.Tensor
    y: torch.Tensor


@st.composite
def problems(draw):
    """Any loss, with targets that it accepts."""
    loss = draw(st.sampled_from(LOSSES))
    shape = draw(widths)
    n = draw(st.integers(1, 9))
    x = draw(tensors((n, shape[0]), torch.float64, MODERATE))
    if loss == "cross_entropy":
        y = torch.tensor(draw(st.lists(
            st.integers(0, shape[-1] - 1), min_size=n, max_size=n)))
    else:
        y = draw(tensors((n, shape[-1]), torch.float64, MODERATE))
        if loss != "mse_loss":
            y = (y > 0).double()
    return Problem(shape, draw(generators()), loss, x, y)


@given(problem=problems(), batch_size=st.none() | st.integers(1, 6),
       shuffle=st.booleans(), epochs=st.integers(1, 4))
@example(problem=Problem([1, 1], 0, "mse_loss",
                         torch.arange(3.0)[:, None].double(),
                         torch.zeros(3, 1).double()),
         batch_size=1, shuffle=True, epochs=1)
def test_training(problem, batch_size, shuffle, epochs):
    """All parameters and the loss equal torch's after every step.

    The test uses float64: in float32 a rounding error of 1e-7 can move
    a relu's input across 0, and the runs diverge. Batches are in order
    or shuffled, whole or partial. By hand, the loop with the update
    written out and the loop with SGD are equal to the bit.
    """
    hand, ref = models(problem.widths, problem.seed)
    other, _ = models(problem.widths, problem.seed)
    x, y = problem.x, problem.y
    drawn_from = []

    def options():
        drawn_from.append(torch.Generator().manual_seed(problem.seed))
        return {"epochs": epochs, "batch_size": batch_size,
                "generator": drawn_from[-1] if shuffle else None}

    loss_by_hand = getattr(scratch.losses, problem.loss)
    loss_by_torch = getattr(torch_ref.losses, problem.loss)
    losses = compare_trainings(
        hand, by_hand.train(hand, loss_by_hand, x, y, 0.01, **options()),
        ref, by_torch.train(ref, loss_by_torch, x, y, 0.01, **options()),
        count=1e3, scale=100.0)
    optimizer = scratch.optim.SGD(other.parameters(), lr=0.01)
    assert losses == list(by_hand.train_with(
        optimizer, other, loss_by_hand, x, y, **options()))
    same_parameters(other, hand)
    # All drew the same numbers, even for a single batch of all rows.
    for generator in drawn_from[1:]:
        same(generator.get_state(), drawn_from[0].get_state())
    same(by_hand.classify(hand, x), by_torch.classify(ref, x))


@given(problem=problems(), optimiser=st.sampled_from([
    ("SGD", {"momentum": 0.8}), ("RMSprop", {"alpha": 0.9}),
    ("Adam", {"betas": (0.9, 0.99)}), ("Adagrad", {}), ("AdamW", {})]))
def test_training_with_an_optimiser(problem, optimiser):
    """With any optimiser all parameters and the loss agree with torch's.

    A gradient is divided by about its own size, but by no less than
    eps = 1e-8: the rounding error of a gradient near 0 can grow 1e8
    times.
    """
    name, options = optimiser
    hand, ref = models(problem.widths, problem.seed)
    trainings = []
    for wing, losses, optim, model in (
            (by_hand, scratch.losses, scratch.optim, hand),
            (by_torch, torch_ref.losses, torch_ref.optim, ref)):
        optimizer = getattr(optim, name)(model.parameters(), lr=0.01,
                                         **options)
        trainings.append(wing.train_with(
            optimizer, model, getattr(losses, problem.loss), problem.x,
            problem.y, 3, 4, torch.Generator().manual_seed(problem.seed)))
    compare_trainings(hand, trainings[0], ref, trainings[1], count=1e8,
                      scale=1.0)


def test_classify():
    """One output: sigmoid above 1/2. Several: the largest output."""
    for side in by_hand, by_torch:
        for rows, labels in (([[0.1], [-0.1], [0.0]], [1, 0, 0]),
                             ([[0.0, 1.0], [1.0, 0.0]], [1, 0])):
            output = torch.tensor(rows)
            model = side.MLP([output.shape[1]] * 2)
            weight, bias = model.parameters()
            weight.data.copy_(torch.eye(output.shape[1]))
            bias.data.zero_()
            result = side.classify(model, output)
            assert result.tolist() == labels
            assert result.dtype == torch.int64


@pytest.mark.parametrize("side", [by_hand, by_torch])
def test_bad_input(side):
    """A net without layers and targets that would broadcast raise."""
    with pytest.raises(ValueError, match=r"at least two entries, got \[3\]"):
        side.MLP([3])
    losses = scratch.losses if side is by_hand else torch_ref.losses
    net = side.MLP([1, 4, 1])
    training = side.train(net, losses.mse_loss, torch.zeros(5, 1),
                          torch.zeros(5), 0.1, 1)
    with pytest.raises(ValueError, match=r"\(5, 1\) and \(5,\)"):
        next(training)
