"""The CNN: start, forward pass, training and test accuracy."""

import copy
import dataclasses
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch.activations
import scratch.cnn as by_hand
import scratch.convolution
import torch_ref.cnn as by_torch
from scratch.data import digits
from scratch.lr_scheduler import OneCycleLR
from scratch.optim import SGD
from tests.compare.closeness import close, same
from tests.compare.draw import FLOATS, MODERATE, dtypes, generators, tensors
from tests.compare.optimisers import leaves
from tests.compare.trainings import cast, same_parameters
from torch_ref.cnn import RECIPES, Recipe

LECTURE, FAST = RECIPES["lecture"], RECIPES["fast"]
# for 8 x 8 digits, so that a step takes little time
SMALL: dict[str, Any] = {"channels": (3, 4), "size": 8}
SIDES = by_hand, by_torch
sides = pytest.mark.parametrize("side", SIDES)


def models(dtype=torch.float64, *args, **options):
    """The same net on both sides."""
    return [cast(side.CNN(*args, **options), dtype) for side in SIDES]


@given(seed=generators(), size=st.integers(4, 12),
       channels=st.tuples(st.integers(1, 5), st.integers(1, 5)))
def test_start(seed, size, channels):
    """One seed gives one start on both sides, within torch's bounds."""
    hand, ref = models(torch.float32, 0.0, 1.0, seed, channels, size)
    same_parameters(hand, ref)
    again = by_hand.CNN(generator=torch.Generator().manual_seed(seed),
                        channels=channels, size=size)
    same_parameters(again, ref)
    for p in hand.parameters():
        assert p.requires_grad and p.is_leaf
    a, b = channels
    for layer, m in ((ref.conv1, 25), (ref.conv2, 25 * a),
                     (ref.linear, b * (size // 4) ** 2)):
        for p in layer.parameters():
            assert p.abs().max() <= m ** -0.5 + 1e-7
    assert hand(torch.zeros(2, 1, size, size)).shape == (2, 10)


def test_start_is_drawn_like_torchs():
    """nn.Conv2d's own start has the same standard deviation."""
    torch.manual_seed(0)
    for (weight, bias), m in zip((by_hand.CNN().conv1, by_hand.CNN().conv2),
                                 (25, 400)):
        own = torch.nn.Conv2d(m // 25, len(weight), 5)
        for p, q in (weight, own.weight), (bias, own.bias):
            assert p.shape == q.shape
            assert abs(p.std() - q.std()) < 4 * p.std() / len(bias) ** 0.5


@settings(max_examples=25)
@given(seed=generators(), coarse=dtypes().flatmap(
    lambda dtype: tensors((2, 1, 7, 7), dtype, MODERATE)))
def test_forward(seed, coarse):
    """Both nets have the same logits.

    A convolution sums 25 or 400 products, the last layer 1568. A sum of
    k products is accurate to k eps of the sum of their magnitudes: the
    output for absolute weights and an absolute input.
    """
    x = coarse.repeat_interleave(4, 2).repeat_interleave(4, 3)
    hand, ref = models(x.dtype, 0.25, 0.5, seed)
    bound = models(x.dtype, 0.0, 1.0, seed)[1]
    for p in bound.parameters():
        p.data.abs_()
    largest = bound(((x - ref.mean) / ref.std).abs()).detach()
    close(hand(x).detach(), ref(x).detach(), 25 + 400 + 1568, largest)


@settings(max_examples=10)
@given(generators())
def test_gradient(seed):
    """Both nets have the same gradients.

    The test uses float64: in float32 two close maxima could swap.
    """
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(3, 1, 28, 28, dtype=torch.float64, generator=generator)
    hand, ref = (torch.autograd.grad(
        model(x).square().sum(), list(model.parameters()))
        for model in models(torch.float64, 0.13, 0.3, seed))
    for a, b in zip(hand, ref, strict=True):
        close(a, b, 2000, b.abs().max())


@given(tensors((2, 3, 4, 4), torch.float64, MODERATE),
       tensors((2, 3, 2, 2), torch.float64, MODERATE))
def test_pooling_before_relu(z, upstream):
    """relu after pooling: the same values and gradients, to the bit.

    Also where entries are equal, or none is above 0. A gradient of 0
    may have another sign.
    """
    relu, pool = scratch.activations.relu, scratch.convolution.max_pool2d
    results = []
    for function in (lambda x: relu(pool(x, 2)),
                     lambda x: pool(relu(x), 2)):
        x = z.clone().requires_grad_()
        output = function(x)
        output.backward(upstream)
        results.append((output.detach(), x.grad))
    for first, second in zip(*results):
        same(first, second, signed_zeros=False)


@pytest.mark.parametrize("n", [0, 1, 5])
@pytest.mark.parametrize("dtype", FLOATS)
def test_shapes(n, dtype):
    """Each stage has the lecture's shape; no image gives no logits."""
    hand, ref = models(dtype)
    x, found = torch.zeros(n, 1, 28, 28, dtype=dtype), []
    for layer in ref.conv1, ref.conv2, ref.linear:
        layer.register_forward_hook(
            lambda layer, args, output: found.extend(
                [tuple(args[0].shape), tuple(output.shape)]))
    ref(x)
    assert found == [
        (n, 1, 28, 28), (n, 16, 28, 28), (n, 16, 14, 14), (n, 32, 14, 14),
        (n, 1568), (n, 10)]
    assert hand(x).shape == (n, 10)
    if n:
        for side, model in zip(SIDES, (hand, ref)):
            assert side.classify(model, x).dtype == torch.int64


@sides
def test_normalised(side):
    """CNN(mean, std) sees what CNN() sees of (x - mean) / std."""
    x = torch.rand(4, 1, 28, 28)
    same(side.CNN(0.25, 2.0, 7)(x).detach(),
         side.CNN(generator=7)((x - 0.25) / 2.0).detach())


@sides
@pytest.mark.parametrize("shape", [(2, 28, 28), (2, 3, 28, 28),
                                   (2, 1, 28, 27), (2, 1, 8, 8)])
def test_images_of_another_shape(side, shape):
    """A net takes images of its own size, and one channel."""
    with pytest.raises(ValueError, match=r"\(n, 1, 28, 28\), got"
                       if len(shape) == 4 else "four axes"):
        side.CNN()(torch.zeros(shape))


def small_images(n, dtype=torch.float64):
    """Digits of 8 x 8 pixels."""
    x, y = digits()
    return x[:n].to(dtype).reshape(n, 1, 8, 8), y[:n]


def in_batches(recipe, batch_size=16):
    return dataclasses.replace(recipe, batch_size=batch_size)


def test_recipes():
    """The recipes are those of the documentation and its figures."""
    for name, recipe in RECIPES.items():
        hand = by_hand.RECIPES[name]
        assert dataclasses.asdict(hand) == dataclasses.asdict(recipe)
    assert len(by_hand.RECIPES) == len(RECIPES)
    assert LECTURE == Recipe(50, 1e-3, (0.9, 0.999), 0.0, one_cycle=False,
                             normalise=False, crop=False, accelerate=False)
    assert FAST == Recipe(128, 1e-2, (0.7, 0.9), 0.1, one_cycle=True,
                          normalise=True, crop=True, accelerate=True)


def plain_loop(x, y, recipe, epochs, seed):
    """Adam on the mean loss, by torch; yields the loss and the net.

    The seed gives each epoch a permutation of the rows; the last batch
    may be smaller.
    """
    model = models(x.dtype, 0.3, 0.4, **SMALL)[1]
    optimizer = torch.optim.Adam(model.parameters(), recipe.lr,
                                 recipe.betas)
    generator = torch.Generator().manual_seed(seed)
    batches = [rows for _epoch in range(epochs) for rows in torch.randperm(
        len(x), generator=generator).split(recipe.batch_size)]
    for step, rows in enumerate(batches):
        if recipe.one_cycle:
            optimizer.param_groups[0]["lr"] = one_cycle(
                step, len(batches), recipe.lr)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[rows]), y[rows],
                               label_smoothing=recipe.label_smoothing)
        loss.backward()
        optimizer.step()
        yield loss.detach(), model


def one_cycle(step, steps, peak):
    """The schedule by hand; test_lr_scheduler.py proves it."""
    schedule = OneCycleLR(SGD(leaves([torch.zeros(1)])), peak, steps)
    return schedule.lr(schedule.base_lrs[0], step, **schedule.options)


@pytest.mark.parametrize("name", RECIPES)
def test_training_is_adam_on_the_mean_loss(name):
    """Both sides take the steps of the plain loop: loss and parameters.

    Adam divides a gradient by its size, but not by less than 1e-8: in
    float64 a rounding error of n eps grows to at most n eps / 1e-8
    learning rates. The parameters are below 1.
    """
    x, y = small_images(22)
    recipe = in_batches(RECIPES[name], 8)
    trainings = [
        side.Training(model, x, y, recipe, 3, seed=5) for side, model in zip(
            SIDES, models(x.dtype, 0.3, 0.4, **SMALL))]
    parameters = [list(one.model.parameters()) for one in trainings]
    places = [p.data_ptr() for p in parameters[0]]
    steps = zip(*trainings, plain_loop(x, y, recipe, 3, 5), strict=True)
    for step, (hand, ref, (loss, model)) in enumerate(steps, start=1):
        count = step * 22 * recipe.lr / 1e-8
        close(hand, ref, count, loss)
        close(ref, loss, count, loss)
        for p, q, r in zip(*parameters, model.parameters(), strict=True):
            assert p.grad is None
            close(p.data, q.data, count, 1.0)
            close(q.data, r.data, count, 1.0)
    assert [one.step for one in trainings] == [step, step] == [9, 9]
    assert places == [p.data_ptr() for p in parameters[0]]


@sides
@settings(max_examples=10)
@given(stop=st.integers(0, 12), recipe=st.sampled_from(list(RECIPES)),
       seed=st.integers(0, 3), bf16=st.booleans())
def test_resumed_training(side, stop, recipe, seed, bf16):
    """Stopping and resuming changes no loss and no parameter, to the bit."""
    def training():
        x, y = small_images(30, torch.float32)
        return side.Training(
            side.CNN(0.2, 0.4, seed, **SMALL), x, y,
            in_batches(side.RECIPES[recipe], 8), 3, seed,
            bf16 and side is by_torch)

    whole = training()
    losses = [loss.item() for loss in whole]
    assert len(losses) == 12
    first, second = training(), training()
    head = [loss.item() for _, loss in zip(range(stop), first)]
    second.load_state_dict(first.state_dict())
    assert head + [loss.item() for loss in second] == losses
    assert second.step == 12
    same_parameters(whole.model, second.model)


def test_a_saved_state_stays():
    """By hand a state is a copy: later steps do not change it."""
    x, y = small_images(8, torch.float32)
    training = by_hand.Training(by_hand.CNN(**SMALL), x, y,
                                in_batches(by_hand.RECIPES["fast"], 4))
    next(iter(training))
    state = training.state_dict()
    before = copy.deepcopy(state)
    next(iter(training))
    assert state["step"] == 1 and state["scheduler"] == before["scheduler"]
    for name, p in before["model"].items():
        same(state["model"][name], p)
    for i, entries in before["optimizer"]["state"].items():
        same(state["optimizer"]["state"][i]["exp_avg"], entries["exp_avg"])


def test_by_hand_without_bfloat16():
    """bf16=True is rejected by hand."""
    with pytest.raises(ValueError, match="bf16 must be False"):
        x, y = small_images(8)
        by_hand.Training(by_hand.CNN(**SMALL), x, y,
                         by_hand.RECIPES["fast"], bf16=True)


@sides
def test_evaluate(side):
    """evaluate is right if 250 does not divide the number of images."""
    x, y = small_images(600)
    model = models(x.dtype, 0.3, 0.4, 3, **SMALL)[SIDES.index(side)]
    labels = side.classify(model, x)
    same(labels, model(x).argmax(dim=1))
    assert side.evaluate(model, x, y) == (
        labels == y).double().mean().item()
