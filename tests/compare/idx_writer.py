"""Writes IDX files, the format of MNIST."""

import gzip
import struct
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

KINDS = {0x08: "u1", 0x09: "i1", 0x0B: "i2", 0x0C: "i4", 0x0D: "f4",
         0x0E: "f8"}


def idx_bytes(array: np.ndarray) -> bytes:
    """The array as the bytes of an IDX file."""
    kind = next(byte for byte, name in KINDS.items()
                if np.dtype(name) == array.dtype)
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim,
                         *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write an IDX file, compressed if the path ends in .gz."""
    content = idx_bytes(array)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz"
                     else content)


def write_images(root: Path, name: str = "MNIST", train: int = 90,
                 test: int = 40, packed: str = "") -> None:
    """Write a small data set, easy to learn, in torchvision's layout.

    The digit d is a white bar across the rows 2d + 4 and 2d + 5, on a
    dark, noisy background. `packed` is "" or ".gz".
    """
    folder = root / name / "raw"
    folder.mkdir(parents=True)
    draw = np.random.default_rng(0)
    for part, size in ("train", train), ("t10k", test):
        labels = (np.arange(size) % 10).astype("u1")
        images = draw.integers(0, 50, (size, 28, 28), dtype="u1")
        for image, label in zip(images, labels):
            image[4 + 2 * label:6 + 2 * label] = 255
        write_idx(folder / f"{part}-images-idx3-ubyte{packed}", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte{packed}", labels)


@st.composite
def arrays(draw, least_axes: int = 0, most_axes: int = 4,
           least_length: int = 0):
    """Arrays of any IDX type, any shape and any bits."""
    kind = np.dtype(draw(st.sampled_from(list(KINDS.values()))))
    shape = draw(st.lists(st.integers(least_length, 4),
                          min_size=least_axes, max_size=most_axes))
    size = int(np.prod(shape, dtype=int)) * kind.itemsize
    content = draw(st.binary(min_size=size, max_size=size))
    return np.frombuffer(content, kind).reshape(shape)
