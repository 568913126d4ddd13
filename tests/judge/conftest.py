"""The judge's processes are forked from a warm one, where there is a fork."""

import os
import subprocess
import types

import pytest

from tests.compare import forked


@pytest.fixture(autouse=True)
def warm(monkeypatch):
    """Importing torch takes longer than most verdicts.

    test_pages.py runs the command in fresh processes, as people do.
    """
    if hasattr(os, "fork"):
        quick = types.SimpleNamespace(**{**vars(subprocess),
                                         "Popen": forked.Popen})
        for module in "process", "strength":
            monkeypatch.setattr(f"tests.judge.{module}.subprocess", quick)
