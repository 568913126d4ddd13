"""Several processes train one net, as one process would."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import torch

from tests.compare.closeness import same
from tests.compare.terminal import started
from tests.front_door.two_processes import BATCH, EPOCHS, ROWS, trajectory
from torch_ref.cnn import RECIPES


def torchrun(*argv, environment=None):
    """Run two processes; the exit status and output of torchrun."""
    with started(
            "-m", "torch.distributed.run", "--standalone",
            "--nproc-per-node", "2", *argv,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, environment={
                "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "default",
                **(environment or {})}) as process:
        stdout, stderr = process.communicate(timeout=120)
    return subprocess.CompletedProcess(
        argv, process.returncode, stdout, stderr)


@pytest.fixture(scope="module")
def trajectories(tmp_path_factory):
    """Losses and parameters of both processes at each step, per recipe."""
    folder = tmp_path_factory.mktemp("processes")
    result = torchrun("-m", "tests.front_door.two_processes", str(folder))
    assert result.returncode == 0, result.stderr
    return {recipe: [torch.load(folder / f"{recipe}.{rank}")
                     for rank in (0, 1)] for recipe in RECIPES}


@pytest.mark.parametrize("recipe", RECIPES)
def test_two_processes_are_one(recipe, trajectories):
    """At every step, two processes have the loss and parameters of one.

    This includes batches of 7 rows, 4 and 3, and of one row, 1 and 0;
    the loss is the mean over all rows. All is in float64. Two
    processes sum the n = 7 rows of a batch in another order, so a
    gradient differs by n eps of the largest term, about 1. Adam divides
    it by at least 1e-8. After t steps a parameter differs by at most
    t lr n eps / 1e-8: each step adds about 1e-7 lr.
    """
    first, second = trajectories[recipe]
    alone = trajectory(recipe)
    assert len(alone) == len(first) == EPOCHS * -(-ROWS // BATCH)
    lr, eps = RECIPES[recipe].lr, torch.finfo(torch.float64).eps
    for t, ((loss, one), (a, two), (b, other)) in enumerate(
            zip(alone, first, second, strict=True), start=1):
        same(two, other)
        bound = t * lr * BATCH * eps / 1e-8
        assert (one - two).abs().max() <= bound
        # The magnitudes of a gradient's entries sum to less than 1000.
        assert a == b and abs(loss - a) <= 1000 * bound


def test_two_processes_resume_one_checkpoint():
    """The first process writes the report, checkpoint and figure.

    Only the first needs the checkpoint to resume: it tells the other.
    """
    Path("apart.py").write_text(
        "import os, sys\n"
        "os.chdir(os.environ['RANK'])\n"
        "from scratch.__main__ import main\n"
        "sys.exit(main(['cnn', *sys.argv[1:]]))\n")
    for rank in "01":
        Path(rank).mkdir()
    argv = ("apart.py", "--json", "--save", "a.pt", "--resume")
    first, second = [torchrun(*argv) for _ in range(2)]
    assert first.returncode == second.returncode == 0, second.stderr
    assert first.stderr == second.stderr == ""
    before, after = map(json.loads, (first.stdout, second.stdout))
    assert before["processes"] == 2 and before["accuracy"] > 0.95
    assert (before["images"], after["images"]) == (1438, 0)
    assert before["confusion"] == after["confusion"]
    assert sorted(os.listdir("0")) == ["a.pt", "cnn.png"]
    assert os.listdir("1") == []


@pytest.mark.parametrize("option, value, words", [
    ("--lr", "0", "--lr: must be a number above 0"),
    ("--figure", "a.doc", "--figure must end in one of")])
def test_bad_usage_is_reported_once(option, value, words):
    """Both processes find bad usage, and one of them reports it."""
    result = torchrun("-m", "scratch", "cnn", option, value)
    assert result.returncode != 0
    assert result.stderr.count(words) == 1
    assert os.listdir() == []


@pytest.mark.parametrize("rank", ["0", "1"])
def test_a_failing_process_ends_all(rank):
    """One message, no traceback of the other, nothing written."""
    Path("fail.py").write_text(
        "import os, sys\n"
        f"if os.environ['RANK'] == '{rank}':\n"
        "    sys.modules['sklearn.datasets'] = None\n"
        "from scratch.__main__ import main\n"
        "sys.exit(main(['cnn', '--no-figure', '--save', 'a.pt']))\n")
    result = torchrun("fail.py")
    assert result.returncode != 0 and result.stdout == ""
    assert result.stderr.count("sklearn.datasets is missing") == 1
    # torchrun's own report is the only traceback.
    assert result.stderr.count("Traceback (most") == 1
    assert os.listdir() == ["fail.py"]
