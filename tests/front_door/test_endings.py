"""How the front door ends: a closed pipe, a full disk, a crash, Ctrl-C."""

import json
import os
import signal
import subprocess

import pytest

from scratch.front_door.command_line import CRASHED, PIPE_CLOSED, USAGE
from tests.compare.terminal import started
from tests.front_door.command import status


@pytest.mark.skipif(os.name == "nt", reason="pipes are POSIX's")
@pytest.mark.parametrize("argv", [
    ["--list"], ["--read", "losses"], ["--help"],
    ["linear_regression", "--no-figure"],
    ["linear_regression", "--no-figure", "--json"],
    ["cnn", "--help"]])
def test_a_closed_pipe_is_quiet(argv):
    """If nobody reads the output, there is no message, as with `cat`."""
    ours, theirs = os.pipe()
    os.close(ours)
    with started("-m", "scratch", *argv, stdout=theirs,
                 stderr=subprocess.PIPE) as process:
        _, err = process.communicate()
    os.close(theirs)
    assert err == ""
    # argparse prints --help and exits by itself.
    assert process.returncode == PIPE_CLOSED or "--help" in argv


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux only")
def test_a_full_disk_is_one_line():
    """A full disk: exit status 2, and one line that says what failed."""
    with open("/dev/full", "w") as full, started(
            "-m", "scratch", "--list", stdout=full,
            stderr=subprocess.PIPE) as process:
        _, err = process.communicate()
    assert process.returncode == USAGE
    assert err.startswith("python -m scratch: cannot write standard output: ")
    assert err.count("\n") == 1


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


@pytest.mark.parametrize("argv", [["--help"], ["cnn", "--help"]])
def test_help_lists_the_exit_status(argv, capsys):
    """--help lists every exit status that the front door can return."""
    assert status(*argv) == 0
    text = " ".join(capsys.readouterr().out.split("Exit status:")[1].split())
    for code in 0, 2, 3, 70, 130, 141:
        assert f"{code} " in text
    assert ("1 some disagree" in text) == (argv == ["--help"])


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_ctrl_c():
    """Ctrl-C: exit status 130, one line, and no half-written file."""
    with started("-m", "scratch", "linear_regression", "breast_cancer",
                 "--epochs", "100000", "--json", "--animate", "a.gif",
                 stdout=subprocess.PIPE,
                 stderr=subprocess.PIPE) as process:
        # The first lesson is done, the second will take an hour.
        assert json.loads(process.stdout.readline())["agree"]
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "python -m scratch: interrupted\n"
    assert os.listdir() == []
