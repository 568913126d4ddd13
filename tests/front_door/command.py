"""The front door, called as a function."""

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


def known(capsys, *argv):
    """The --json record of a CNN's run, which must succeed."""
    code, out, err = run(capsys, "cnn", "--json", "--no-figure", *argv)
    assert (code, err) == (0, "")
    return json.loads(out)
