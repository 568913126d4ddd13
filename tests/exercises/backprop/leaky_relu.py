"""The gradient of leaky relu, from its output."""

import torch
from torch import Tensor


def leaky_relu_gradient(output: Tensor, upstream: Tensor,
                        negative_slope: float = 0.01) -> Tensor:
    """dL/dx = G where the output is above 0, else negative_slope G."""
    # The output is above 0 exactly where the input is.
    return torch.where(output > 0, upstream,
                       negative_slope * upstream)
