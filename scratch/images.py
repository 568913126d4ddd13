"""Images: handwritten digits and clothes, read from IDX files.

MNIST and Fashion-MNIST have 60,000 training images and 10,000 test
images each. An IDX file is a header, then the numbers, big-endian:

    2 bytes  0, 0
    1 byte   the type of the numbers
    1 byte   the number of axes
    4 bytes  the length of an axis, for each axis
"""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4",
          0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: str | Path) -> Tensor:
    """The array in an IDX file, which may be compressed as `.gz`.

    dtype uint8, int8, int16, int32, float32 or float64, any shape.
    Raises ValueError, with the path, if the file is too short, too
    long, damaged, or not an IDX file; OSError if it cannot be read.
    """
    content = _unpacked(Path(path))
    if (len(content) < 4 or content[:2] != b"\0\0"
            or content[2] not in _TYPES):
        raise ValueError(f"{path}: must be an IDX file, got one that "
                         f"begins with {content[:4]!r}")
    dtype, axes = np.dtype(_TYPES[content[2]]), content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError(f"{path}: must have a header of {start} bytes "
                         f"for {axes} axes, got {len(content)} bytes")
    shape = np.frombuffer(content[4:start], ">u4").tolist()
    size = start + math.prod(shape) * dtype.itemsize
    if len(content) != size:
        raise ValueError(f"{path}: must have {size} bytes for shape "
                         f"{shape}, got {len(content)}")
    numbers = np.frombuffer(content, dtype, offset=start)
    try:
        array = numbers.reshape(shape)
    except ValueError as error:
        # 65 axes, for example, or 0 x (2^32 - 1) x (2^32 - 1)
        raise ValueError(
            f"{path}: shape {shape} is too large ({error})") from error
    # from big-endian to this computer's byte order
    return torch.from_numpy(array.astype(dtype.newbyteorder("=")))


def mnist(root: str | Path, train: bool = True,
          ) -> tuple[Tensor, Tensor]:
    """Digits: images (n, 28, 28) and labels (n,), dtype int64.

    Pixels range from 0 (paper) to 1 (ink). The files, unpacked or as
    `.gz`, are in `root`/MNIST/raw, where torchvision puts them. Raises
    FileNotFoundError if one is missing, ValueError if its content is
    not MNIST's, OSError if it cannot be read.
    LeCun, Bottou, Bengio and Haffner (1998),
    https://doi.org/10.1109/5.726791
    """
    return _load(Path(root, "MNIST", "raw"), train)


def fashion_mnist(root: str | Path, train: bool = True,
                  ) -> tuple[Tensor, Tensor]:
    """Like `mnist`: ten kinds of clothes, in `root`/FashionMNIST/raw.

    Xiao, Rasul and Vollgraf (2017), https://arxiv.org/abs/1708.07747
    """
    return _load(Path(root, "FashionMNIST", "raw"), train)


def _load(folder: Path, train: bool) -> tuple[Tensor, Tensor]:
    part = "train" if train else "t10k"
    paths = (_find(folder / f"{part}-images-idx3-ubyte"),
             _find(folder / f"{part}-labels-idx1-ubyte"))
    images, labels = map(read_idx, paths)
    _check(images, labels, *paths)
    # 256 levels, from 0 to 255; in place, to save a copy
    images = images.to(torch.get_default_dtype()).div_(255)
    return images, labels.long()


def _find(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    if not path.is_file() and not packed.is_file():
        raise FileNotFoundError(
            f"{path}: no such file, and no {packed.name} either")
    return path if path.is_file() else packed


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix != ".gz":
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"{path}: must be a valid gzip file ({error})") from error


def _check(images: Tensor, labels: Tensor, images_path: Path,
           labels_path: Path) -> None:
    if (images.dtype != torch.uint8 or images.numel() == 0
            or images.shape[1:] != (28, 28)):
        raise ValueError(
            f"{images_path}: images must have shape (n, 28, 28), n at "
            f"least 1, and dtype torch.uint8, got "
            f"{tuple(images.shape)} and {images.dtype}")
    if labels.dtype != torch.uint8 or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{labels_path}: labels must have shape ({len(images)},), "
            "one label per image, and dtype torch.uint8, got "
            f"{tuple(labels.shape)} and {labels.dtype}")
    if labels.max() > 9:
        raise ValueError(f"{labels_path}: labels must be from 0 to 9, "
                         f"got {labels.max().item()}")
