"""Rules 1 and 3: the wings stand alone, and `scratch` is by hand."""

import ast
import re

import pytest

from scratch import CONTENTS
from scratch.front_door.source import ROOT
from tests.across.rules import (ALLOWED, DRAWS, WINGS, breaks_rule_one,
                                public_names, wing_files)


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


@pytest.mark.parametrize("topic", CONTENTS)
def test_nothing_that_a_lesson_writes_is_allowed(topic):
    """Rule 1: no function of a topic may be taken from torch instead.

    But other lessons use abs and flatten, from_numpy has nothing to
    write, np.load is no lesson, and nobody draws by hand.
    """
    names = set(public_names(ast.parse(
        (ROOT / f"scratch/{topic}.py").read_text())))
    assert names and names & ALLOWED <= {
        "abs", "flatten", "from_numpy", "load", *DRAWS}


def test_the_page_names_what_is_allowed():
    """Rule 1: every name that docs/rules.md allows is in the list."""
    page = (ROOT / "docs/rules.md").read_text()
    names = re.findall(r"`(\w+)", page.split("builds on:")[1].split("2. ")[0])
    assert len(names) > 10 and set(names) <= ALLOWED


@pytest.mark.parametrize("source", [
    "from scratch.optim import SGD", "import scratch", "import tests",
    "from tests.compare import draw", "import os, scratch.optim as o",
    "from importlib import import_module", "m = __import__(name)",
    "exec('import ' + name)", "from ..scratch import optim"])
def test_rule_one_in_the_other_wing(source):
    """Rule 1: torch_ref may import torch.nn, but not scratch."""
    assert breaks_rule_one(source, "torch_ref")
    assert not breaks_rule_one("from torch import nn", "torch_ref")


@pytest.mark.parametrize("path", wing_files("scratch"),
                         ids=lambda path: path.stem)
def test_updates_are_in_place(path):
    """Rule 3: `p.data.sub_(...)`; `.data` never becomes another tensor."""
    for node in ast.walk(ast.parse(path.read_text())):
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        assert "data" not in [getattr(target, "attr", None)
                              for target in targets], ast.unparse(node)
