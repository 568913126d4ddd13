"""The exercises: a solution passes its check, the source as it is not."""

import ast
import os
import re

import pytest

from scratch.front_door.source import ROOT
from tests.across.rules import breaks_rule_one
from tests.compare.background import X86, Background
from tests.exercises import EXERCISES
from tests.museum.plant import planted

PLANTS = hasattr(os, "fork") and X86
BACKGROUND = Background(
    "test_every_check_tells_a_solution", ["tests.exercises"]
) if PLANTS else None


@pytest.mark.skipif(not PLANTS, reason="on x86, with a fork")
def test_every_check_tells_a_solution():
    """Each fails on the untouched file and passes on its solution."""
    status, output = BACKGROUND.wait()
    assert status == 0, output
    assert output.splitlines()[-1] == f"{len(EXERCISES)} exercises, 0 faults"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_a_solution_is_of_the_house(exercise):
    """72 columns, only what its wing may import, a docstring for all."""
    source = planted(exercise)
    assert breaks_rule_one(source, exercise.wing) == []
    assert max(map(len, source.splitlines())) <= 72
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert node.name.startswith("_") or ast.get_docstring(node)


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
