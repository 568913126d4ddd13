"""What a test lets pass, and what the public recipes let pass."""

import sys

import pytest

from tests.judge import __main__ as command
from tests.judge.graders import plain, trial
from tests.judge.implementation import kinds
from tests.judge.impostors import impostors

ADAM, RELU = kinds()["adam"], kinds()["relu"]


def run(monkeypatch, capsys, *argv):
    """The exit status, standard output and standard error."""
    monkeypatch.setattr(sys, "argv", ["judge", *map(str, argv)])
    return command.main(), *capsys.readouterr()


def test_a_weak_test(tmp_path, monkeypatch, capsys):
    """One step sees no t; each that passes gets what would catch it."""
    # Of more than eighty, every sixth, and two that are looked for.
    some = [one for i, one in enumerate(impostors(ADAM)) if i % 6 == 0
            or one.name in ("adam-no-t", "adam-ascent")]
    monkeypatch.setattr("tests.judge.strength.impostors", lambda kind: some)
    path = tmp_path / "test adam 测试.py"
    path.write_text("""
import torch
from mine.optim import Adam

def test_one_step():
    p = torch.zeros(2, requires_grad=True)
    p.grad = torch.tensor([1.0, -3.0])
    Adam([p], lr=0.1).step()
    assert torch.allclose(p, torch.tensor([-0.1, 0.1]), atol=1e-4)
""")
    status, out, err = run(monkeypatch, capsys, "--tests", path, "--of",
                           "mine.optim.Adam")
    assert (status, err) == (1, "")
    count = len(some)
    assert f"of {count} implementations of Adam pass" in out
    lines = out.splitlines()
    at = next(i for i, line in enumerate(lines)
              if line.startswith("  adam-no-t "))
    assert lines[at + 1].endswith("with the bug -0.23438, torch -0.2")
    assert "adam-ascent" not in out
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_strong_test(tmp_path, monkeypatch, capsys):
    """Slopes at 0, gradients of both signs: nothing passes."""
    path = tmp_path / "test_relu.py"
    path.write_text("""
import numpy as np
import torch
from mine import relu

def test_relu():
    x = torch.tensor([-2.0, 0.0, 1.0, 9.0], requires_grad=True)
    y = relu(x)
    y.backward(torch.tensor([1.0, 2.0, -3.0, 4.0]))
    assert y.tolist() == [0, 0, 1, 9] and x.grad.tolist() == [0, 0, -3, 4]
    assert relu(np.array([-1.0, 2.0])).tolist() == [0, 2]
""")
    status, out, err = run(monkeypatch, capsys, "--tests", path, "--of",
                           "mine.relu")
    assert (status, err) == (0, "")
    assert f"catch all {len(impostors(RELU))} implementations" in out


@pytest.mark.parametrize("body, says", [
    ("assert relu(torch.ones(1)) == 2", "fail on the right implementation"),
    ("while True: pass", "no answer in 1 s; --timeout allows more"),
    ("import os; os._exit(0)", "the process has ended")])
def test_a_wrong_test(body, says, tmp_path, monkeypatch, capsys):
    """It fails on the right implementation: one line, status 2."""
    path = tmp_path / "test_relu.py"
    path.write_text("import torch\nfrom mine import relu\n"
                    f"def test():\n    {body}\n")
    status, out, err = run(monkeypatch, capsys, "--tests", path, "--of",
                           "mine.relu", "--timeout",
                           "1" if "while" in body else "60")
    assert (status, out, err.count("\n")) == (2, "", 1) and says in err


def test_the_trial_of_the_graders():
    """Epsilon in a wrong place passes all seven; here it does not."""
    rows = list(trial(ADAM))
    assert len(rows) == 8
    wrong = {"adam-eps-in-the-root", "adam-eps-before-the-correction"}
    for _, caught, count, passed in rows[:-1]:
        assert wrong <= set(passed)
        assert caught + len(passed) == count == len(plain(ADAM))
    assert rows[-1][-1] == []
