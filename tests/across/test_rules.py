"""Check the rules of the house, as far as a test can.

The docstrings name the rules by their numbers in docs/rules.md.
test_to_the_bit.py checks rule 5; the proofs of the topics check rules
10 and 11.
"""

import ast
import re
import subprocess

import pytest

from scratch import CONTENTS
from scratch.front_door.source import ROOT
from tests.across.rules import (ALLOWED, WINGS, breaks_rule_one, imports,
                                mirror_differences, public_names, wing_files)


def test_rules_have_numbers():
    """The page numbers its rules, and each rule cited in a test exists."""
    page = (ROOT / "docs/rules.md").read_text()
    numbers = re.findall(r"^(\d+)\. \*\*", page, re.M)
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    for path in (ROOT / "tests").rglob("*.py"):
        cited = re.findall(r"\b[Rr]ules? (\d+)", path.read_text())
        assert set(cited) <= set(numbers), path


# cnn is not written by hand yet.
TOPICS = [topic for topic in CONTENTS if topic != "cnn"]


@pytest.mark.parametrize("path", [
    path for wing in WINGS for path in wing_files(wing)],
    ids=lambda path: str(path.relative_to(ROOT)))
def test_wings_stand_alone(path):
    """Rule 1: no wing imports the other; `scratch` uses nothing fused."""
    wing = path.relative_to(ROOT).parts[0]
    assert breaks_rule_one(path.read_text(), wing) == []


@pytest.mark.parametrize("source", [
    # the other wing, straight or by the front door
    "import torch_ref.optim", "from torch_ref import optim",
    "from torch_ref.optim import SGD", "import tests.compare",
    "from scratch.front_door.lesson import WINGS",
    "from scratch import front_door", "from .front_door import lesson",
    "import os, torch_ref", "import torch_ref as scratch",
    # torch's own version of what a lesson writes, however it is written
    "y = torch.softmax(x, 1)", "y = x.softmax(1)", "x.sigmoid_()",
    "from torch import softmax", "from torch import softmax as s",
    "from torch import Tensor, relu", "from torch import *",
    "from torch import nn", "from torch import Tensor as T",
    "import torch as t", "import torch as t\ny = t.softmax(x, 1)",
    "import torch.nn.functional as F", "import torch.nn",
    "from torch.optim import SGD", "from torch.utils.data import Dataset",
    "from torch._C._nn import softplus", "import torchvision",
    "y = torch.nn.functional.relu(x)", "y = torch.optim.SGD([x])",
    "y = torch.special.expit(x)", "y = torch.ops.aten.softmax(x, 1)",
    "y = torch._softmax(x, 1, False)", "y = torch._C._nn.softplus(x)",
    "y = torch._VF.relu(x)", "y = torch.Tensor.softmax(x, 1)",
    "y = Tensor.softmax(x, 1)", "y = type(x).softmax(x, 1)",
    "f = map(Tensor.sigmoid, rows)", "f = torch.compile(f)",
    "f = torch.jit.script(f)", "y = torch.func.grad(f)(x)",
    "y = torch.autograd.grad(f(x), x)", "y = x.logsumexp(0)",
    "p.addcdiv_(m, d, value=-1)", "with torch.no_grad(): p -= g",
    "y = np.linalg.lstsq(x, y)", "from scipy.special import expit",
    "import scipy.special", "from numpy import linalg",
    "import numpy", "from sklearn.linear_model import SGDRegressor",
    # another name for the module
    "T = torch", "T = torch\ny = T.softmax(x, 1)", "f = [torch]",
    "f = torch.nn.functional", "def f(m=torch): return m", "use(torch)",
    "(T := torch)", "for t in (torch,): t.softmax(x, 1)",
    # a name that is computed
    "y = getattr(torch, 'sigmoid')(x)", "y = getattr(torch, name)(x)",
    "y = getattr(x, 'soft' + 'max')(1)", "g = getattr",
    "y = torch.__dict__['softmax'](x, 1)",
    "y = torch.__getattribute__('softmax')(x, 1)",
    "y = vars(torch)['softmax'](x, 1)", "y = vars(type(x))['softmax']",
    "y = type(x).__dict__['softmax'](x, 1)",
    "y = globals()['torch'].softmax(x, 1)", "y = locals()[name]",
    "exec('y = torch.' + name)", "y = eval(name)",
    "y = __import__('torch').softmax(x, 1)", "y = compile(name, '', '')",
    "y = __builtins__['getattr'](x, name)", "import builtins",
    "from importlib import import_module", "import importlib",
    "from operator import methodcaller", "import operator",
    "from operator import index, attrgetter", "import sys",
    "from inspect import getmembers", "import pickle", "import ctypes",
    # torch's function of the same name
    "def abs(x): return x.abs()", "def max(x): return torch.max(x)"])
