"""The CNN: the layers by hand, the training, and what it reaches."""

import dataclasses

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from scratch.front_door.cnn.images import read
from tests.compare.closeness import close, same
from tests.compare.draw import FLOATS, MODERATE, dtypes, generators, tensors
from tests.compare.trainings import same_parameters
from torch_ref.cnn import CNN, RECIPES, Recipe, Training, classify, evaluate

LECTURE, FAST = RECIPES["lecture"], RECIPES["fast"]


def convolve(x, weight, bias):
    """Cross-correlation as one matrix product, padded by 2 on each side.

    Each of the 28 x 28 (14 x 14) patches of 5 x 5 becomes a column.
    """
    n, _, height, width = x.shape
    padded = torch.zeros(n, x.shape[1], height + 4, width + 4,
                         dtype=x.dtype)
    padded[:, :, 2:-2, 2:-2] = x
    patches = torch.stack([
        padded[:, :, i:i + height, j:j + width]
        for i in range(5) for j in range(5)], dim=2)
    columns = patches.flatten(3).flatten(1, 2)
    rows = weight.flatten(1)
    return (rows @ columns + bias[:, None]).reshape(n, -1, height, width)


def pool(x):
    """The largest of each 2 x 2."""
    corners = [x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    return torch.stack(corners).amax(dim=0)


def forward_by_hand(model, x):
    """Every stage of the net, from its weights alone."""
    stages = [(x - model.mean) / model.std]
    for layer in model.conv1, model.conv2:
        z = convolve(stages[-1], layer.weight, layer.bias)
        positive = torch.where(z > 0, z, 0)
        stages += [z, pool(positive)]
    logits = stages[-1].flatten(1) @ model.linear.weight.T
    return [*stages, logits + model.linear.bias]


def a_model(dtype=torch.float32, mean=0.0, std=1.0, seed=0):
    return CNN(mean, std, seed).to(dtype)


@settings(max_examples=25)
@given(st.data(), dtypes(), generators(), st.integers(1, 3))
def test_forward(data, dtype, seed, n):
    """The module's logits are those of the sums and maxima by hand.

    A convolution sums 25 or 400 products, the last layer 1568; each
    sum of k terms is known to k eps of the sum of the magnitudes, which
    the absolute weights on the absolute input give.
    """
    model = a_model(dtype, 0.25, 0.5, seed)
    image = data.draw(tensors((n, 1, 7, 7), dtype, MODERATE))
    x = image.repeat_interleave(4, 2).repeat_interleave(4, 3)
    logits = forward_by_hand(model, x)[-1]
    with torch.no_grad():
        bound = a_model(dtype, 0.0, 1.0, seed)
        for p in bound.parameters():
            p.abs_()
        largest = bound(((x - model.mean) / model.std).abs())
    close(logits.detach(), model(x).detach(), 25 + 400 + 1568, largest)


@settings(max_examples=10)
@given(generators())
def test_gradient(seed):
    """Autograd through the sums and maxima by hand gives its gradients.

    In float64: float32 could choose another maximum of two near ones.
    """
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(3, 1, 28, 28, dtype=torch.float64,
                   generator=generator)
    model = a_model(torch.float64, 0.13, 0.3, seed)
    parameters = list(model.parameters())
    hand = torch.autograd.grad(
        forward_by_hand(model, x)[-1].square().sum(), parameters)
    ref = torch.autograd.grad(model(x).square().sum(), parameters)
    for a, b in zip(hand, ref):
        close(a, b, 2000, b.abs().max())


@pytest.mark.parametrize("n", [0, 1, 5])
@pytest.mark.parametrize("dtype", FLOATS)
def test_shapes(n, dtype):
    """Each stage has the shape that the lecture draws, by hand and not."""
    model, x = a_model(dtype), torch.zeros(n, 1, 28, 28, dtype=dtype)
    given_shapes = []
    for layer in model.conv1, model.conv2, model.linear:
        layer.register_forward_hook(
            lambda layer, args, output: given_shapes.extend(
                [tuple(args[0].shape), tuple(output.shape)]))
    model(x)
    shapes = [(n, 1, 28, 28), (n, 16, 28, 28), (n, 16, 14, 14),
              (n, 32, 14, 14), (n, 1568), (n, 10)]
    assert given_shapes == shapes
    shapes[4] = (n, 32, 7, 7)
    if n:
        stages = forward_by_hand(model, x)
        assert [tuple(stage.shape) for stage in stages] == shapes
    assert classify(model, torch.zeros(1, 1, 28, 28, dtype=dtype)
                    ).dtype == torch.int64


@given(generators())
def test_start(seed):
    """Weights and biases fill U(-1/sqrt(m), 1/sqrt(m)), from the seed.

    And torch's global generator is left where it was, but for what the
    layers draw from it before.
    """
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


def small(recipe, **changes):
    return dataclasses.replace(recipe, **changes)


def test_recipes():
    """What the README says of them, and what its figures were made with."""
    assert LECTURE == Recipe(50, 1e-3, (0.9, 0.999), 0.0, one_cycle=False,
                             normalise=False, accelerate=False)
    assert FAST == Recipe(128, 1e-2, (0.7, 0.9), 0.1, one_cycle=True,
                          normalise=True, accelerate=True)


def test_overfits():
    """64 images are learnt by heart in 30 epochs, by both recipes."""
    x, y = some_images(64)
    for recipe in small(LECTURE, batch_size=16), small(FAST, batch_size=16):
        model = CNN()
        losses = list(Training(model, x, y, recipe, epochs=30))
        assert len(losses) == 120
        assert evaluate(model, x, y) == 1.0
        assert torch.equal(classify(model, x), y)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_epoch_of_digits(seed):
    """The fast recipe reads 95 % of the digits it was not shown."""
    x, x_test, y, y_test = read("digits", None, seed)
    model = CNN(x.mean().item(), x.std().item(), seed)
    for loss in Training(model, x, y, small(FAST, batch_size=16),
                         seed=seed):
        pass
    assert evaluate(model, x_test, y_test) >= 0.95


@pytest.mark.parametrize("name", RECIPES)
def test_training_is_adam_on_the_mean_loss(name):
    """Every step: the plain loop's loss and parameters, 3 epochs.

    In float64. The rows of each epoch are a permutation from the seed;
    the last batch is smaller. Adam divides a gradient by its size, but
    not by less than 1e-8: an error of it, n eps, grows to n eps / 1e-8
    learning rates.
    """
    x, y = some_images(22, torch.float64)
    recipe = small(RECIPES[name], batch_size=8)
    training = Training(a_model(torch.float64), x, y, recipe, 3, seed=5)
    model = a_model(torch.float64)
    optimizer = torch.optim.Adam(model.parameters(), recipe.lr,
                                 recipe.betas)
    generator = torch.Generator().manual_seed(5)
    losses = iter(training)
    step, steps = 0, 9
    for epoch in range(3):
        for rows in torch.randperm(22, generator=generator).split(8):
            if recipe.one_cycle:
                optimizer.param_groups[0]["lr"] = one_cycle(
                    step, steps, recipe.lr)
            optimizer.zero_grad()
            loss = F.cross_entropy(
                model(x[rows]), y[rows],
                label_smoothing=recipe.label_smoothing)
            loss.backward()
            optimizer.step()
            step += 1
            assert abs(next(losses) - loss.item()) < 1e-9
            for p, q in zip(training.model.parameters(),
                            model.parameters()):
                assert (p - q).abs().max() <= (
                    step * recipe.lr * 22 * 2.3e-16 / 1e-8)
    assert next(losses, None) is None and training.step == steps


def one_cycle(step, steps, peak):
    """Half a cosine up from peak / 25 over the first 30 % of the steps,
    half a cosine down to peak / 250,000 over the others.
    """
    top = 0.3 * steps - 1
    if step <= top:
        low, share = peak / 25, step / top
    else:
        low, share = peak / 25e4, (steps - 1 - step) / (steps - 1 - top)
    half = (1 - torch.cos(torch.tensor(torch.pi * share,
                                       dtype=torch.float64))) / 2
    return low + (peak - low) * half.item()


@settings(max_examples=15)
@given(st.integers(0, 12), st.sampled_from(list(RECIPES)),
       st.integers(0, 3), st.booleans())
def test_resumed_training(cut, name, seed, bf16):
    """Stopped after any step and taken up by another object: the same
    losses and parameters to the bit, to the end.
    """
    x, y = some_images(30)
    recipe = small(RECIPES[name], batch_size=8)

    def training():
        return Training(CNN(0.2, 0.4, seed), x, y, recipe, 3, seed, bf16)

    whole = training()
    losses = [loss.item() for loss in whole]
    assert len(losses) == 12
    first, second = training(), training()
    head = [loss.item() for _, loss in zip(range(cut), first)]
    second.load_state_dict(first.state_dict())
    assert head + [loss.item() for loss in second] == losses
    assert second.step == 12
    same_parameters(whole.model, second.model)


def test_bfloat16_changes_the_rounding_only():
    """The weights stay float32, and each loss is near that of float32."""
    x, y = some_images(64)
    recipe = small(FAST, batch_size=16)
    exact = list(Training(CNN(), x, y, recipe))
    model = CNN()
    rounded = list(Training(model, x, y, recipe, bf16=True))
    assert all(p.dtype == torch.float32 for p in model.parameters())
    assert all(loss.dtype == torch.float32 for loss in rounded)
    assert rounded != exact
    # bfloat16 has 8 bits; the first losses are near log(10) = 2.3
    for a, b in zip(exact, rounded):
        assert abs(a - b) < 0.1


def test_evaluate():
    """The share of right labels, for a number not divisible by 250."""
    x, y = some_images(600)
    model = CNN(generator=3)
    labels = classify(model, x)
    same(labels, model(x).argmax(dim=1))
    assert evaluate(model, x, y) == (labels == y).double().mean().item()


@pytest.mark.skipif(not torch.cuda.is_available(),
                    reason="needs a CUDA GPU")
@pytest.mark.parametrize("dtype, bound", [(torch.float32, 2000),
                                          (torch.float64, 2000)])
def test_cpu_and_gpu(dtype, bound, monkeypatch):
    """Logits on the GPU are the CPU's, to the rounding of its sums.

    Without TF32, which keeps only 10 bits of a factor.
    """
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    model, (x, _) = a_model(dtype), some_images(64, dtype)
    expected = model(x).detach()
    result = model.to("cuda")(x.to("cuda")).detach().cpu()
    close(result, expected, bound, expected.abs().max())


@pytest.mark.skipif(not torch.cuda.is_available(),
                    reason="needs a CUDA GPU")
def test_training_on_the_gpu():
    """It learns there as well."""
    x, y = some_images(64)
    model = CNN().to("cuda")
    x, y = x.to("cuda"), y.to("cuda")
    list(Training(model, x, y, small(FAST, batch_size=16), epochs=30))
    assert evaluate(model, x, y) == 1.0
