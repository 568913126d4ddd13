"""The first weights are those of `torch.nn.init`, to the bit."""

import math
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch.init as by_hand
import torch_ref.init as by_torch
from tests.compare.closeness import same
from tests.compare.draw import generators

SIDES = (by_hand, by_torch)
DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
GAINS = ("linear", "sigmoid", "tanh", "relu", "leaky_relu")
# Slopes, gains and standard deviations.
sizes = st.sampled_from([0.0, 1.0, 0.01, 0.5, 2.0, 5 ** 0.5]) | st.floats(
    0, 100)
xavier = st.fixed_dictionaries({}, optional={"gain": sizes})
kaiming = st.fixed_dictionaries({}, optional={
    "a": sizes | st.floats(-2, 2), "mode": st.sampled_from(
        ["fan_in", "fan_out"]), "nonlinearity": st.sampled_from(GAINS)})
pairs = st.lists(st.floats(-100, 100), min_size=2, max_size=2).map(sorted)
DRAWN = {
    "uniform_": st.just({}) | pairs.map(lambda p: dict(zip("ab", p))),
    "normal_": st.fixed_dictionaries({}, optional={
        "mean": st.floats(-100, 100), "std": sizes}),
    "xavier_uniform_": xavier, "xavier_normal_": xavier,
    "kaiming_uniform_": kaiming, "kaiming_normal_": kaiming}
LAYOUTS = {
    "contiguous": lambda x: x.clone(), "transposed": lambda x: x.mT.clone().mT,
    "strided": lambda x: torch.stack([x, x], dim=-1)[..., 0]}


@dataclass
class Weight:
    """A weight to be filled, and the seed to draw from."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    layout: str
    seed: int

    def leaf(self):
        """The weight, full of NaN, and a generator."""
        x = torch.full(self.shape, math.nan, dtype=self.dtype)
        return (LAYOUTS[self.layout](x).requires_grad_(),
                torch.Generator().manual_seed(self.seed))


# A layer's weight, or a convolution's with up to three axes more.
weights = st.builds(
    Weight, st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple),
    st.sampled_from(DTYPES), st.sampled_from(sorted(LAYOUTS)), generators())


@pytest.mark.parametrize("name", DRAWN)
@given(data=st.data(), weight=weights)
def test_draws(name, data, weight):
    """Each draw, and the generator afterwards, are torch's to the bit.

    The tensor itself is filled and returned. It still requires a
    gradient, and nothing is recorded; no other generator is drawn from.
    """
    options = data.draw(DRAWN[name], "options")
    before = torch.get_rng_state()
    both = []
    for side in SIDES:
        tensor, generator = weight.leaf()
        place = tensor.data_ptr()
        result = getattr(side, name)(tensor, **options, generator=generator)
        assert result is tensor and tensor.data_ptr() == place
        assert tensor.requires_grad and tensor.is_leaf
        both.append((tensor.detach(), generator.get_state()))
    same(both[0][0], both[1][0])
    same(both[0][1], both[1][1])
    same(before, torch.get_rng_state())


@given(weight=weights, val=st.floats(-1e4, 1e4))
def test_constants(weight, val):
    """constant_ and zeros_ fill the tensor itself, even where it is NaN."""
    for name, args, value in (("constant_", [val], val), ("zeros_", [], 0)):
        for side in SIDES:
            tensor, _ = weight.leaf()
            place = tensor.data_ptr()
            assert getattr(side, name)(tensor, *args) is tensor
            assert tensor.requires_grad and tensor.is_leaf
            assert tensor.data_ptr() == place
            same(tensor.detach(), torch.full(
                weight.shape, value, dtype=weight.dtype))


@given(name=st.sampled_from(GAINS), param=st.none() | sizes | st.floats(
    -1e100, 1e100) | st.integers(-9, 9))
@example("leaky_relu", None)
@example("leaky_relu", -3)
def test_gain(name, param):
    """Each gain is torch's to the bit, for any slope below 0."""
    gain = by_hand.calculate_gain(name, param)
    assert type(gain) is float
    assert gain == by_torch.calculate_gain(name, param)


MANY = 200_000
# The standard deviation of a draw; a weight of 400 by 500.
STD = {
    "uniform_": 12 ** -0.5, "normal_": 1.0,
    "xavier_uniform_": (2 / 900) ** 0.5, "xavier_normal_": (2 / 900) ** 0.5,
    "kaiming_uniform_": (2 / 500) ** 0.5,
    "kaiming_normal_": (2 / 500) ** 0.5}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", DRAWN)
def test_std(name, side):
    """The standard deviation of 200,000 draws is that of the formula.

    This knows nothing of torch's own. The variance of n draws of a
    normal distribution has the relative error sqrt(2 / n), of a uniform
    one less, and the standard deviation half of it: six of them are 1 %.
    """
    weight = torch.empty(400, 500)
    getattr(side, name)(weight, generator=torch.Generator().manual_seed(1))
    bound = 6 * 0.5 * (2 / MANY) ** 0.5
    assert weight.numel() == MANY
    assert abs(weight.double().std() / STD[name] - 1) < bound
    if "uniform" in name:
        reach = (weight.max() - weight.min()).item()
        assert reach <= 12 ** 0.5 * STD[name] * (1 + 1e-6)


