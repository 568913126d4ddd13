"""Profiles for hypothesis, one thread for torch, background processes."""

import multiprocessing
import os
import signal
import threading

import matplotlib
import pytest
import torch
from hypothesis import HealthCheck, Phase, settings

from tests.compare.background import QUEUE, take_turns
from tests.compare.closeness import EXACT

# In every test, whatever is printed has its Chinese.
pytest_plugins = ["tests.front_door.in_chinese"]

# No deadline: torch's first call takes 300 ms.
common = settings(deadline=None,
                  suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", common, max_examples=100)
settings.register_profile("thorough", common, max_examples=2000)
# For tests/museum. museum: is a bug caught? glance: does the proof pass
# without one? search: how many random examples does it take? slide: the
# smallest example, without hypothesis's explanation of it.
museum = settings(common, database=None, print_blob=False,
                  report_multiple_bugs=False,
                  phases=[Phase.explicit, Phase.generate])
settings.register_profile("museum", museum, max_examples=100)
settings.register_profile("glance", museum, max_examples=10)
settings.register_profile("search", museum, max_examples=100, phases=[
    Phase.generate])
settings.register_profile("slide", museum, max_examples=100, phases=[
    Phase.generate, Phase.shrink])
# For tests/museum/evidence.py: search for the largest gap.
settings.register_profile("gauge", museum, max_examples=30, phases=[
    Phase.explicit, Phase.generate, Phase.target])
settings.load_profile("default")

torch.set_num_threads(1)
# Processes share the cores: a thread that waits must not keep one busy.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
matplotlib.use("Agg")
# What a program prints is compared in English, whoever runs the tests.
os.environ["LC_ALL"] = "C.UTF-8"


def pytest_configure():
    """End after SIGTERM as after Ctrl-C, and end every child process."""
    if (threading.current_thread() is threading.main_thread()
            and multiprocessing.parent_process() is None):
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_runtest_setup(item):
    """Start the next background process, if one has ended.

    Skip what needs torch to round each operation, unless it does.
    """
    take_turns()
    mark = item.get_closest_marker("to_the_bit")
    if mark and mark.kwargs.get("only") and not EXACT:
        pytest.skip("test_without_fused_kernels runs it")


def pytest_runtest_teardown():
    """Restore the default dtype: the front door and some tests set it."""
    torch.set_default_dtype(torch.float32)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Run the tests that wait for a background process last.

    If test_beside.py is among them, it runs the tests of its rooms.
    """
    items.sort(key=lambda item: _background(item) is not None)
    rooms = tuple(str(config.rootpath / word) + "/" for item in items
                  if _background(item) for word in _background(item).argv
                  if word.startswith("tests/"))
    if rooms:
        elsewhere = {item for item in items
                     if str(item.path).startswith(rooms)}
        config.hook.pytest_deselected(items=list(elsewhere))
        items[:] = [item for item in items if item not in elsewhere]


def pytest_collection_finish(session):
    """Queue the background processes, and start the first."""
    config = session.config
    if config.option.collectonly or hasattr(config, "workerinput"):
        # Nothing will run, or one of several workers will start it.
        return
    profile = config.getoption("hypothesis_profile", None)
    for item in session.items:
        if _background(item):
            _background(item).queue(profile)
    take_turns()


def pytest_sessionfinish():
    """End the background processes that still run: after -x or Ctrl-C."""
    for one in QUEUE:
        one.stop()


def _background(item):
    """The BACKGROUND of the test's module that this test waits for."""
    found = getattr(item.module, "BACKGROUND", None)
    names = item.originalname, item.name
    return next((one for one in (found if isinstance(found, list)
                                 else [found])
                 if one and one.test in names), None)
