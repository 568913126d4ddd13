"""A class may inherit from another file of the person's own."""

import sys

import pytest

from tests.judge import __main__ as command

BASE = """
class Optimizer:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is not None:
                self.update(i, p)
"""
SGD = """
class SGD(Optimizer):
    def __init__(self, params, lr=0.1, momentum=0.9):
        super().__init__(params, lr)
        self.momentum, self.v = momentum, {}

    def update(self, i, p):
        self.v[i] = self.momentum * self.v.get(i, 0) + p.grad
        p.data = p.data - self.lr * self.v[i]
"""


@pytest.mark.parametrize("line", [
    "from .base import Optimizer", "from mine.base import Optimizer",
    "from base import Optimizer", "from .base import Optimizer as Optimizer"])
def test_a_base_in_another_file(line, tmp_path, monkeypatch, capsys):
    """Beside it, relative, or from the root of its package."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit(3)\n"
                                        if "mine" not in line else "")
    (folder / "base.py").write_text(BASE)
    path = folder / "sgd.py"
    path.write_text(line + "\n" + SGD)
    monkeypatch.setattr(sys, "argv", ["judge", str(path)])
    assert command.main() == 0, capsys.readouterr()
    out = capsys.readouterr().out
    assert "SGD(params, lr, momentum).step()" in out
    assert "EQUAL to torch.optim.SGD" in out
