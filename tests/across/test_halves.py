"""float16 and bfloat16: computed in float32, and rounded once.

float16 ends at 65,504, and 1e-12 is 0 there; bfloat16 has 8 bits.
"""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch.activations
import scratch.losses
import scratch.normalization
import scratch.tensors
import torch_ref.activations
import torch_ref.losses
import torch_ref.normalization
import torch_ref.tensors
from scratch.front_door.lesson import WINGS
from tests.compare.closeness import close, same, value_and_gradient
from tests.compare.draw import MODERATE, UNIT, tensors
from tests.compare.normalised import NAMES, problems

HALVES = (torch.float16, torch.bfloat16)
ONE = torch.ones(())
LABELS = torch.tensor([0, 2, 1])
# Functions that would overflow inside, or lose digits: how each is
# called with a matrix x, with y and an upstream gradient like it.
WIDE: dict[str, Callable[..., Any]] = {
    "dot": lambda x, y, g: (scratch.tensors.dot, x[0], g[0, 0], y[0]),
    "mm": lambda x, y, g: (scratch.tensors.mm, x, g, y),
    "lerp": lambda x, y, g: (scratch.tensors.lerp, x, g, y, 0.25),
    "softmax": lambda x, y, g: (scratch.activations.softmax, x, g, 1),
    "log_softmax": lambda x, y, g: (
        scratch.activations.log_softmax, x, g, 0),
    "cross_entropy": lambda x, y, g: (
        scratch.losses.cross_entropy, x, g[0], LABELS, "none"),
    "cross_entropy, smoothed": lambda x, y, g: (
        scratch.losses.cross_entropy, x, g[0, 0], LABELS, "mean", 0.25),
    "binary_cross_entropy": lambda x, y, g: (
        scratch.losses.binary_cross_entropy, x, g, y, "none"),
    "binary_cross_entropy, mean": lambda x, y, g: (
        scratch.losses.binary_cross_entropy, x, g[0, 0], y, "mean")}


@pytest.mark.parametrize("name", WIDE)
@given(st.data(), st.sampled_from(HALVES))
def test_halves_are_rounded_once(name, data, dtype):
    """Value and gradient of 16 bits are those of float32, rounded."""
    table = UNIT if "binary" in name else MODERATE
    x, y = (data.draw(tensors((3, 3), dtype, table)) for _ in range(2))
    upstream = data.draw(tensors((3, 3), dtype, MODERATE))
    found, expected = (value_and_gradient(*WIDE[name](
        x.to(kind), y.to(kind), upstream.to(kind)))
        for kind in (dtype, torch.float32))
    for half, single in zip(found, expected):
        same(half, single.to(dtype))


def test_products_do_not_overflow_inside():
    """300 * 300 is above 65,504, the largest float16; 0 is not."""
    a, b = torch.tensor([[300.0, 300.0], [300.0, -300.0]]).half()
    low = torch.tensor([-60000.0]).half()
    for wing in WINGS:
        assert wing.tensors.dot(a, b) == 0
        assert wing.tensors.mm(a[None], b[:, None]) == 0
        assert wing.tensors.lerp(low, -low, 0.5) == 0
        assert wing.tensors.lerp(low, -low, 0.25) == -30000


def test_many_classes():
    """The sum over 70,000 classes is above 65,504, the largest float16.

    By torch log_softmax is -inf here, and the cross-entropy inf.
    """
    x = torch.zeros(1, 70_000, dtype=torch.float16)
    share = torch.tensor(1 / 70_000)
    for wing in WINGS:
        assert wing.activations.softmax(x, 1).eq(share.half()).all()
    log_p = scratch.activations.log_softmax(x, 1)
    assert log_p.eq(share.log().half()).all()
    for smoothing in 0.0, 0.5:
        loss = scratch.losses.cross_entropy(
            x, torch.tensor([1]), label_smoothing=smoothing)
        assert loss == -share.log().half()


@pytest.mark.parametrize("p, y, loss, slope", [
    (0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0, 0.0),
    (0.0, 1.0, 100.0, -1e12), (1.0, 0.0, 100.0, 1e12),
    (1e-5, 1.0, 11.51, -99864.0), (1e-5, 0.0, 1.0014e-5, 1.0),
    (0.5, 1.0, 0.6931, -2.0)])
