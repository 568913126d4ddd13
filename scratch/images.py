"""Images: handwritten digits and clothes, read from their files.

MNIST (LeCun, Cortes, Burges, 1998) and Fashion-MNIST (Xiao, Rasul,
Vollgraf, 2017): 60,000 images for the training, 10,000 for the test.
Both come as IDX files, a header and then numbers, big-endian:

    2 bytes  0, 0
    1 byte   the type of the numbers
    1 byte   how many axes
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
    """The array in an IDX file, or in an IDX file packed as `.gz`.

    dtype uint8, int8, int16, int32, float32 or float64, any shape.
    ValueError, with the path, for a file that is cut off, too long,
    damaged or no IDX file at all.
    """
    content = _unpacked(Path(path))
    if (len(content) < 4 or content[:2] != b"\0\0"
            or content[2] not in _TYPES):
        raise ValueError(f"{path}: wanted an IDX file, given one that "
                         f"begins with {content[:4]!r}")
    dtype, axes = np.dtype(_TYPES[content[2]]), content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError(f"{path}: wanted a header of {start} bytes "
                         f"for {axes} axes, given {len(content)} bytes")
    shape = np.frombuffer(content[4:start], ">u4").tolist()
    size = start + math.prod(shape) * dtype.itemsize
    if len(content) != size:
        raise ValueError(f"{path}: wanted {size} bytes for the shape "
                         f"{shape}, given {len(content)}")
    array = np.frombuffer(content, dtype, offset=start).reshape(shape)
    # from big-endian to the byte order of this machine
    return torch.from_numpy(array.astype(dtype.newbyteorder("=")))


def mnist(root: str | Path, train: bool = True,
          ) -> tuple[Tensor, Tensor]:
    """Digits: images (n, 28, 28) and labels (n,), dtype int64.

    0 is paper, 1 is ink. The files lie in `root`/MNIST/raw, where
    torchvision puts them: FileNotFoundError if not, ValueError if they
    hold anything else.
    """
    return _load(Path(root, "MNIST", "raw"), train)


def fashion_mnist(root: str | Path, train: bool = True,
                  ) -> tuple[Tensor, Tensor]:
    """Clothes of ten kinds, as `mnist`, in `root`/FashionMNIST/raw."""
    return _load(Path(root, "FashionMNIST", "raw"), train)


def _load(folder: Path, train: bool) -> tuple[Tensor, Tensor]:
    part = "train" if train else "t10k"
    paths = (_find(folder / f"{part}-images-idx3-ubyte"),
             _find(folder / f"{part}-labels-idx1-ubyte"))
    images, labels = map(read_idx, paths)
    _check(images, labels, *paths)
    # 256 levels, 0 to 255: one float tensor, divided in place
    images = images.to(torch.get_default_dtype()).div_(255)
    return images, labels.long()


def _find(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    if not path.is_file() and not packed.is_file():
        raise FileNotFoundError(f"{path}: no such file, nor "
                                f"{packed.name} beside it")
    return path if path.is_file() else packed


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix != ".gz":
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"{path}: wanted a gzip file, given one that "
                         f"is damaged or foreign ({error})") from error


def _check(images: Tensor, labels: Tensor, images_path: Path,
           labels_path: Path) -> None:
    if (images.dtype != torch.uint8 or images.numel() == 0
            or images.shape[1:] != (28, 28)):
        raise ValueError(
            f"{images_path}: wanted images (n, 28, 28) of dtype uint8, "
            f"given {tuple(images.shape)} of {images.dtype}")
    if labels.dtype != torch.uint8 or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{labels_path}: wanted {len(images)} labels, one for each "
            f"image, of dtype uint8, given {tuple(labels.shape)} of "
            f"{labels.dtype}")
    if labels.max() > 9:
        raise ValueError(f"{labels_path}: wanted labels from 0 to 9, "
                         f"given {labels.max().item()}")
