"""Rule 11: options that both sides reject in the optimisers."""

import math

import numpy as np
import pytest
import torch

import scratch.optim as by_hand
import torch_ref.optim as by_torch
from tests.compare.closeness import close
from tests.compare.draw import OPTIMISERS

NAMES = sorted(OPTIMISERS)


@pytest.mark.parametrize("name, options", [
    *[(name, {"lr": -0.1}) for name in NAMES],
    *[(name, {"weight_decay": -1e-9}) for name in NAMES],
    *[(name, {"eps": -1.0}) for name in NAMES if name != "SGD"],
    *[(name, {"betas": pair}) for name in ("Adam", "AdamW") for pair in (
        (1.0, 0.9), (0.9, 1.0), (-0.1, 0.9), (0.9, -0.1), (math.nan, 0.9))],
    *[(name, {option: math.nan}) for name, option in (
        ("Adam", "lr"), ("RMSprop", "alpha"), ("Adagrad", "eps"))],
    ("SGD", {"momentum": -0.5}),
    ("SGD", {"nesterov": True}),
    *[("SGD", {"nesterov": True, "momentum": 0.9, "dampening": d})
      for d in (0.1, -0.1)],
    ("RMSprop", {"momentum": -0.5}),
    ("RMSprop", {"alpha": -0.1}),
    ("Adagrad", {"lr_decay": -0.1}),
])
def test_constructor_errors(name, options):
    """What torch's constructor rejects raises ValueError on both sides."""
    for side in by_hand, by_torch:
        with pytest.raises(ValueError):
            getattr(side, name)([torch.zeros(1)], **options)


def test_constructor_names_the_option_and_the_value():
    """By hand the message says which option is wrong, and its value."""
    for options, words in (
            ({"lr": -0.1}, "lr.*-0.1"),
            ({"betas": (0.9, 1.5)}, "betas.*1.5")):
        with pytest.raises(ValueError, match=words):
            by_hand.Adam([torch.zeros(1)], **options)


@pytest.mark.parametrize("params, error", [
    ([], ValueError), (torch.zeros(2), TypeError), (["w"], TypeError),
    ([{"params": [torch.zeros(2)]}], TypeError),
    ([torch.zeros(2), torch.zeros(2, dtype=torch.complex64)], TypeError),
    ([torch.zeros(2, requires_grad=True) * 2], ValueError),
    # the state would be kept by position by hand, by tensor by torch
    (2 * [torch.zeros(2)], ValueError)])
@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_different_real_leaf_tensors(name, params, error):
    """Rule 11: both sides reject anything else with the same exception."""
    for side in by_hand, by_torch:
        with pytest.raises(error):
            getattr(side, name)(params)


@pytest.mark.parametrize("value, error", [
    (True, TypeError), ("0.1", TypeError), (None, TypeError),
    (torch.tensor(0.1), TypeError), ([0.1], TypeError),
    (1j, TypeError), (math.nan, ValueError), (-0.1, ValueError)])
@pytest.mark.parametrize("name", NAMES)
def test_options_are_numbers(name, value, error):
    """Rule 11: both sides reject any other value of every option."""
    options = number_options(name)
    for option in options:
        given = (value, 0.5) if option == "betas" else value
        for side in by_hand, by_torch:
            if option == "dampening" and error is ValueError:
                getattr(side, name)([torch.zeros(1)], **{option: given})
                continue
            with pytest.raises(error, match=f"^{option} must be"):
                getattr(side, name)([torch.zeros(1)], **{option: given})


def number_options(name):
    """The options of an optimiser that are numbers."""
    group = getattr(by_hand, name)([torch.zeros(1)]).param_groups[0]
    return [option for option, value in group.items()
            if not isinstance(value, bool)]


@pytest.mark.parametrize("betas", [0.9, (0.9,), (0.9, 0.99, 0.999), "ab"])
def test_betas_are_two(betas):
    """One number or three are rejected, not read in part."""
    for name in "Adam", "AdamW":
        for side in by_hand, by_torch:
            with pytest.raises((TypeError, ValueError), match="^betas must"):
                getattr(side, name)([torch.zeros(1)], betas=betas)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_of_numpy_and_integers_are_numbers(name):
    """np.float64, np.float32 and int options give torch's step."""
    p, q = (torch.ones(2, requires_grad=True) for _side in range(2))
    for lr in np.float64(0.1), np.float32(0.1), np.int64(1), 1:
        a = getattr(by_hand, name)([p], lr=lr)
        b = getattr(by_torch, name)([q], lr=lr)
        for x, optimizer in (p, a), (q, b):
            x.grad = torch.ones(2)
            optimizer.step()
        close(p.data, q.data, 4, 10.0)
