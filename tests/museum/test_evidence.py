"""The evidence for the lectures: gaps, caught bugs, losses."""

import json
import math
import os
import subprocess
import sys

import pytest
import torch

from scratch.front_door.source import ROOT
from tests.compare import closeness
from tests.compare.background import X86
from tests.museum.evidence import Gauge, losses

FORKS = hasattr(os, "fork") and X86


def evidence(kind, request):
    """Run python -m tests.museum.evidence."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.museum.evidence"], cwd=ROOT,
        input=json.dumps({kind: request}), capture_output=True, text=True,
        check=True)
    return json.loads(result.stdout)[kind]


@pytest.fixture
def observed(monkeypatch):
    """A gauge that records each comparison."""
    gauge = Gauge([])
    monkeypatch.setattr(closeness, "OBSERVERS", [gauge.observe])
    return gauge


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_gap_is_in_eps_of_the_scale(observed, dtype):
    """6 eps at a scale of 2 are a gap of 3; equal NaN and inf are 0."""
    eps = torch.finfo(dtype).eps
    hand = torch.tensor([1.0, 2 + 6 * eps, math.nan, math.inf], dtype=dtype)
    by_torch = torch.tensor([1.0, 2.0, math.nan, math.inf], dtype=dtype)
    closeness.close(hand, by_torch, 4, torch.tensor([1.0, 2, 2, 2]))
    assert observed.gap == pytest.approx(3, rel=1e-3)
    assert observed.entry == (2 + 6 * eps, 2.0)


def test_the_largest_gap_is_kept(observed):
    """A smaller one changes nothing; booleans can be compared."""
    one = torch.ones(1)
    closeness.close(one * 3, one, 1e9, 1.0)
    largest = observed.gap
    closeness.close(one * 2, one, 1e9, 1.0)
    closeness.same(one > 0, one > 0)
    assert observed.gap == largest == pytest.approx(2 / 2 ** -23)


@pytest.mark.skipif(not FORKS, reason="on x86, with a fork")
def test_gaps_of_real_tests():
    """Sigmoids differ by rounding, abs does not; examples are counted."""
    tests = ["test_activations.py::test_sigmoid",
             "test_data.py::test_bundled_data",
             "test_tensors.py::test_abs",
             "test_images.py::test_a_foreign_file"]
    sigmoid, tables, absolute, foreign = evidence("gaps", tests)
    assert 0.3 < sigmoid["gap"] < 4 and "tensor(" in sigmoid["input"]
    a, b = sigmoid["entry"]
    assert a != b and a == pytest.approx(b, rel=1e-6)
    assert absolute["gap"] == 0 and absolute["compared"]
    # test_abs has an example of its own, -0.0.
    assert (sigmoid["examples"], absolute["examples"]) == (30, 31)
    # One example per dtype, under the name without its parameter.
    assert tables["examples"] == 2 and tables["compared"]
    assert not foreign["compared"]


@pytest.mark.skipif(not FORKS, reason="on x86, with a fork")
def test_the_losses_with_a_bug():
    """Both curves are complete, and differ once the bug shows."""
    found, cnn = evidence("bugs", [
        ["gradient-accumulated", "linear_regression", "", None],
        ["cnn-gradients-kept", "small_cnn", "", 1]])
    wrong, right = found["with"], found["without"]
    assert wrong[:2] == right[:2] and wrong[2] != right[2]
    assert len(wrong) < len(right) == 164
    assert found["gaps"][0] == 0 and found["gaps"][2] > 0.1
    assert cnn["gaps"][0] < 1e-12 and cnn["gaps"][2] > 1e-3
    assert len(cnn["with"]) == len(cnn["without"]) == 29


def test_resumed_without_a_bug():
    """After a stop and a resume, both sides agree: 8 epochs of 5 steps."""
    found = losses("checkpoint", "", None)
    assert len(found["with"]) == len(found["without"]) == 40
    assert max(found["gaps"]) < 1e-12 and not found["stopped"]


def test_the_story_of_a_bug():
    """A page shows the losses of each step, and a dash after the end."""
    pytest.importorskip("sphinx")
    from docs.site.found import cut, curves
    drawn = curves({"with": [3.0, None], "without": [3.0, 2.0, 1.0],
                    "gaps": [0.0, None, None]})
    assert "step 1: loss 3 with the bug, 3 without, gap 0" in drawn.captions
    assert "loss not finite with the bug, 2 " in drawn.captions[1]
    assert "loss \u2013 with the bug, 1 without, gap \u2013" in (
        drawn.captions[2])
    long = curves({"with": [1.0] * 999, "without": [1.0] * 999,
                   "gaps": [0.0] * 999}).captions
    assert len(long) <= 100 and "step 999:" in long[-1]
    assert cut("x" * 200 + "\n" + "y\n" * 60).count("\u2026") == 2
    assert cut("<f at 0x7f>") == "<f>"