def test_rule_one_can_fail(source):
    """Rule 1: each of these lines would be rejected in scratch/."""
    assert breaks_rule_one(source, "scratch")


@pytest.mark.parametrize("source", [
    "import torch\nfrom torch import Tensor\nimport numpy as np",
    "z = torch.exp(x - x.detach().max(1).values)", "y = x @ w.T + b",
    "p.data.sub_(p.grad, alpha=lr)", "def f(x): return softmax(x, 1)",
    "from scratch.activations import softmax", "from pathlib import Path",
    "def abs(x): return x * x.sign()", "x: torch.Tensor"])
def test_rule_one_can_pass(source):
    """Rule 1: formulas are written in these names."""
    assert not breaks_rule_one(source, "scratch")


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_that_a_lesson_writes_is_allowed(topic):
    """Rule 1: no function of a topic may be taken from torch instead.

    But other lessons use abs, from_numpy has nothing to write, and
    np.load is no lesson.
    """
    names = set(public_names(ast.parse(
        (ROOT / f"scratch/{topic}.py").read_text())))
    assert names and names & ALLOWED <= {"abs", "from_numpy", "load"}


@pytest.mark.parametrize("source", [
    "from scratch.optim import SGD", "import scratch", "import tests",
    "from tests.compare import draw", "import os, scratch.optim as o",
    "from importlib import import_module", "m = __import__(name)",
    "exec('import ' + name)", "from ..scratch import optim"])
def test_rule_one_in_the_other_wing(source):
    """Rule 1: torch_ref may import torch.nn, but not scratch."""
    assert breaks_rule_one(source, "torch_ref")
    assert not breaks_rule_one("from torch import nn", "torch_ref")


def public_files(folder):
    """The names of a folder's public modules."""
    return {path.stem for path in (ROOT / folder).glob("[a-z]*.py")}


def test_one_topic_one_name():
    """Each topic of CONTENTS has its file in each room, and no other."""
    assert public_files("scratch") == set(TOPICS)
    assert public_files("torch_ref") == set(CONTENTS)
    tests = {path.stem for path in (ROOT / "tests").glob("test_*.py")}
    assert tests == {f"test_{topic}" for topic in CONTENTS}
    for topic in CONTENTS:
        test = (ROOT / f"tests/test_{topic}.py").read_text()
        if topic in TOPICS:
            assert f"import scratch.{topic} as by_hand" in test
            assert f"import torch_ref.{topic} as by_torch" in test
        assert (ROOT / f"docs/{topic}.md").exists()
        assert (ROOT / f"docs/{topic}.py").exists()
        assert (ROOT / f"tests/museum/{topic}.py").exists()
        assert (ROOT / f"tests/exercises/check_{topic}.py").exists()


def test_contents_are_the_reading_order():
    """The lectures' index and the README keep the order of CONTENTS."""
    index = (ROOT / "docs/index.md").read_text()
    rows = re.findall(r"^\| \[`(\w+)`\]\(\1\.md\)", index, re.M)
    assert rows == list(CONTENTS)
    toctree = index.split("{toctree}")[1].split()
    assert [page for page in toctree if page in CONTENTS] == list(CONTENTS)
    readme = (ROOT / "README.md").read_text()
    order = re.search(r"In this order: (.*?)\.\s", readme, re.S)[1]
    assert re.findall(r"`(\w+)`", order) == list(CONTENTS)


