"""Each check passes on its solution, and fails on the original source."""

import ast
import difflib
import os
import re

import pytest

from scratch.front_door.source import ROOT
from tests.across.rules import breaks_rule_one
from tests.compare.background import X86, Background
from tests.exercises import EXERCISES
from tests.exercises.merge import merged

PLANTS = hasattr(os, "fork") and X86
BACKGROUND = Background(
    "test_every_check_tells_a_solution", ["tests.exercises"]
) if PLANTS else None


@pytest.mark.skipif(not PLANTS, reason="on x86, with a fork")
def test_every_check_tells_a_solution():
    """Each check fails on the original source, passes on the solution."""
    status, output = BACKGROUND.wait()
    assert status == 0, output
    assert output.splitlines()[-1] == f"{len(EXERCISES)} exercises, 0 faults"


# What solutions take from torch, and the topics do not.
MORE = {"cat", "cos", "double", "linalg", "multinomial", "ndim",
        "new_zeros", "ones_like", "pi", "solve", "stack"}


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_a_solution_follows_the_rules(exercise):
    """Rules 1, 7 and 9: imports, 72 columns, docstrings."""
    source = exercise.source()
    assert set(breaks_rule_one(source, "scratch")) <= MORE
    assert max(map(len, source.splitlines())) <= 72
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert node.name.startswith("_") or ast.get_docstring(node)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_a_solution_is_up_to_date(exercise):
    """No edit changes only comments, and no `raise` of the source is lost.

    If this fails, the source has changed since its lines were copied.
    """
    old, new = exercise.path.read_text(), exercise.source()
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after)
    for kind, i, j, k, m in matcher.get_opcodes():
        lines = [line.strip() for line in before[i:j] + after[k:m]]
        assert kind == "equal" or any(
            line and not line.startswith("#") for line in lines), lines
    assert raised(old) <= raised(new)


def raised(source):
    """Every `raise` in the source."""
    return {ast.unparse(node) for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Raise)}


SOURCE = '''\
"""A topic."""

import torch
from torch import Tensor

# As torch has it.
EPS = 1e-8


def f(x):
    """f"""
    return x


@dataclass
class Point:
    """A point."""

    x: float


class Line:
    """A line."""

    def length(self):
        """How long it is."""
        return 2

    def width(self):
        return 1
'''
SOLUTION = '''\
"""What it solves."""

import math

from torch import Tensor, nn

from scratch.losses import mse_loss
from scratch.topic import g

# Larger.
EPS = 1e-6


def first(x):
    """New."""
    return nn, Tensor, mse_loss, g


# A comment above.
@cache
def f(x, y=math.pi):
    # x + y
    return x + y


@dataclass(frozen=True)
class Point:
    x: float
    # Up.
    y: float = 1.0


class Line:
    def area(self):
        return self.length() * self.width()

    def length(self):
        return 3


def last():
    return EPS
'''
MERGED = '''\
"""A topic."""

import torch
from torch import Tensor
import math
from torch import nn
from scratch.losses import mse_loss

# Larger.
EPS = 1e-6


def first(x):
    """New."""
    return nn, Tensor, mse_loss, g


# A comment above.
@cache
def f(x, y=math.pi):
    """f"""
    # x + y
    return x + y


@dataclass(frozen=True)
class Point:
    """A point."""

    x: float
    # Up.
    y: float = 1.0


class Line:
    """A line."""

    def area(self):
        return self.length() * self.width()

    def length(self):
        """How long it is."""
        return 3

    def width(self):
        return 1


def last():
    return EPS
'''


def test_merged():
    """What merge.py promises: definitions, docstrings, members, imports."""
    assert merged(SOURCE, SOLUTION, "scratch.topic") == MERGED


def test_merged_rejects_a_statement():
    """A `print` is rejected: it is not clear where it belongs."""
    with pytest.raises(ValueError, match="only, got 'print"):
        merged("import torch\n", "print(1)\n", "scratch.topic")


@pytest.mark.parametrize("page", sorted(
    path for path in ROOT.glob("docs/*.md")
    if (ROOT / f"torch_ref/{path.stem}.py").exists()),
    ids=lambda path: path.stem)
def test_three_exercises_on_each_page(page):
    """Each exercise is on the page of its topic, once."""
    named = re.findall(r"^```\{exercise\} (\S+)", page.read_text(), re.M)
    mine = [name for name in EXERCISES
            if EXERCISES[name].topic == page.stem]
    assert sorted(named) == sorted(mine) and len(named) == 3
