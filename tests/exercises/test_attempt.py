"""Each attempt begins as it should, and a check says what is wrong."""

import io
import subprocess
import sys

import pytest

from scratch.front_door.source import ROOT
from tests.exercises import EXERCISES
from tests.exercises.attempt import MISSING, Attempt, main, main_name, start

CLIP = EXERCISES["optim-clip-grad-norm"]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_an_attempt_begins_with_what_is_there(exercise):
    """It runs by itself. Merged, it changes nothing or adds a stub."""
    text = start(exercise)
    names: dict = {"__name__": "__main__"}
    exec(compile(text, exercise.name, "exec"), names)
    assert main_name(text) in names
    source = Attempt(exercise.name, exercise.where, text).source()
    old = exercise.path.read_text(encoding="utf-8")
    assert source != exercise.source()
    assert source == old or MISSING in text


def checked(name, text):
    """Exit status and output of the check of an attempt."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.exercises.attempt", name], cwd=ROOT,
        input=text, capture_output=True, text=True, encoding="utf-8")
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_check_tells_what_is_wrong():
    """A solution passes; a wrong line gets its counterexample."""
    solution = CLIP.solution.read_text(encoding="utf-8")
    assert checked(CLIP.name, solution) == (0, "\n")
    status, output = checked(CLIP.name, solution.replace(
        "clamp(max=1)", "clamp(max=2)"))
    assert status == 1 and output.startswith("AssertionError: by hand [")
    assert "by torch [" in output and "max_norm=" in output


@pytest.mark.parametrize("text, message", [
    ("print(1)", "definitions only, got 'print(1)'"),
    ("x = (", "'(' was never closed")])
def test_an_attempt_that_is_none(text, message, monkeypatch, capsys):
    """A statement or a syntax error: the message says so."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert main([CLIP.name]) == 1
    assert message in capsys.readouterr().out