def test_the_top_level():
    """The top folder has only the rooms, the README and tools' files."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, text=True,
                             capture_output=True)
    if tracked.returncode != 0:
        pytest.skip("not a clone")
    top = {name.split("/")[0] for name in tracked.stdout.splitlines()}
    assert {name for name in top if name[0] != "."} == {
        "README.md", "LICENSE", "setup.cfg", "pyproject.toml", "scratch",
        "torch_ref", "tests", "docs"}


def test_no_test_imports_a_test():
    """No test imports a test: what several need is in compare/."""
    for path in (ROOT / "tests").rglob("*.py"):
        for name in imports(ast.parse(path.read_text())):
            if name.startswith("tests"):
                assert ".test_" not in name, (path, name)


def test_what_the_lectures_import():
    """Of tests/, docs/ imports only the museum and the exercises."""
    for path in (ROOT / "docs").rglob("*.py"):
        for name in imports(ast.parse(path.read_text())):
            if name.split(".")[0] == "tests":
                assert re.match(r"tests\.(museum|exercises)\b", name), (
                    path, name)


@pytest.mark.parametrize("topic", TOPICS)
def test_wings_mirror_each_other(topic):
    """Rule 2: the same public names, order, parameters and defaults."""
    names = [list(public_names(ast.parse(
        (ROOT / wing / f"{topic}.py").read_text()))) for wing in WINGS]
    assert names[0] == names[1]
    assert [mirror_differences(topic, name) for name in names[0]] == [
        [] for _ in names[0]]


def test_rule_two_can_fail(monkeypatch):
    """Rule 2: another default or a missing method is found."""
    import torch_ref.losses
    import torch_ref.optim

    def mse_loss(input, target, reduction="sum"):
        """The default differs."""

    monkeypatch.setattr(torch_ref.losses, "mse_loss", mse_loss)
    assert mirror_differences("losses", "mse_loss")

    class SGD:
        """It has no methods."""

    monkeypatch.setattr(torch_ref.optim, "SGD", SGD)
    assert len(mirror_differences("optim", "SGD")) > 3


UNWANTED = {"foreach", "fused", "capturable", "differentiable",
            "ignore_index", "pos_weight"}


@pytest.mark.parametrize("wing", WINGS)
def test_options_that_no_lecture_explains(wing):
    """Rule 6: no function has an option that no lecture explains."""
    for path in wing_files(wing):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.arg):
                assert node.arg not in UNWANTED, (path, node.arg)


def test_lines_fit_on_a_projector():
    """Rule 7: 72 columns in both wings, so that two fit side by side."""
    for wing in WINGS:
        for path in (ROOT / wing).rglob("*.py"):
            for line in path.read_text().splitlines():
                assert len(line) <= 72, (path, line)


@pytest.mark.parametrize("room, most", [
    ("scratch", 200), ("torch_ref", 200), ("tests", 300), ("docs", 300)])
def test_files_are_read_in_one_sitting(room, most):
    """Rule 8: no file has more lines than its room allows."""
    for path in (ROOT / room).rglob("*.py"):
        lines = path.read_text().splitlines()
        assert len(lines) <= most or "_build" in path.parts, (
            path, len(lines))


def test_comments_have_lines_of_their_own():
    """Rule 7: no comment follows code on its line."""
    for wing in WINGS:
        for path in (ROOT / wing).rglob("*.py"):
            for line in path.read_text().splitlines():
                assert not re.search(r"[^\s#].*  # ", line), (path, line)


def test_numpy_is_called_in_one_place():
    """Only scratch/tensors.py calls `.numpy()`.

    `.numpy()` fails if the tensor requires grad or is on a GPU.
    """
    for path in [*ROOT.glob("scratch/**/*.py"),
                 *ROOT.glob("torch_ref/**/*.py"),
                 *ROOT.glob("tests/**/*.py")]:
        calls = re.findall(r"[\w)\]]\.numpy\(\)", path.read_text())
        allowed = 1 if path == ROOT / "scratch/tensors.py" else 0
        assert len(calls) == allowed, path


def test_public_things_have_docstrings():
    """Rule 9: each public module, class and function has a docstring."""
    for wing in WINGS:
        for path in wing_files(wing):
            tree = ast.parse(path.read_text())
            assert ast.get_docstring(tree), path
            for node in ast.walk(tree):
                if (isinstance(node, (ast.ClassDef, ast.FunctionDef))
                        and not node.name.startswith("_")
                        # Their formulas stand above their lines.
                        and node.name not in ("update", "evaluate")):
                    assert ast.get_docstring(node), (path, node.name)
