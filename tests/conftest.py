"""Profiles for hypothesis, and one thread for torch."""

import matplotlib
import torch
from hypothesis import HealthCheck, settings

# No deadline: torch's first call takes 300 ms.
common = {"deadline": None,
          "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("default", max_examples=100, **common)
settings.register_profile("thorough", max_examples=2000, **common)
settings.load_profile("default")

torch.set_num_threads(1)
matplotlib.use("Agg")
