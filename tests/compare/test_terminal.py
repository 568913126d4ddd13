"""A process that a test starts ends with it, whatever happens."""

import os
import signal
import subprocess

import pytest

from tests.compare import background
from tests.compare.background import Background, take_turns
from tests.compare.terminal import started


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_a_process_ends_with_its_block():
    """A failing test interrupts the process that it has started.

    Here SIGINT is ignored, as in the background of a shell.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(AssertionError):
            with started("-c", "print('up', flush=True); "
                         "import time; time.sleep(3600)",
                         stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE) as process:
                assert process.stdout.readline() == "down\n"
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.returncode == -signal.SIGINT


def test_a_background_process():
    """It starts once, can be waited for, and can be stopped any time."""
    check = Background("", ["calendar", "2024", "2"])
    check.stop()
    check.start()
    first = check.process
    status, output = check.wait()
    assert status == 0 and "29" in output and check.process is first
    check.stop()
    endless = Background("", ["http.server", "0", "--bind", "127.0.0.1"])
    endless.start()
    endless.stop()
    assert endless.process.poll() is not None


@pytest.fixture
def queue(monkeypatch):
    """An empty one, on one core."""
    monkeypatch.setattr(background, "QUEUE", [])
    monkeypatch.setattr(background, "cores", lambda: 1)
    return background.QUEUE


def test_background_processes_take_turns(queue):
    """As many as there are cores; the next when one ends, in order."""
    checks = [Background("", ["http.server", "0", "--bind", "127.0.0.1"])
              for _ in range(3)]
    try:
        for check in checks:
            check.queue()
        for running in 0, 1, 2:
            take_turns()
            take_turns()
            assert [one.process is None for one in checks] == [
                i > running for i in range(3)]
            checks[running].stop()
    finally:
        for check in checks:
            check.stop()


def test_no_turn_while_more_run_than_cores(queue):
    """Tests may wait for several at a time: the others still wait."""
    checks = [Background("", ["http.server", "0", "--bind", "127.0.0.1"])
              for _ in range(4)]
    try:
        for check in checks:
            check.queue()
        for check in checks[:2]:
            check.start()
        take_turns()
        assert [one.process is None for one in checks[2:]] == [True, True]
    finally:
        for check in checks:
            check.stop()


@pytest.mark.parametrize("argv, passed", [
    (["pytest", "-q"], ["--hypothesis-profile=thorough"]),
    (["tests.museum"], [])])
def test_a_background_pytest_has_the_same_profile(argv, passed, queue):
    """Hypothesis's profile is passed on to pytest, and to nothing else."""
    Background("", list(argv)).queue("thorough")
    Background("", list(argv)).queue()
    assert [one.argv for one in queue] == [[*argv, *passed], argv]
