"""The CNN by torch alone: whole epochs, bfloat16, the GPU."""

import dataclasses

import pytest
import torch

from scratch.front_door.cnn.images import read
from tests.compare.closeness import close
from tests.compare.draw import FLOATS
from tests.compare.trainings import cast
from torch_ref.cnn import CNN, RECIPES, Training, classify, evaluate

LECTURE, FAST = RECIPES["lecture"], RECIPES["fast"]
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(),
                               reason="needs a CUDA GPU")


def some_images(n, dtype=torch.float32):
    x, _, y, _ = read("digits", None, 0)
    return x[:n].to(dtype), y[:n]


def in_batches(recipe, batch_size=16):
    return dataclasses.replace(recipe, batch_size=batch_size)


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


@needs_gpu
@pytest.mark.parametrize("dtype", FLOATS)
def test_cpu_and_gpu(dtype, monkeypatch):
    """Logits on the GPU are the CPU's, up to the rounding of sums.

    TF32 is off: it keeps only 10 bits of a factor.
    """
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    model, (x, _) = cast(CNN(), dtype), some_images(64, dtype)
    expected = model(x).detach()
    result = model.to("cuda")(x.to("cuda")).detach().cpu()
    close(result, expected, 2000, expected.abs().max())
