"""The CNN: its layers by hand, its training, its test accuracy."""

import dataclasses
from dataclasses import dataclass

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from scratch.front_door.cnn.images import read
from scratch.lr_scheduler import OneCycleLR
from scratch.optim import SGD
from tests.compare.closeness import close, same
from tests.compare.draw import FLOATS, MODERATE, dtypes, generators, tensors
from tests.compare.optimisers import leaves
from tests.compare.trainings import same_parameters
from torch_ref.cnn import CNN, RECIPES, Recipe, Training, classify, evaluate

LECTURE, FAST = RECIPES["lecture"], RECIPES["fast"]
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(),
                               reason="needs a CUDA GPU")


def convolve(x, weight, bias):
    """Compute a cross-correlation with padding 2 as a matrix product.

    Each patch of 5 x 5 pixels becomes a column.
    """
    n, _, height, width = x.shape
    padded = F.pad(x, (2, 2, 2, 2))
    patches = torch.stack([
        padded[:, :, i:i + height, j:j + width]
        for i in range(5) for j in range(5)], dim=2)
    columns = patches.flatten(3).flatten(1, 2)
    rows = weight.flatten(1)
    return (rows @ columns + bias[:, None]).reshape(n, -1, height, width)


def pool(x):
    """The largest value of each 2 x 2 block."""
    corners = [x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    return torch.stack(corners).amax(dim=0)


def forward_by_hand(model, x):
    """The output of every stage, from the weights alone."""
    stages = [(x - model.mean) / model.std]
    for layer in model.conv1, model.conv2:
        z = convolve(stages[-1], layer.weight, layer.bias)
        stages += [z, pool(torch.where(z > 0, z, 0))]
    logits = stages[-1].flatten(1) @ model.linear.weight.T
    return [*stages, logits + model.linear.bias]


def a_model(dtype=torch.float32, mean=0.0, std=1.0, seed=0):
    return CNN(mean, std, seed).to(dtype)


@dataclass(frozen=True)
class Problem:
    """A seed for the weights, and images of 7 x 7 coarse pixels."""

    seed: int
    images: torch.Tensor

    def enlarged(self):
        """The images with 28 x 28 pixels."""
        return self.images.repeat_interleave(4, 2).repeat_interleave(4, 3)


@st.composite
def problems(draw) -> Problem:
    """1 to 3 images, float32 or float64."""
    shape = draw(st.integers(1, 3)), 1, 7, 7
    return Problem(draw(generators()),
                   draw(tensors(shape, draw(dtypes()), MODERATE)))


@settings(max_examples=25)
@given(problems())
def test_forward(problem):
    """The module's logits agree with sums and maxima by hand.

    A convolution sums 25 or 400 products, the last layer 1568. A sum of
    k products is accurate to k eps of the sum of their magnitudes: the
    output for absolute weights and an absolute input.
    """
    x = problem.enlarged()
    model = a_model(x.dtype, 0.25, 0.5, problem.seed)
    logits = forward_by_hand(model, x)[-1]
    with torch.no_grad():
        bound = a_model(x.dtype, 0.0, 1.0, problem.seed)
        for p in bound.parameters():
            p.abs_()
        largest = bound(((x - model.mean) / model.std).abs())
    close(logits.detach(), model(x).detach(), 25 + 400 + 1568, largest)


@settings(max_examples=10)
@given(generators())
def test_gradient(seed):
    """The module's gradients are autograd's through the layers by hand.

    The test uses float64: in float32 two close maxima could swap.
    """
    generator = torch.Generator().manual_seed(seed)
    model = a_model(torch.float64, 0.13, 0.3, seed)
    x = torch.rand(3, 1, 28, 28, dtype=torch.float64, generator=generator)
    parameters = list(model.parameters())
    hand = torch.autograd.grad(
        forward_by_hand(model, x)[-1].square().sum(), parameters)
    ref = torch.autograd.grad(model(x).square().sum(), parameters)
    for a, b in zip(hand, ref):
        close(a, b, 2000, b.abs().max())


@pytest.mark.parametrize("n", [0, 1, 5])
@pytest.mark.parametrize("dtype", FLOATS)
def test_shapes(n, dtype):
    """Each stage has the lecture's shape, by hand and in the module."""
    model, x = a_model(dtype), torch.zeros(n, 1, 28, 28, dtype=dtype)
    found = []
    for layer in model.conv1, model.conv2, model.linear:
        layer.register_forward_hook(
            lambda layer, args, output: found.extend(
                [tuple(args[0].shape), tuple(output.shape)]))
    model(x)
    shapes = [(n, 1, 28, 28), (n, 16, 28, 28), (n, 16, 14, 14),
              (n, 32, 14, 14), (n, 1568), (n, 10)]
    assert found == shapes
    shapes[4] = (n, 32, 7, 7)
    if n:
        stages = forward_by_hand(model, x)
        assert [tuple(stage.shape) for stage in stages] == shapes
    assert classify(model, x).dtype == torch.int64


@given(generators())
def test_start(seed):
    """Weights and biases fill U(-1/sqrt(m), 1/sqrt(m)), from the seed."""
    model = CNN(generator=seed)
    for layer, m in ((model.conv1, 25), (model.conv2, 400),
                     (model.linear, 1568)):
        for p in layer.parameters():
            assert p.abs().max() <= m ** -0.5
        assert layer.weight.abs().max() > 0.9 * m ** -0.5
        assert abs(layer.weight.mean()) < 0.2 * m ** -0.5
    same_parameters(model, CNN(generator=seed))
    other = CNN(generator=torch.Generator().manual_seed(seed + 1))
    assert not model.conv1.weight.equal(other.conv1.weight)


def test_normalised():
    """CNN(mean, std) sees what CNN() sees of (x - mean) / std."""
    x = torch.rand(4, 1, 28, 28)
    same(CNN(0.25, 2.0, 7)(x).detach(),
         CNN(generator=7)((x - 0.25) / 2.0).detach())


def some_images(n, dtype=torch.float32):
    x, _, y, _ = read("digits", None, 0)
    return x[:n].to(dtype), y[:n]


def in_batches(recipe, batch_size=16):
    return dataclasses.replace(recipe, batch_size=batch_size)


def test_recipes():
    """The recipes are those of the documentation and its figures."""
    assert LECTURE == Recipe(50, 1e-3, (0.9, 0.999), 0.0, one_cycle=False,
                             normalise=False, accelerate=False)
    assert FAST == Recipe(128, 1e-2, (0.7, 0.9), 0.1, one_cycle=True,
                          normalise=True, accelerate=True)


@pytest.mark.parametrize("device",
                         ["cpu", pytest.param("cuda", marks=needs_gpu)])
def test_overfits(device):
    """Both recipes fit 64 images perfectly in 30 epochs."""
    x, y = (tensor.to(device) for tensor in some_images(64))
    for recipe in LECTURE, FAST:
        model = CNN().to(device)
        losses = list(Training(model, x, y, in_batches(recipe), epochs=30))
        assert len(losses) == 120
        assert evaluate(model, x, y) == 1.0
        assert torch.equal(classify(model, x), y)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_epoch_of_digits(seed):
    """The fast recipe reaches a test accuracy of 95 %."""
    x, x_test, y, y_test = read("digits", None, seed)
    model = CNN(x.mean().item(), x.std().item(), seed)
    list(Training(model, x, y, in_batches(FAST), seed=seed))
    assert evaluate(model, x_test, y_test) >= 0.95


@pytest.mark.parametrize("name", RECIPES)
def test_training_is_adam_on_the_mean_loss(name):
    """Each step of 3 epochs has the loss and parameters of a plain loop.

    The seed gives each epoch a permutation of the rows; the last batch
    is smaller. Adam divides a gradient by its size, but not by less
    than 1e-8: in float64 a rounding error of n eps grows to at most
    n eps / 1e-8 learning rates.
    """
    x, y = some_images(22, torch.float64)
    recipe = in_batches(RECIPES[name], 8)
    training = Training(a_model(torch.float64), x, y, recipe, 3, seed=5)
    model = a_model(torch.float64)
    optimizer = torch.optim.Adam(model.parameters(), recipe.lr,
                                 recipe.betas)
    generator = torch.Generator().manual_seed(5)
    batches = [rows for _epoch in range(3) for rows in
               torch.randperm(22, generator=generator).split(8)]
    losses = iter(training)
    for step, rows in enumerate(batches):
        if recipe.one_cycle:
            optimizer.param_groups[0]["lr"] = one_cycle(step, 9, recipe.lr)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[rows]), y[rows],
                               label_smoothing=recipe.label_smoothing)
        loss.backward()
        optimizer.step()
        assert abs(next(losses) - loss.item()) < 1e-9
        for p, q in zip(training.model.parameters(), model.parameters()):
            assert (p - q).abs().max() <= (
                (step + 1) * recipe.lr * 22 * 2.3e-16 / 1e-8)
    assert next(losses, None) is None and training.step == 9


