"""Several processes, one net: equal to one process; errors end all."""

import json
import os
import subprocess
import sys

import pytest
import torch

from scratch.front_door.source import ROOT
from tests.compare.closeness import same
from tests.front_door.two_processes import BATCH, EPOCHS, ROWS, trajectory
from torch_ref.cnn import RECIPES


def torchrun(*argv, cwd=ROOT, environment=None):
    """Two processes on this machine."""
    return subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone",
         "--nproc-per-node", "2", *argv], cwd=cwd, text=True,
        capture_output=True, timeout=120, env={
            **os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1",
            "PYTHONWARNINGS": "default", **(environment or {})})


@pytest.fixture(scope="module")
def trajectories(tmp_path_factory):
    """What both processes had after each step, for both recipes."""
    folder = tmp_path_factory.mktemp("processes")
    result = torchrun("-m", "tests.front_door.two_processes", str(folder))
    assert result.returncode == 0, result.stderr
    return {recipe: [torch.load(folder / f"{recipe}.{rank}")
                     for rank in (0, 1)] for recipe in RECIPES}


@pytest.mark.parametrize("recipe", RECIPES)
def test_two_processes_are_one(recipe, trajectories):
    """One process with batch B, or two with B / 2: the same parameters
    after every step, in float64, the uneven last batch included.

    A gradient is a sum over the batch, n = 7 rows, in another order: it
    differs by n eps of the largest term, about 1. Adam divides it by
    its size, but not by less than 1e-8: after t steps a parameter may
    be off by t lr n eps / 1e-8, a ten-millionth of a step each time.
    """
    first, second = trajectories[recipe]
    alone = trajectory(recipe)
    assert len(alone) == len(first) == EPOCHS * -(-ROWS // BATCH)
    lr, eps = RECIPES[recipe].lr, torch.finfo(torch.float64).eps
    for t, (one, two, other) in enumerate(
            zip(alone, first, second, strict=True), start=1):
        same(two, other)
        assert (one - two).abs().max() <= t * lr * BATCH * eps / 1e-8


def test_two_processes_resume_one_checkpoint(tmp_path):
    """One report, one checkpoint, one figure, from the first process.

    The second need not have the file to go on: the first tells it.
    """
    (tmp_path / "apart.py").write_text(
        "import os, sys\n"
        "os.chdir(os.environ['RANK'])\n"
        "from scratch.front_door.cnn.command import main\n"
        "sys.exit(main(sys.argv[1:]))\n")
    for rank in "01":
        (tmp_path / rank).mkdir()
    argv = ("apart.py", "--json", "--save", "a.pt", "--resume")
    first, second = [torchrun(*argv, cwd=tmp_path) for _ in range(2)]
    assert first.returncode == second.returncode == 0, second.stderr
    assert first.stderr == second.stderr == ""
    before, after = map(json.loads, (first.stdout, second.stdout))
    assert before["processes"] == 2 and before["accuracy"] > 0.95
    assert (before["images"], after["images"]) == (1438, 0)
    assert before["confusion"] == after["confusion"]
    assert sorted(os.listdir(tmp_path / "0")) == ["a.pt", "cnn.png"]
    assert os.listdir(tmp_path / "1") == []


@pytest.mark.parametrize("option, value, words", [
    ("--lr", "0", "--lr: wanted a number above 0"),
    ("--figure", "a.doc", "--figure: wanted a path that ends in")])
def test_bad_usage_is_said_once(option, value, words, tmp_path):
    """Though both processes could find it, early or late."""
    result = torchrun("-m", "scratch", "cnn", option, value, cwd=tmp_path)
    assert result.returncode != 0
    assert result.stderr.count(words) == 1
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("rank", ["0", "1"])
def test_a_failing_process_ends_all(rank, tmp_path):
    """Its own message, no traceback of the other, nothing written."""
    (tmp_path / "fail.py").write_text(
        "import os, sys\n"
        f"if os.environ['RANK'] == '{rank}':\n"
        "    sys.modules['sklearn.datasets'] = None\n"
        "from scratch.front_door.cnn.command import main\n"
        "sys.exit(main(['--no-figure', '--save', 'a.pt']))\n")
    result = torchrun("fail.py", cwd=tmp_path)
    assert result.returncode != 0 and result.stdout == ""
    assert result.stderr.count("sklearn.datasets is missing") == 1
    # torchrun's own report is the only traceback.
    assert result.stderr.count("Traceback (most") == 1
    assert os.listdir(tmp_path) == ["fail.py"]