@pytest.mark.parametrize("dtype", HALVES)
def test_sure_probabilities(dtype, p, y, loss, slope):
    """Value and slope are right, although 1e-12 is 0 in float16.

    A slope beyond 65,504 is infinite there, but nothing is NaN, and the
    other rows of the batch have theirs.
    """
    x = torch.tensor([p, 0.5], dtype=dtype)
    target = torch.tensor([y, 1.0], dtype=dtype)
    value, gradient = value_and_gradient(
        scratch.losses.binary_cross_entropy, x,
        torch.ones(2, dtype=dtype), target, "none")
    eps = torch.finfo(dtype).eps
    assert value[0].item() == pytest.approx(loss, rel=eps, abs=1e-7)
    if abs(slope) > torch.finfo(dtype).max:
        assert gradient[0].item() == slope * torch.inf
    else:
        assert gradient[0].item() == pytest.approx(slope, rel=eps)
    assert gradient[1] == -2
    # By torch a loss of 0 may be -0.0.
    same(torch_ref.losses.binary_cross_entropy(x, target, "none"), value,
         signed_zeros=False)


# Every loss, with an input and a target.
P = torch.tensor([[0.25, 0.5], [0.75, 0.125], [0.5, 0.375]])
LOSSES = {
    **{name: (P, torch.tensor([[0.0, 1.0], [0.5, 1.0], [0.25, 0.75]]))
       for name in ("mse_loss", "binary_cross_entropy",
                    "binary_cross_entropy_with_logits")},
    **{name: (P.log(), torch.tensor([0, 1, 1]))
       for name in ("nll_loss", "cross_entropy")}}


@pytest.mark.parametrize("dtype", HALVES)
@pytest.mark.parametrize("name", LOSSES)
def test_autocast(name, dtype):
    """Under torch.autocast a loss of 16 bits is float32's, on both sides.

    The target may be in float32: a net under autocast returns 16 bits.
    float64 stays as it is.
    """
    x, target = LOSSES[name]
    x, y = x.to(dtype), target
    # the target in float32, whatever it is in
    targets = [(y, y)]
    if y.is_floating_point():
        targets.append((y.to(dtype), y.to(dtype).float()))
        double = y.double()
    else:
        double = y
    for wing in WINGS:
        loss = getattr(wing.losses, name)
        for given_one, in_float32 in targets:
            for reduction in "mean", "sum":
                with torch.autocast("cpu", dtype):
                    found = value_and_gradient(loss, x, ONE, given_one,
                                               reduction)
                value, gradient = value_and_gradient(
                    loss, x.float(), ONE, in_float32, reduction)
                same(found[0], value)
                same(found[1], gradient.to(dtype))
        with torch.autocast("cpu", dtype):
            found = loss(x.double(), double)
        same(found, loss(x.double(), double))


@given(problem=problems() | problems(layer=True), mixed=st.booleans(),
       dtype=st.sampled_from(HALVES))
def test_normalization(dtype, problem, mixed):
    """In 16 bits all is computed in float32, and rounded once.

    An output may fall on the other side of a tie: one eps of 16 bits,
    beside the 4 eps of float32 for what was rounded. That is with
    `mixed`, where weight and bias are float32. Without it torch rounds
    a channel's mean and 1 / std to 16 bits, too.
    """
    problem.input, problem.upstream = (
        problem.input.to(dtype), problem.upstream.clamp(-10, 10).to(dtype))
    problem.numbers = {
        name: t.clamp(-1, 1).to(torch.float32 if mixed else dtype)
        for name, t in problem.numbers.items()}
    problem.eps = 1e-3
    rest = [problem.numbers[name] for name in NAMES[2:]]
    ys, grads = zip(*(value_and_gradient(
        *([wing.normalization.layer_norm, problem.input, problem.upstream,
           problem.shape, *rest] if problem.axes[0] else
          [wing.normalization.batch_norm, problem.input, problem.upstream,
           None, None, *rest, True, 0.1]), eps=1e-3) for wing in WINGS))
    share = torch.finfo(torch.float32).eps / torch.finfo(dtype).eps
    for (a, b), scale in ((ys, problem.value_scale()),
                          (grads, problem.gradient_scales()["x"])):
        if mixed:
            close(a, b, 1, b.double().abs() + 4 * share * scale)
        else:
            close(a, b, 4, scale)