def one_cycle(step, steps, peak):
    """The schedule by hand; test_lr_scheduler.py proves it."""
    schedule = OneCycleLR(SGD(leaves([torch.zeros(1)])), peak, steps)
    return schedule.lr(schedule.base_lrs[0], step, **schedule.options)


@settings(max_examples=15)
@given(stop=st.integers(0, 12), recipe=st.sampled_from(list(RECIPES)),
       seed=st.integers(0, 3), bf16=st.booleans())
def test_resumed_training(stop, recipe, seed, bf16):
    """Stopping and resuming changes no loss and no parameter, to the bit."""
    def training():
        x, y = some_images(30)
        return Training(CNN(0.2, 0.4, seed), x, y,
                        in_batches(RECIPES[recipe], 8), 3, seed, bf16)

    whole = training()
    losses = [loss.item() for loss in whole]
    assert len(losses) == 12
    first, second = training(), training()
    head = [loss.item() for _, loss in zip(range(stop), first)]
    second.load_state_dict(first.state_dict())
    assert head + [loss.item() for loss in second] == losses
    assert second.step == 12
    same_parameters(whole.model, second.model)


def test_bfloat16_changes_the_rounding_only():
    """The weights stay float32, and the losses stay near float32's."""
    x, y = some_images(64)
    recipe = in_batches(FAST)
    exact = list(Training(CNN(), x, y, recipe))
    model = CNN()
    rounded = list(Training(model, x, y, recipe, bf16=True))
    assert all(p.dtype == torch.float32 for p in model.parameters())
    assert all(loss.dtype == torch.float32 for loss in rounded)
    assert rounded != exact
    # bfloat16 keeps 8 bits, and the first losses are near log 10 = 2.3
    for a, b in zip(exact, rounded):
        assert abs(a - b) < 0.1


def test_evaluate():
    """evaluate is right if 250 does not divide the number of images."""
    x, y = some_images(600)
    model = CNN(generator=3)
    labels = classify(model, x)
    same(labels, model(x).argmax(dim=1))
    assert evaluate(model, x, y) == (labels == y).double().mean().item()


@needs_gpu
@pytest.mark.parametrize("dtype", FLOATS)
def test_cpu_and_gpu(dtype, monkeypatch):
    """Logits on the GPU are the CPU's, up to the rounding of sums.

    TF32 is off: it keeps only 10 bits of a factor.
    """
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    model, (x, _) = a_model(dtype), some_images(64, dtype)
    expected = model(x).detach()
    result = model.to("cuda")(x.to("cuda")).detach().cpu()
    close(result, expected, 2000, expected.abs().max())
