"""`--read`: both sides of a name in the terminal."""

import re
import subprocess
import sys

import pytest

from scratch.front_door.source import (ROOT, WIDE, both_sides, excerpt,
                                       in_terminal, public_names)
from tests.compare.terminal import heavy_imports
from tests.compare.forked import on_a_terminal

TOPICS = sorted(path.stem for path in ROOT.glob("torch_ref/[a-z]*.py"))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_public_name(topic):
    """Each public name is shown on both sides, exactly as in its file."""
    for name in public_names(f"scratch/{topic}.py"):
        for side in both_sides(f"{topic}.{name}"):
            lines = (ROOT / side.path).read_text().splitlines()
            text = side.text.split("\n")
            start = side.line - 1
            assert lines[start:start + len(text)] == text
            assert re.search(rf"\b{name}\b", text[0] + text[-1] + text[1]
                             if text[0].startswith("@") else text[0])


def test_a_decorator_belongs_to_its_class():
    """The excerpt starts at the @."""
    assert excerpt("torch_ref/cnn.py", "Recipe").text.startswith(
        "@dataclass(frozen=True)\nclass Recipe")


def test_next_to_each_other_and_stacked():
    """From 150 columns on, the two sides are side by side, by hand left."""
    wide = in_terminal("optim.Adam", WIDE, False).split("\n")
    assert WIDE == 150 and max(map(len, wide)) <= WIDE
    assert re.fullmatch(r"scratch/optim.py:\d+ +\|  "
                        r"torch_ref/optim.py:\d+", wide[0])
    assert {line[72:77].rstrip() for line in wide} == {"  |"}
    narrow = in_terminal("optim.Adam", WIDE - 1, False)
    hand, torch = both_sides("optim.Adam")
    assert narrow.split("\n\n" + torch.place)[0].endswith(hand.text)
    assert narrow.endswith(torch.text)
    # either may be longer
    for name in "optim.Adam", "tensors.numerical_gradient", "losses":
        hand, torch = both_sides(name)
        lines = in_terminal(name, WIDE, False).split("\n")
        longer = max(len(side.text.split("\n")) for side in (hand, torch))
        assert len(lines) == longer + 2


def read(*argv, **environment):
    return subprocess.run(
        [sys.executable, "-m", "scratch", "--read", *argv], cwd=ROOT,
        capture_output=True, text=True)


def test_colour_on_a_terminal_only():
    """A pipe gets exactly the plain text."""
    plain = read("losses.mse_loss").stdout
    assert "\x1b" not in plain and "def mse_loss" in plain
    text = in_terminal("losses.mse_loss", WIDE, True)
    assert "\x1b[" in text
    bare = re.sub(r"\x1b\[[\d;]*m", "", text)
    assert bare == in_terminal("losses.mse_loss", WIDE, False)


@pytest.mark.parametrize("name, words", [
    ("optim.Adm", "scratch/optim.py has no 'Adm'; did you mean 'Adam'?"),
    ("optm", "no topic 'optm'; did you mean 'optim'?"),
    ("optim.Adam.update", "torch_ref/optim.py has no 'Adam.update'"),
    ("", "no topic ''")])
def test_unknown_names(name, words):
    """An unknown name: one line on stderr, exit status 2."""
    result = read(name)
    assert result.returncode == 2 and result.stdout == ""
    assert words in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize("name, message", [
    ("Adam.update.first", "scratch/optim.py has no 'Adam.update.first'"),
    ("Adam.updat", "scratch/optim.py has no 'Adam.updat'; did you mean "
     "'update'?"),
    ("Adan", "scratch/optim.py has no 'Adan'; did you mean 'Adam'?")])
def test_hints(name, message):
    """The nearest public name of the same place, if it has any."""
    with pytest.raises(LookupError) as caught:
        excerpt("scratch/optim.py", name)
    assert caught.value.args[0] == message


def test_without_torch():
    """The source is read as text, without heavy imports."""
    printed, imported = heavy_imports("scratch", ["--read", "optim.Adam"])
    assert "class Adam(Optimizer)" in printed and imported == "[]"


def test_a_name_alone():
    """A name that several topics have needs its topic."""
    assert both_sides("Adam") == both_sides("optim.Adam")
    with pytest.raises(LookupError, match="no topic 'train'"):
        both_sides("train")


def test_on_a_terminal():
    """No colour if stdout is a pipe, even if stderr is a terminal."""
    out, shown = on_a_terminal("--read", "losses.mse_loss")
    assert "\x1b" not in out and shown == ""
