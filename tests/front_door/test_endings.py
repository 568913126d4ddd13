"""How the front door ends: a closed pipe, a full disk, a crash, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from scratch.front_door.command_line import CRASHED, PIPE_CLOSED, USAGE
from scratch.front_door.endings import guarded
from tests.compare.terminal import started
from tests.compare import forked
from tests.front_door.command import status
from tests.front_door.outputs import (closed, ended, full, full_disk,
                                      unbuffered)

pytestmark = pytest.mark.usefixtures("one_thread")
FEW = ("--batch-size", "360")


@pytest.mark.skipif(os.name == "nt", reason="pipes are POSIX's")
@pytest.mark.parametrize("argv", [
    ["--list"], ["--read", "losses"], ["--help"], ["--version"],
    ["cnn", "--help"]])
def test_a_closed_pipe_is_quiet(argv):
    """If nobody reads the output, there is no message, as with `cat`."""
    with closed() as stream, started(
            "-m", "scratch", *argv, stdout=stream,
            stderr=subprocess.PIPE) as process:
        _, err = process.communicate()
    assert (process.returncode, err) == (PIPE_CLOSED, "")


@pytest.mark.skipif(os.name == "nt", reason="pipes are POSIX's")
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_closed_pipe_after_a_training(option):
    """The table has no reader: there is no message either."""
    with closed() as stream:
        assert forked.ended(
            "linear_regression", "--no-figure", *option,
            streams={1: stream.fileno()}) == (PIPE_CLOSED, "", "")


@full_disk
@pytest.mark.parametrize("stdout", [full, unbuffered])
@pytest.mark.parametrize("argv", [
    ["--list"], ["--read", "losses"], ["--help"], ["--version"],
    ["regression_net", "--epochs", "1", "--no-figure"],
    ["regression_net", "--epochs", "1", "--no-figure", "--json"],
    ["cnn", "--help"], ["cnn", "--no-figure", *FEW]])
def test_a_full_disk_is_one_line(stdout, argv, monkeypatch, capsys):
    """A full disk: exit status 2, and one line that says what failed."""
    prog = "python -m scratch" + " cnn" * (argv[0] == "cnn")
    assert ended(stdout, monkeypatch, capsys, *argv) == (
        USAGE, f"{prog}: cannot write standard output: No space left on "
        "device\n")


@full_disk
def test_a_full_disk_at_the_exit():
    """In a process of its own, nothing is left for the exit to complain."""
    with open("/dev/full", "w") as stream, started(
            "-m", "scratch", "--help", stdout=stream,
            stderr=subprocess.PIPE) as process:
        _, err = process.communicate()
    assert (process.returncode, err.count("\n")) == (USAGE, 1)


@pytest.mark.parametrize("error, code, words", [
    (PermissionError(13, "Permission denied", "a/b"), 3,
     "prog: cannot read 'a/b': Permission denied"),
    (OSError(5, "Input/output error"), 3,
     "prog: cannot read: Input/output error"),
    (BrokenPipeError(32, "Broken pipe"), 141, ""),
    (KeyboardInterrupt(), 130, "prog: interrupted"),
    (ModuleNotFoundError("no", name="q"), 3, "prog: the package q is .*")])
def test_every_failure_has_its_status(error, code, words, capsys):
    """No failure is a success; reading and writing are told apart."""
    def fail(argv):
        raise error

    assert guarded("prog", fail, []) == code
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == bool(words)
    if words.endswith("*"):
        assert err.startswith(words[:-2])
    else:
        assert err.rstrip("\n") == words


@pytest.mark.parametrize("name", ["linear_regression", "cnn"])
def test_a_crash_is_no_disagreement(name, monkeypatch, capsys):
    """A crash has an exit status of its own, and shows its traceback."""
    def crash(args):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("scratch.front_door.run.run", crash)
    monkeypatch.setattr("scratch.front_door.cnn.run.run", crash)
    assert status(name) == CRASHED == 70
    out, err = capsys.readouterr()
    assert out == "" and err.endswith("RuntimeError: a fault of ours\n")
    assert "Traceback" in err
    if os.path.exists("/dev/full"):
        # Even if the traceback can't be printed.
        with full() as stream:
            monkeypatch.setattr(sys, "stderr", stream)
            assert status(name) == CRASHED


@pytest.mark.parametrize("argv", [["--help"], ["cnn", "--help"]])
def test_help_lists_the_exit_status(argv, capsys):
    """--help lists every exit status that the front door can return."""
    assert status(*argv) == 0
    text = " ".join(capsys.readouterr().out.split("Exit status:")[1].split())
    for code in 0, 2, 3, 70, 130, 141, 143:
        assert f"{code} " in text
    assert ("1 some disagree" in text) == (argv == ["--help"])


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("number, code, told", [
    (signal.SIGINT, 130, "python -m scratch: interrupted\n"),
    (signal.SIGTERM, 143, "")])
def test_ctrl_c(number, code, told):
    """Ctrl-C, kill: a status of its own, and no half-written file."""
    ours, theirs = os.pipe()
    with (open(ours) as out, tempfile.TemporaryFile("w+") as err,
          forked.forked("linear_regression", "breast_cancer", "--epochs",
                        "100000", "--json", "--animate", "a.gif",
                        streams={1: theirs, 2: err.fileno()}) as process):
        os.close(theirs)
        # The first lesson is done, the second will take an hour.
        assert json.loads(out.readline())["agree"]
        os.kill(process.pid, number)
        process.join(60)
        err.seek(0)
        assert (process.exitcode, err.read()) == (code, told)
    assert os.listdir() == []


@pytest.mark.parametrize("torchrun", [False, True])
def test_sigterm_is_the_callers_again(torchrun, monkeypatch):
    """`guarded` has a handler of its own, but not under torchrun.

    In a thread, where Python allows none, it works without.
    """
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    if torchrun:
        monkeypatch.setenv("WORLD_SIZE", "1")
    before, inside = signal.getsignal(signal.SIGTERM), []

    def body(argv):
        """Note the handler."""
        inside.append(signal.getsignal(signal.SIGTERM))
        return 0

    assert guarded("prog", body, []) == 0
    assert (inside == [before]) == torchrun
    assert signal.getsignal(signal.SIGTERM) == before
    with ThreadPoolExecutor() as pool:
        assert pool.submit(guarded, "prog", body, []).result() == 0
    assert inside[1] == before
