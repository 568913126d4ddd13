"""With no switch thrown, each formula of the judge is torch's."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import scratch.activations
import torch_ref.optim
from tests.judge.functions import differs
from tests.judge.implementation import kinds
from tests.judge.optimisers import (CLOSE, Optimiser, departs, ladder,
                                    random_runs, simulate)
from tests.judge.tell_optimiser import FEATURES

KINDS = kinds()
OPTIMISERS = [kind for kind in KINDS.values()
              if isinstance(kind, Optimiser)]
TORCH: dict[str, Any] = {
    "relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    # torch's own is x above 20
    "softplus": scratch.activations.softplus,
    "softmax": lambda x: torch.softmax(x, 1),
    "log_softmax": lambda x: torch.log_softmax(x, 1),
    "mse": F.mse_loss, "bce": F.binary_cross_entropy,
    "bce_logits": F.binary_cross_entropy_with_logits,
    "ce_probs": lambda p, y: -torch.where(y > 0, p.log(), 0).sum(1).mean(),
    "ce_logits": lambda x, y: F.cross_entropy(x, y.argmax(1))}


def right(_place, setting=None):
    """No switch is thrown."""
    return setting


def by_torch(kind, run):
    """The parameters after each step of torch's own optimiser."""
    options = {**kind.defaults, **run.options}
    options.pop("decoupled", None)
    if "beta1" in options:
        options["betas"] = options.pop("beta1"), options.pop("beta2")
    params = [torch.tensor(p, requires_grad=True) for p in run.start]
    optimizer = getattr(torch_ref.optim, kind.name)(params, **options)
    after = []
    for grads, lr in run.steps:
        optimizer.param_groups[0]["lr"] = lr
        for p, g in zip(params, grads):
            p.grad = None if g is None else torch.tensor(g)
        optimizer.step()
        after.append([p.numpy(force=True).copy() for p in params])
    return after


@pytest.mark.parametrize("kind", OPTIMISERS, ids=lambda kind: kind.name)
def test_the_optimisers_formulas_are_torchs(kind):
    """Every option, missing gradients and changes of lr included."""
    options = {*kind.defaults} - {"decoupled"} | {"lr"}
    runs = ladder(options, True)
    runs += random_runs(kind.name, options, {}, True, 200)
    assert all(any(FEATURES[name](run) for run in runs) for name in (
        "equal while lr does not change",
        "equal while no gradient is missing",
        "equal without weight decay"))
    for run in runs:
        assert departs(run, by_torch(kind, run), simulate(kind, run),
                       CLOSE) is None, run


@pytest.mark.parametrize("name", TORCH)
def test_the_functions_formulas_are_torchs(name):
    """Value and slope in every region; torch rounds 1 - s once more."""
    kind = KINDS[name]
    for region, inputs in kind.probes().items():
        for given in inputs:
            x = torch.tensor(given["input"], requires_grad=True)
            pair = ([torch.tensor(given["target"])] if kind.loss else [])
            value = TORCH[name](x, *pair)
            upstream = torch.tensor(given.get("upstream",
                                              np.array(1.0)))
            value.backward(upstream)
            with np.errstate(all="ignore"):
                mine = kind.value(given, right)
                slope = kind.slope(given, right)
            if name not in ("softmax", "log_softmax"):
                slope = slope * upstream.numpy(force=True)
            assert differs(mine, value.numpy(force=True)) is None, region
            if name == "ce_probs" and region == "at 0 and 1":
                # The slope of log at 0 is infinite.
                continue
            # torch keeps its 1e-12 of the divisor in float32.
            close = 1e-8 if name == "bce" else 1e-9
            assert differs(slope, x.grad.numpy(force=True), close,
                           1e-15) is None, region
