"""Standard outputs that fail: a full disk, a reader that is gone."""

import io
import os
import sys

import pytest

from tests.front_door.command import status

full_disk = pytest.mark.skipif(not os.path.exists("/dev/full"),
                               reason="Linux only")


def full():
    """A standard output on a full disk."""
    return open("/dev/full", "w")


def unbuffered():
    """The same under `python -u`."""
    return io.TextIOWrapper(open("/dev/full", "wb", 0), write_through=True)


def closed():
    """A standard output that nobody reads any more."""
    ours, theirs = os.pipe()
    os.close(ours)
    return open(theirs, "w")


def ended(stdout, monkeypatch, capsys, *argv):
    """Exit status and standard error of a run with that output."""
    with monkeypatch.context() as patch, stdout() as stream:
        patch.setattr(sys, "stdout", stream)
        return status(*argv), capsys.readouterr().err
