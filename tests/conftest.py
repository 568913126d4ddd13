"""Profiles for hypothesis, and one thread for torch."""

import matplotlib
import torch
from hypothesis import HealthCheck, Phase, settings

# No deadline: torch's first call takes 300 ms.
common = settings(deadline=None,
                  suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", common, max_examples=100)
settings.register_profile("thorough", common, max_examples=2000)
# For tests/bugs.py: whether a bug is caught, not by how small an example.
settings.register_profile("museum", common, max_examples=100,
                          database=None, print_blob=False,
                          phases=[Phase.explicit, Phase.generate])
settings.register_profile("glance", settings.get_profile("museum"),
                          max_examples=10)
settings.load_profile("default")

torch.set_num_threads(1)
matplotlib.use("Agg")
