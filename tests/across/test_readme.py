"""The README: what it shows is the source, and its lines run."""

import re

import pytest

from scratch.front_door.source import ROOT
from tests.across.rules import WINGS

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_readme_shows_the_source():
    """The two sides in the README are the functions themselves."""
    for wing, block in zip(WINGS, BLOCKS):
        source = (ROOT / wing / "linear_regression.py").read_text()
        assert block in source


@pytest.mark.parametrize("swap", [False, True])
def test_readme_example_runs_on_either_side(swap, capsys):
    """Also with the commented import lines in place of the others."""
    example = BLOCKS[2]
    if swap:
        example = re.sub(r"^from .*\n", "", example, flags=re.MULTILINE)
        example = example.replace("# from", "from")
    exec(example, {})
    assert capsys.readouterr().out.count("\n") > 100


def test_readme_has_a_line_for_the_lectures():
    """One line installs, and builds both languages; CI runs it."""
    line, = re.findall(r"^\.venv/bin/pip install .*sphinx-build.*",
                       README, re.MULTILINE)
    assert line.count(" && ") == 2 and line.count("sphinx-build -qW") == 2
    assert "'^\\.venv/bin/pip install" in (ROOT / ".ci/run").read_text()


def test_readme_has_two_lines_for_ci():
    """What .ci/run looks for is there, and is what it says."""
    lines = re.findall(r"^python3 -m venv .*", README, re.MULTILINE)
    assert len(lines) == 2
    assert lines[0].endswith(".venv/bin/python -m scratch")
    assert lines[1].endswith(".venv/bin/python -m pytest")
    assert "grep '^python3 -m venv '" in (ROOT / ".ci/run").read_text()
