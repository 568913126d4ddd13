"""Closed streams, odd encodings, colour."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scratch.__main__ import _colour
from scratch.front_door.options import Parser
from scratch.front_door.source import ROOT
from tests.front_door.apart import apart
from tests.front_door.command import run, status
from tests.compare.forked import ended
from tests.front_door.outputs import full, full_disk

pytestmark = pytest.mark.usefixtures("one_thread")
posix = pytest.mark.skipif(os.name == "nt", reason="shells are POSIX's")
LESSON = ("-m", "scratch", "regression_net", "--epochs", "2")
CNN = ("-m", "scratch", "cnn", "--batch-size", "360")


def in_shell(redirection, *argv, **environment):
    """python ARGV in a shell; exit status, output, errors."""
    result = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, *argv],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True)
    return (result.returncode, result.stdout.decode("ascii"),
            result.stderr.decode("ascii"))


@posix
@pytest.mark.parametrize("closed, argv", [
    ((2,), LESSON), ((2,), CNN), ((1,), LESSON), ((0, 1, 2), CNN)])
def test_closed_streams(closed, argv):
    """As if they led to /dev/null: the same report, figure and status."""
    code, out, err = ended(*argv[2:], "--figure", "a.png",
                           streams=dict.fromkeys(closed))
    assert (code, err) == (0, "") and os.listdir() == ["a.png"]
    if 1 not in closed:
        assert out.endswith("\nWrote a.png.\n")
        assert "All agree" in out or "test accuracy" in out


@posix
@pytest.mark.parametrize("argv, code", [
    (["--list"], 0), (["--read", "relu"], 0), (["--lr", "0"], 2),
    (["cnn", "--load", "none.pt"], 2)])
def test_closed_streams_of_short_runs(argv, code):
    """The exit status is the same; a file never gets their numbers.

    What a library prints to the number 2 would go into that file.
    """
    script = ("import os, sys\n"
              "from scratch.__main__ import main\n"
              "try:\n"
              "    code = main(sys.argv[1:])\n"
              "except SystemExit as stop:\n"
              "    code = stop.code\n"
              "assert os.open(os.devnull, os.O_RDONLY) > 2\n"
              "sys.exit(code)\n")
    for redirection in "2>&-", ">&-", ">&- 2>&-", ">&- 2>&- <&-":
        assert in_shell(redirection, "-c", script, *argv)[0] == code


@pytest.mark.usefixtures("without_filters")
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize("argv", [
    LESSON[2:], CNN[2:], ("--read", "losses"), ("--list",), ("--help",)])
def test_a_name_that_cannot_be_encoded(argv, encoding, monkeypatch, capsys):
    """It is drawn, and printed with escapes."""
    monkeypatch.setenv("SCRATCH_DATA", "图")
    draws = argv[0] in ("cnn", "regression_net")
    if draws:
        argv = (*argv, "--figure", "图.png")
    with io.TextIOWrapper(io.BytesIO(), encoding) as stream:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            assert status(*argv) == 0
        out = stream.buffer.getvalue().decode("ascii")
    assert capsys.readouterr().err == ""
    assert out.endswith("\nWrote \\u56fe.png.\n") == draws
    assert os.listdir() == ["图.png"] * draws
    assert ("\\u56fe" in out) == (draws or "--help" in argv)


@posix
def test_a_message_that_cannot_be_encoded():
    """In a message on standard error, too; and at the process's start."""
    code, out, err = in_shell("", *LESSON, "--figure", "没/图.png",
                              PYTHONIOENCODING="cp1252:strict")
    assert (code, out) == (2, "") and "'\\u6ca1/\\u56fe.png'" in err
    code, out, err = in_shell("", *LESSON, "--figure", "图.png",
                              PYTHONIOENCODING="ascii:strict")
    assert (code, err) == (0, "") and "Wrote \\u56fe.png." in out


@full_disk
def test_standard_error_on_a_full_disk(monkeypatch, capsys):
    """The message is lost, the exit status is not."""
    for argv, code in ((["--lr", "0"], 2), (["cnn", "--load", "no.pt"], 2),
                       (["softmax_regression", "--data", "mnist"], 3)):
        with monkeypatch.context() as patch, full() as stream:
            patch.setattr(sys, "stderr", stream)
            assert status(*argv) == code
    with (monkeypatch.context() as patch, full() as stream, apart(0.5)):
        patch.setattr(sys, "stderr", stream)
        assert status("regression_net", "--epochs", "2", "--quiet",
                      "--no-figure") == 1


@pytest.mark.parametrize("environment, colour", [
    ({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "0"}, False),
    ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False),
    ({"TERM": "dumb", "NO_COLOR": ""}, False)])
def test_colour(environment, colour, monkeypatch):
    """On a terminal only; no-color.org: an empty NO_COLOR is none."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for terminal in True, False:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal,
                            raising=False)
        assert _colour() == (terminal and colour)


@posix
def test_any_backend():
    """MPLBACKEND concerns windows: a file is drawn whatever it says."""
    code, _, err = in_shell("", *CNN, "--quiet", "--figure", "a.png",
                            MPLBACKEND="nonsense")
    assert (code, err) == (0, "") and Path("a.png").exists()


@pytest.mark.parametrize("argv", [
    ["--seed", str(2 ** 63 - 1), "linear_regression"],
    ["--epochs", str(2 ** 63 - 1), "linear_regression"],
    ["cnn", "--seed", str(2 ** 63 - 1), "--batch-size", "360"]])
def test_the_largest_numbers(argv, capsys):
    """What the options accept, the training accepts, too."""
    code, _, err = run(capsys, *argv, "--no-figure", "--quiet")
    assert (code, err) == (0, "")
    for option, value in (("--seed", str(2 ** 63)), ("--lr", "1e400"),
                          ("--epochs", "9" * 5000), ("--lr", "1e-400")):
        code, out, err = run(capsys, *argv, option, value)
        assert (code, out, err.count("\n")) == (2, "", 1)


def test_messages_go_where_argparse_sends_them(capsys):
    """--help to standard output, bad usage to standard error."""
    parser = Parser(prog="prog")
    for argv, code in (["--help"], 0), (["--no"], 2):
        with pytest.raises(SystemExit) as stop:
            parser.parse_args(argv)
        out, err = capsys.readouterr()
        assert stop.value.code == code and bool(out) == (code == 0)
        assert bool(err) == (code == 2)
