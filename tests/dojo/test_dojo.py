"""The dojo: what is shown, what is checked, what is remembered."""

import json
import os
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
        "test": "test_x.py::test", "notes": ["drawn"], "message": "wrong",
        "curves": {}})


def test_a_round(dojo):
    """From the symptom to the solution; the folder has spaces and 中文."""
    folder = "my 道场"
    status, out, err = dojo("start", "--topic", "optim", "--seed", "3",
                            "--folder", folder)
    assert (status, err) == (0, "")
    bug, = rounds.pick("optim", None, 3)
    assert bug.proof in out and "with the bug" in out
    assert bug.name not in out
    assert sorted(os.listdir(folder)) == [
        "optim.py", "progress.json", "symptom.png", "symptom.txt"]
    copy = f"{folder}/optim.py"
    with open(copy, encoding="utf-8") as file:
        assert file.read() == bug.source()
    with open(f"{folder}/progress.json", encoding="utf-8") as file:
        assert bug.name not in file.read()
    status, out, err = dojo("check", "--folder", folder)
    assert (status, err) == (1, "") and out.startswith("Not yet. tests/")
    shutil.copy(ROOT / "scratch/optim.py", copy)
    status, out, err = dojo("check", "--folder", folder)
    assert (status, err) == (0, "")
    assert "without a hint, at check 2" in out and bug.thought in out
    with open(copy, "a", encoding="utf-8") as file:
        file.write("x = (\n")
    status, out, err = dojo("check", "--folder", folder)
    assert status == 1 and "optim.py, line 201: '(' was never" in out


def test_hints_and_solution(dojo, quick):
    """Test, formula, line; then the patch. Nothing is overwritten."""
    assert dojo("--topic", "optim", "--seed", "3")[0] == 0
    bug, = rounds.pick("optim", None, 3)
    parts = []
    for count in range(1, 5):
        status, out, _ = dojo("hint")
        parts = out.split("\n")
        assert status == 0
        assert sum(line[:2] in ("1.", "2.", "3.")
                   for line in parts) == min(count, 3)
    number = int(out.split("3. line ")[1].split()[0])
    line = bug.source().splitlines()[number - 1]
    new = next(iter(bug.patch.values()))
    assert new in line or line.strip() in new
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


def test_levels():
    """Every level has bugs; together they are all of them."""
    found = [rounds.choices(None, level) for level in rounds.LEVELS]
    assert all(found) and sum(map(len, found)) == len(
        rounds.choices(None, None)) > len(BUGS) - 10
