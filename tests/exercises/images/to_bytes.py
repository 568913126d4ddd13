"""Images in [0, 1] back to bytes."""

import torch
from torch import Tensor


def to_bytes(images: Tensor) -> Tensor:
    """From [0, 1] to 256 levels, dtype uint8."""
    # floor(255.999 x): x = 1 gives 255, where 256 x would give 256
    return (255.999 * images).to(torch.uint8)
