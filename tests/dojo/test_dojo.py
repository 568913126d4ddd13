"""The dojo: what is shown, what is checked, what is remembered."""

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from scratch.front_door.source import ROOT
from tests.dojo import __main__ as command
from tests.dojo import rounds, worker
from tests.museum import BUGS


@pytest.fixture
def dojo(tmp_path, monkeypatch, capsys):
    """Run a command in an empty folder: status, output, error."""
    monkeypatch.chdir(tmp_path)

    def run(*argv):
        monkeypatch.setattr(sys, "argv", ["dojo", *argv])
        try:
            status: Any = command.main()
        except SystemExit as end:
            status = end.code
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def quick(monkeypatch):
    """A worker that finds nothing, at once."""
    monkeypatch.setattr(worker, "ask", lambda request: {
        "test": "test_x.py::test", "lesson": "", "run": "", "curves": {}})


def test_a_round(dojo):
    """From the symptom to the solution; the folder has spaces and 中文."""
    folder = "my 道场"
    # A topic whose proof is quick.
    status, out, err = dojo("start", "--topic", "activations", "--seed",
                            "7", "--folder", folder)
    assert (status, err) == (0, "")
    bug, = rounds.pick("activations", None, 7)
    assert bug.proof in out and "loss with the bug" in out
    assert "The lesson classification_net" in out and bug.name not in out
    assert sorted(os.listdir(folder)) == [
        "activations.py", "progress.json", "symptom.png", "symptom.txt"]
    copy = f"{folder}/activations.py"
    with open(copy, encoding="utf-8") as file:
        assert file.read() == bug.source()
    with open(f"{folder}/progress.json", encoding="utf-8") as file:
        assert bug.name not in file.read()
    status, out, err = dojo("check", "--folder", folder)
    assert (status, err) == (1, "") and "activations.py is as it was" in out
    with open(copy, "a", encoding="utf-8") as file:
        file.write("# read, but not mended\n")
    status, out, err = dojo("check", "--folder", folder)
    assert (status, err) == (1, "") and out.startswith("Not yet. tests/")
    source = ROOT / "scratch/activations.py"
    shutil.copy(source, copy)
    status, out, err = dojo("check", "--folder", folder)
    assert (status, err) == (0, "")
    assert "without a hint, at check 3" in out and bug.thought in out
    with open(copy, "a", encoding="utf-8") as file:
        file.write("x = (\n")
    status, out, err = dojo("check", "--folder", folder)
    line = len(source.read_text(encoding="utf-8").splitlines()) + 1
    assert status == 1 and f"activations.py, line {line}: '(' was never" in out


def test_hints_and_solution(dojo, quick):
    """Test, formula, line; then the patch. Nothing is overwritten."""
    assert dojo("--topic", "optim", "--seed", "3")[0] == 0
    bug, = rounds.pick("optim", None, 3)
    assert bug.where == "optim.Adam.update"
    for count in range(1, 5):
        status, out, _ = dojo("hint")
        assert status == 0
        assert sum(line[:2] in ("1.", "2.", "3.") for line
                   in out.split("\n")) == min(count, 3)
        assert ("no more hints" in out) == (count == 4)
    assert "Parameters, state and gradients equal torch's" in out
    assert "sqrt(v / (1 - b2^t)) + eps)" in out
    number, code = out.split("   line ")[1].split("\n")[0].split(": ", 1)
    line = bug.source().splitlines()[int(number) - 1]
    new = next(iter(bug.patch.values()))
    assert code == line.strip() and (new in line or code in new)
    status, out, _ = dojo("solve")
    assert status == 0 and bug.name in out and f"+ {line.strip()}" in out
    status, out, err = dojo("--topic", "optim", "--seed", "3")
    assert (status, out) == (2, "") and "exists; choose another" in err


def test_an_exam(dojo, quick):
    """Different bugs, the same for a seed; the key is for the lecturer."""
    status, out, _ = dojo("exam", "--count", "20", "--folder", "exam")
    assert status == 0
    assert sorted(os.listdir("exam")) == [
        *(f"{number:02}" for number in range(1, 21)), "key.md"]
    with open("exam/key.md", encoding="utf-8") as file:
        key = file.read()
    bugs = rounds.pick(None, None, 0, 20)
    assert len({bug.name for bug in bugs}) == 20
    assert all(bug.name in key and bug.thought in key for bug in bugs)
    for number, bug in enumerate(bugs, start=1):
        assert rounds.resume(Path(f"exam/{number:02}"))[1] == bug
    assert "such as 'exam/01'" in dojo("check", "--folder", "exam")[2]
    status, out, err = dojo("exam", "--folder", "exam")
    assert (status, out) == (2, "") and "'exam' must be empty" in err


@pytest.mark.parametrize("argv, says", [
    (["--topic", "optin"], "did you mean 'optim'?"),
    (["--seed", "-1"], "must be an integer of at least 0, got '-1'"),
    (["--level", "4"], "invalid choice: 4"),
    (["check"], "no round in 'dojo'"), (["hint"], "no round in 'dojo'"),
    (["solve", "--folder", "x"], "no round in 'x'"),
    (["begin"], "invalid choice: 'begin'"),
    (["exam", "--count", "0"], "must be an integer of at least 1"),
    (["exam", "--topic", "optim", "--count", "999"],
     "--count must be at most")])
def test_bad_usage(argv, says, dojo):
    """One line, status 2, nothing written."""
    status, out, err = dojo(*argv)
    assert (status, out, err.count("\n")) == (2, "", 1) and says in err
    assert os.listdir() == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"seed": 0}', json.dumps(
    {"seed": 0, "bug": "x", "planted": "x"})])
def test_a_damaged_progress(text, dojo):
    """It is named; the folder stays as it is."""
    os.mkdir("dojo")
    with open("dojo/progress.json", "w", encoding="utf-8") as file:
        file.write(text)
    status, out, err = dojo("check")
    assert (status, out) == (2, "") and "is damaged or foreign" in err
    assert os.listdir("dojo") == ["progress.json"]


def test_every_bug_has_its_hints():
    """A formula or what is computed, and a line of the planted file."""
    for bug in rounds.choices(None, None):
        assert rounds.formula(bug).strip(), bug.name
        source = bug.source().splitlines()
        found = re.findall(r"^line (\d+): (.+)$", rounds.lines(bug),
                           re.MULTILINE)
        assert found, bug.name
        assert all(source[int(number) - 1].strip() == line
                   for number, line in found)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x = 1\0", b"def f(:\n"])
def test_a_copy_that_is_no_python(data, dojo, quick):
    """It is said; nothing runs."""
    assert dojo("--topic", "optim", "--seed", "3")[0] == 0
    with open("dojo/optim.py", "wb") as file:
        file.write(data)
    status, out, err = dojo("check")
    assert (status, err) == (1, "") and "Not yet. optim.py" in out


def test_no_answer(dojo, monkeypatch):
    """What hangs is stopped, and nothing is written."""
    monkeypatch.setattr(worker, "PATIENCE", 0.1)
    status, out, err = dojo("--topic", "optim")
    assert (status, out) == (2, "") and "no answer in 0.1 s" in err
    assert os.listdir() == []


def test_levels():
    """Every level has bugs; together they are all of them."""
    found = [rounds.choices(None, level) for level in rounds.LEVELS]
    assert all(found) and sum(map(len, found)) == len(
        rounds.choices(None, None)) > len(BUGS) - 10
