"""Shrinking images by the mean of each block."""

from torch import Tensor


def shrink(images: Tensor, factor: int) -> Tensor:
    """The mean of each block of factor x factor pixels."""
    n, height, width = images.shape
    rows, columns = height // factor, width // factor
    images = images[:, :rows * factor, :columns * factor]
    # row = factor (row // factor) + row % factor
    blocks = images.reshape(n, rows, factor, columns, factor)
    return blocks.mean(dim=(2, 4))
