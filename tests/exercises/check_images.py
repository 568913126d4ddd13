"""Checks of the exercises of docs/images.md."""

import tempfile
from dataclasses import dataclass
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
    """write_idx writes any type and shape, and read_idx reads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file-ubyte")
        by_hand.write_idx(path, torch.from_numpy(array.copy()))
        assert path.read_bytes() == idx_bytes(array)
        assert by_hand.read_idx(path).shape == array.shape


@dataclass(frozen=True)
class Problem:
    """Images, and the factor by which to shrink them."""

    images: torch.Tensor
    factor: int


@st.composite
def problems(draw) -> Problem:
    """1 to 3 images, each of at least factor x factor pixels."""
    n, factor = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    height, width = (draw(st.integers(factor, 7)) for _ in range(2))
    return Problem(draw(tensors((n, height, width), draw(dtypes()), UNIT)),
                   factor)


@given(problems())
def test_shrink(problem):
    """shrink(images, factor) is within 16 eps of avg_pool2d.

    Each side adds at most 9 pixels in [0, 1], in its own order.
    """
    images, factor = problem.images, problem.factor
    expected = avg_pool2d(images[:, None], factor)[:, 0]
    close(by_hand.shrink(images, factor), expected, 16, 1.0)


@given(st.data(), dtypes())
def test_to_bytes(data, dtype):
    """to_bytes is torchvision's conversion, and restores every byte."""
    images = data.draw(tensors((4, 3, 3), dtype, UNIT), "images")
    same(by_hand.to_bytes(images),
         convert_image_dtype(images, torch.uint8))
    levels = torch.arange(256, dtype=torch.uint8)
    same(by_hand.to_bytes(levels.to(dtype) / 255), levels)
