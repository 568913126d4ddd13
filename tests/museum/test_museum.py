"""The museum: every bug is planted, and none survives its test."""

import os
import re
import subprocess
import sys

import pytest

from scratch.front_door.source import ROOT
from tests.compare.background import X86, Background
from tests.museum import BUGS
from tests.museum.__main__ import HEADER, row
from tests.museum.plant import Bug, planted

PAGE = ROOT / "docs/bugs.md"


def words(path):
    """The text of a page, on one line."""
    return " ".join(path.read_text().split())


def museum(*arguments):
    """Run python -m tests.museum."""
    return subprocess.run([sys.executable, "-m", "tests.museum",
                           *arguments], cwd=ROOT, capture_output=True,
                          text=True)


# Elsewhere there is no fork, or some bugs of the optimisers survive.
PLANTS = hasattr(os, "fork") and X86
BACKGROUND = Background(
    "test_no_bug_survives", ["tests.museum", "--check"]) if PLANTS else None
needs_fork = pytest.mark.skipif(not PLANTS, reason="on x86, with a fork")


@needs_fork
def test_no_bug_survives():
    """Each bug is caught by its test, which passes without the bug."""
    status, output = BACKGROUND.wait()
    assert status == 0, output
    assert output.splitlines()[-1] == f"{len(BUGS)} bugs, 0 survive"
    assert len(BUGS) >= 60


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_each_bug_is_a_patch_of_the_real_source(bug):
    """A patch finds its lines once, in its function, and compiles."""
    source = planted(bug)
    compile(source, str(bug.path), "exec")
    assert source != bug.path.read_text()
    assert bug.thought[-1] in ".?" and bug.name == bug.name.lower()


def test_a_patch_that_does_not_fit():
    """A changed source is noticed before anything is planted."""
    bug = Bug("x", "optim.SGD.update", {"no such line": ""}, "", "")
    with pytest.raises(ValueError, match="'no such line' once in optim"):
        planted(bug)


@needs_fork
def test_one_bug_as_on_a_slide():
    """It prints the patch, the test, the input and both results."""
    result = museum("relu-slope-1-at-0")
    assert result.returncode == 0, result.stderr
    assert re.search(r"^- .*input <= 0.*\n\+ .*input < 0.*\n",
                     result.stdout, re.MULTILINE)
    assert "test_activations.py::test_relu" in result.stdout
    assert "slope at x = 0: with the bug 1, torch 0" in result.stdout


def test_list():
    """Without arguments it lists the bugs."""
    lines = museum().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(BUGS)


def test_unknown_name():
    """An unknown name is rejected, and the message has the name."""
    result = museum("adam")
    assert result.returncode == 2 and "no bug 'adam'" in result.stderr


def test_the_page_has_every_bug():
    """Each bug is on the page, and random examples alone catch it.

    README and docs/proof.md count them.
    """
    assert PAGE.read_text().startswith(HEADER)
    lines = PAGE.read_text().split("|---:|\n")[1].splitlines()
    for bug, line in zip(BUGS.values(), lines, strict=True):
        assert line.startswith(row(bug)) and line.endswith(" |"), line
        examples = line[len(row(bug)):-1].strip()
        assert examples == "no draw" or int(examples) <= 100
    assert f"{len(BUGS)} bugs are planted" in words(ROOT / "README.md")
    assert f"{len(BUGS)} small bugs of the kind" in words(
        ROOT / "docs/proof.md")
    assert sum(bug.seen != "" for bug in BUGS.values()) == 79
    assert "79 of them seen in public" in words(ROOT / "docs/proof.md")
