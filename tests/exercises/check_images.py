"""Checks of the exercises of docs/images.md."""

import tempfile
from pathlib import Path

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import avg_pool2d
from torchvision.transforms.functional import convert_image_dtype

import scratch.images as by_hand
from tests.compare.closeness import close, same
from tests.compare.draw import UNIT, dtypes, tensors
from tests.compare.idx_writer import arrays, idx_bytes


@given(arrays())
def test_write_idx(array):
    """write_idx writes the bytes of the format, for any type and shape,
    and read_idx reads them.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file-ubyte")
        by_hand.write_idx(path, torch.from_numpy(array.copy()))
        assert path.read_bytes() == idx_bytes(array)
        assert by_hand.read_idx(path).shape == array.shape


@given(st.data(), dtypes(), st.integers(1, 3), st.integers(1, 3),
       st.integers(1, 7), st.integers(1, 7))
def test_shrink(data, dtype, n, factor, height, width):
    """shrink(images, factor) is avg_pool2d.

    16 eps: a mean of at most 9 pixels in [0, 1], added in another
    order.
    """
    height, width = max(height, factor), max(width, factor)
    images = data.draw(tensors((n, height, width), dtype, UNIT))
    expected = avg_pool2d(images[:, None], factor)[:, 0]
    close(by_hand.shrink(images, factor), expected, 16, 1.0)


@given(st.data(), dtypes())
def test_to_bytes(data, dtype):
    """to_bytes is torchvision's conversion, and brings bytes back."""
    images = data.draw(tensors((4, 3, 3), dtype, UNIT))
    same(by_hand.to_bytes(images),
         convert_image_dtype(images, torch.uint8))
    levels = torch.arange(256, dtype=torch.uint8)
    same(by_hand.to_bytes(levels.to(dtype) / 255), levels)
