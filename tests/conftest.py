"""Profiles for hypothesis, and one thread for torch."""

import matplotlib
import torch
from hypothesis import HealthCheck, settings

# No deadline: torch's first call takes 300 ms.
common = settings(deadline=None,
                  suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", common, max_examples=100)
settings.register_profile("thorough", common, max_examples=2000)
settings.load_profile("default")

torch.set_num_threads(1)
matplotlib.use("Agg")
