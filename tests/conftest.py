"""Profiles for hypothesis, and one thread for torch."""

import matplotlib
import torch
from hypothesis import HealthCheck, Phase, settings

# No deadline: torch's first call takes 300 ms.
common = settings(deadline=None,
                  suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", common, max_examples=100)
settings.register_profile("thorough", common, max_examples=2000)
# For tests/bugs.py: whether a bug is caught; a look at the proof itself;
# the smallest example, without what hypothesis has found out about it.
museum = settings(common, database=None, print_blob=False,
                  report_multiple_bugs=False,
                  phases=[Phase.explicit, Phase.generate])
settings.register_profile("museum", museum, max_examples=100)
settings.register_profile("glance", museum, max_examples=10)
settings.register_profile("slide", museum, max_examples=100, phases=[
    Phase.explicit, Phase.generate, Phase.shrink])
settings.load_profile("default")

torch.set_num_threads(1)
matplotlib.use("Agg")


def pytest_collection_finish(session):
    """Begin what runs in a process of its own, beside the other tests.

    A module that has BESIDE names the tests that wait for it.
    """
    if not session.config.option.collectonly:
        names = {item.originalname for item in session.items}
        for module in {item.module for item in session.items}:
            beside = getattr(module, "BESIDE", None)
            if beside and beside.test in names:
                beside.begin()
