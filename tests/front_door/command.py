"""The front door, called as a function."""

import contextlib
import io
import json

from scratch.__main__ import main


def status(*argv):
    """The exit status, argparse's own exits included."""
    try:
        return main(list(argv))
    except SystemExit as stop:
        return stop.code


def run(capsys, *argv):
    """Exit status, standard output, standard error."""
    return status(*argv), *capsys.readouterr()


def printed(*argv):
    """Like `run`, without a fixture: for what hypothesis repeats."""
    out, err = io.StringIO(), io.StringIO()
    with (contextlib.redirect_stdout(out),
          contextlib.redirect_stderr(err)):
        code = status(*argv)
    return code, out.getvalue(), err.getvalue()


def records(*argv):
    """The --json records of the lessons, and the exit status."""
    code, out, _ = printed("--json", "--no-figure", *argv)
    return [json.loads(line) for line in out.splitlines()], code


def known(capsys, *argv):
    """The --json record of a CNN's run, which must succeed."""
    code, out, err = run(capsys, "cnn", "--json", "--no-figure", *argv)
    assert (code, err) == (0, "")
    return json.loads(out)
