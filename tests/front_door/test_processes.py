"""Several processes train one net, as one process would."""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import torch
import torch.distributed as dist

from scratch.front_door.cnn.processes import together
from scratch.front_door.command_line import CRASHED, USAGE
from tests.compare.closeness import same
from tests.compare.terminal import started
from tests.compare.forked import forked
from tests.front_door.two_processes import BATCH, EPOCHS, ROWS, trajectory
from torch_ref.cnn import RECIPES

pytestmark = pytest.mark.skipif(os.name == "nt", reason="forks are POSIX's")


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


def as_torchrun(*argv, module="scratch", folder=lambda rank: ""):
    """The same, in two forks: their exit statuses, output and errors.

    As torchrun does, end the other process if one fails.
    folder(rank): where the process works, instead of here.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (tempfile.TemporaryFile("w+") as out,
          tempfile.TemporaryFile("w+") as err,
          contextlib.ExitStack() as ends):
        processes = [ends.enter_context(forked(
            *argv, streams={1: out.fileno(), 2: err.fileno()},
            environment={
                "RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": "2",
                "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": str(port)},
            module=module, folder=folder(rank)))
            for rank in "01"]
        while (any(one.exitcode is None for one in processes)
               and not any(one.exitcode for one in processes)):
            time.sleep(0.05)
        for one in processes:
            one.terminate()
            one.join(20)
        out.seek(0)
        err.seek(0)
        return [one.exitcode for one in processes], out.read(), err.read()


@pytest.fixture(scope="module")
def trajectories(tmp_path_factory):
    """Losses and parameters of both processes at each step, per recipe."""
    folder = tmp_path_factory.mktemp("processes")
    codes, _, err = as_torchrun(
        str(folder), module="tests.front_door.two_processes")
    assert codes == [0, 0], err
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
        "sys.exit(main(sys.argv[1:]))\n")
    for rank in "01":
        Path(rank).mkdir()
    argv = ("cnn", "--json", "--save", "a.pt", "--resume")
    result = torchrun("apart.py", *argv)
    assert (result.returncode, result.stderr) == (0, "")
    codes, out, err = as_torchrun(*argv, folder=os.path.abspath)
    assert (codes, err) == ([0, 0], "")
    before, after = map(json.loads, (result.stdout, out))
    assert before["processes"] == 2 and before["accuracy"] > 0.95
    assert (before["images"], after["images"]) == (1438, 0)
    assert before["confusion"] == after["confusion"]
    assert sorted(os.listdir("0")) == ["a.pt", "cnn.png"]
    assert os.listdir("1") == []


def test_bad_usage_is_reported_once():
    """Both processes find bad usage, and one of them reports it."""
    result = torchrun("-m", "scratch", "cnn", "--lr", "0")
    assert result.returncode != 0
    assert result.stderr.count("--lr: must be a number above 0") == 1


def test_what_the_first_finds_is_reported_once():
    """It knows what the figure may be; the other waits for it."""
    codes, _, err = as_torchrun("cnn", "--figure", "a.doc")
    assert codes[0] == USAGE
    assert err.count("--figure must end in one of") == 1
    assert "Traceback" not in err and os.listdir() == []


def test_the_other_ends_while_this_one_joins(monkeypatch, capsys):
    """It may have found bad usage already: one message, no traceback."""
    def reset(backend):
        raise dist.DistNetworkError("Connection reset by peer")

    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setattr(dist, "init_process_group", reset)
    with pytest.raises(SystemExit) as ended, together("cpu"):
        pass
    assert ended.value.code == CRASHED
    assert "another process has ended" in capsys.readouterr().err


@pytest.mark.parametrize("rank", ["0", "1"])
def test_a_failing_process_ends_all(rank):
    """One message, no traceback of the other, nothing written."""
    argv = ("cnn", "--no-figure", "--save", "a.pt")
    Path("fail.py").write_text(
        "import os, sys\n"
        f"if os.environ['RANK'] == '{rank}':\n"
        "    sys.modules['sklearn.datasets'] = None\n"
        "from scratch.__main__ import main\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(main(sys.argv[1:]))\n")
    # In one case by torchrun itself.
    if rank == "1":
        result = torchrun("fail.py", *argv)
        code, out, err = result.returncode, result.stdout, result.stderr
        # torchrun's own report is the only traceback.
        assert err.count("Traceback (most") == 1
    else:
        codes, out, err = as_torchrun(*argv, module="fail")
        code = codes[0]
        assert "Traceback" not in err
    assert code != 0 and out == ""
    assert err.count("sklearn.datasets is missing") == 1
    assert os.listdir() == ["fail.py"]
