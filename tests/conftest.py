"""Profiles for hypothesis, and one thread for torch."""

import matplotlib
import pytest
import torch
from hypothesis import HealthCheck, Phase, settings

from tests.compare.closeness import EXACT

# No deadline: torch's first call takes 300 ms.
common = settings(deadline=None,
                  suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", common, max_examples=100)
settings.register_profile("thorough", common, max_examples=2000)
# For tests/museum: whether a bug is caught; a look at the proof itself;
# the smallest example, without what hypothesis has found out about it.
museum = settings(common, database=None, print_blob=False,
                  report_multiple_bugs=False,
                  phases=[Phase.explicit, Phase.generate])
settings.register_profile("museum", museum, max_examples=100)
settings.register_profile("glance", museum, max_examples=10)
settings.register_profile("slide", museum, max_examples=100, phases=[
    Phase.explicit, Phase.generate, Phase.shrink])
# For tests/museum/evidence.py: look for the largest gap.
settings.register_profile("gauge", museum, max_examples=30, phases=[
    Phase.explicit, Phase.generate, Phase.target])
settings.load_profile("default")

torch.set_num_threads(1)
matplotlib.use("Agg")


def pytest_runtest_setup(item):
    """Most often torch fuses a product and a sum."""
    mark = item.get_closest_marker("to_the_bit")
    if mark and mark.kwargs.get("only") and not EXACT:
        pytest.skip("test_without_fused_kernels runs it")


def pytest_runtest_teardown():
    """The front door, and some of the tests, set another one."""
    torch.set_default_dtype(torch.float32)


def pytest_collection_modifyitems(items):
    """The tests that wait for a process come last."""
    items.sort(key=lambda item: _beside(item) is not None)


def pytest_collection_finish(session):
    """Begin what runs in a process of its own, on another core."""
    config = session.config
    if config.option.collectonly or hasattr(config, "workerinput"):
        # Nothing will run, or one of several workers will begin it.
        return
    for item in session.items:
        if _beside(item):
            _beside(item).begin(config.getoption("hypothesis_profile",
                                                 None))


def pytest_sessionfinish(session):
    """After -x or Ctrl-C somebody may still be at work."""
    for item in getattr(session, "items", ()):
        if _beside(item):
            _beside(item).stop()


def _beside(item):
    """What a test waits for: BESIDE of its module, if it names it."""
    beside = getattr(item.module, "BESIDE", None)
    return beside if beside and beside.test == item.originalname else None