@pytest.mark.parametrize("name", ["kaiming_uniform_", "kaiming_normal_"])
@pytest.mark.parametrize("shape", [(30, 300), (300, 30), (8, 20, 3, 3)])
def test_fans(name, shape):
    """fan_in keeps the size of outputs, fan_out that of gradients.

    x is of size 1, and so is x W^T, or the convolution; so is G W for
    fan_out. It is averaged over 20 weights.
    """
    generator = torch.Generator().manual_seed(0)
    n, m, *field = shape
    sums: list[torch.Tensor] = []
    back: list[torch.Tensor] = []
    for _ in range(20):
        for mode, found in (("fan_in", sums), ("fan_out", back)):
            weight = getattr(by_hand, name)(
                torch.empty(shape, dtype=torch.float64), mode=mode,
                nonlinearity="linear", generator=generator)
            # one place of the output sees the whole receptive field
            matrix = (weight.flatten(1) if mode == "fan_in" else
                      weight.transpose(0, 1).flatten(1))
            x = torch.randn(500, matrix.shape[1], generator=generator,
                            dtype=torch.float64)
            found.append((x @ matrix.T).square().mean())
    for found in sums, back:
        assert abs(torch.stack(found).mean() - 1) < 0.05


def test_relu_layers_keep_the_mean_square():
    """He's start keeps the mean square through 20 layers with relu.

    Without the gain, each layer halves it.
    """
    generator = torch.Generator().manual_seed(0)
    for gain, expected in (("relu", 1.0), ("linear", 0.5 ** 20)):
        x = torch.randn(100, 512, generator=generator)
        for _ in range(20):
            weight = by_hand.kaiming_normal_(
                torch.empty(512, 512), nonlinearity=gain,
                generator=generator)
            x = torch.relu(x) @ weight.T
        assert 0.5 < x.square().mean() / expected < 2


@pytest.mark.parametrize("name", DRAWN)
def test_without_a_generator(name):
    """None is torch's global generator, on both sides."""
    found = []
    for side in SIDES:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(7)
            tensor = getattr(side, name)(torch.empty(5, 4))
            found.append((tensor, torch.get_rng_state()))
    same(found[0][0], found[1][0])
    same(found[0][1], found[1][1])
    tensor, generator = torch.empty(5, 4), torch.Generator().manual_seed(7)
    same(getattr(by_hand, name)(tensor, generator=generator), found[0][0])


def test_autograd_does_not_see_it():
    """By hand a loss made before the start was drawn may go backward.

    By torch it raises, as after any other change in place.
    """
    for side in SIDES:
        w = torch.ones(2, 2, requires_grad=True)
        loss = (w * w).sum()
        side.zeros_(w)
        if side is by_torch:
            with pytest.raises(RuntimeError, match="inplace"):
                loss.backward()
        else:
            loss.backward()
            assert not w.grad.any()


W = torch.ones(3, 2)
BAD: list[Any] = [
    *[(name, [[1.0]], {}, TypeError, "must be a tensor, got a list")
      for name in (*DRAWN, "zeros_")],
    *[(name, [W.long()], {}, RuntimeError, "floating-point.*int64")
      for name in (*DRAWN, "zeros_")],
    *[(name, [w], {}, ValueError, "two axes or more.*got shape")
      for name in DRAWN if name[0] in "xk" for w in (W[0], W[:0], W[0, 0])],
    *[(name, [W], {option: wrong}, ValueError, f"{option} must be finite")
      for name, option in (
          ("uniform_", "a"), ("uniform_", "b"), ("normal_", "mean"),
          ("normal_", "std"), ("constant_", "val"), ("kaiming_normal_", "a"))
      for wrong in (math.nan, math.inf, -math.inf)
      if (option, wrong) != ("std", math.nan) and (
          option, wrong) != ("std", -math.inf)],
    ("uniform_", [W, 1, 0.5], {}, ValueError, "a must be at most b, got 1.0"),
    ("normal_", [W], {"std": -1}, ValueError, "std must be at least 0"),
    *[(name, [W], {"gain": -1}, ValueError, "gain must be at least 0")
      for name in DRAWN if name[0] == "x"],
    *[(name, [W], {option: wrong}, ValueError, f"{option} must be .*{wrong}")
      for name in DRAWN if name[0] == "k" for option, wrong in (
          ("mode", "FAN_IN"), ("mode", "fan"), ("nonlinearity", "selu"),
          ("nonlinearity", "conv2d"), ("nonlinearity", None))],
    *[(name, [W], {"generator": 0}, TypeError, "generator")
      for name in DRAWN],
    ("calculate_gain", ["gelu"], {}, ValueError, "got 'gelu'"),
    ("calculate_gain", ["relu", "1"], {}, TypeError, "param must be a num"),
    ("calculate_gain", ["leaky_relu", True], {}, TypeError, "got True")]


@pytest.mark.parametrize("name, args, options, error, words", BAD)
def test_bad_input(name, args, options, error, words):
    """Rule 11: both sides reject it in the same words; nothing changes."""
    for side in SIDES:
        with pytest.raises(error, match=words):
            getattr(side, name)(*args, **options)
    assert W.eq(1).all()
