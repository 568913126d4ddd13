"""Images by `torchvision`: its reader of IDX files, its `ToTensor`."""

import gzip
import tempfile
import zlib
from pathlib import Path

import torch
from torch import Tensor
from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor
from torchvision.transforms.functional import convert_image_dtype

# What gzip and torchvision raise when they read a damaged file.
_DAMAGED = (AssertionError, EOFError, KeyError, OverflowError,
            RuntimeError, ValueError, gzip.BadGzipFile, zlib.error)


def read_idx(path: str | Path) -> Tensor:
    """The array in an IDX file, which may be compressed as `.gz`.

    Torchvision reads 1 to 3 axes, none of length 0. Raises ValueError,
    with the path, if the file is too short, too long, damaged, or not
    an IDX file; OSError if it cannot be read.
    """
    path = Path(path)
    try:
        if path.suffix != ".gz":
            return read_sn3_pascalvincent_tensor(str(path))
        # Torchvision reads from a path only.
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder, path.stem)
            plain.write_bytes(gzip.decompress(path.read_bytes()))
            return read_sn3_pascalvincent_tensor(str(plain))
    except _DAMAGED as error:
        raise ValueError(f"{path}: must be a valid IDX file "
                         f"({error!r})") from error


def mnist(root: str | Path, train: bool = True,
          ) -> tuple[Tensor, Tensor]:
    """Digits: images (n, 28, 28) and labels (n,), dtype int64.

    Pixels range from 0 (paper) to 1 (ink). The files, unpacked or as
    `.gz`, are in `root`/MNIST/raw. Raises FileNotFoundError if one is
    missing, ValueError if its content is not MNIST's, OSError if it
    cannot be read.
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
    # Not by the class MNIST: it reads `processed/training.pt` instead
    # if an old torchvision has left one, and no `.gz` by itself.
    part = "train" if train else "t10k"
    paths = (_find(folder / f"{part}-images-idx3-ubyte"),
             _find(folder / f"{part}-labels-idx1-ubyte"))
    images, labels = map(read_idx, paths)
    _check(images, labels, *paths)
    # ToTensor, for all images at once. Not to_dtype of
    # transforms.v2: it multiplies by 1 / 255, which rounds differently.
    images = convert_image_dtype(images, torch.get_default_dtype())
    return images, labels.long()


def _find(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    if not path.is_file() and not packed.is_file():
        raise FileNotFoundError(
            f"{path}: no such file, and no {packed.name} either")
    return path if path.is_file() else packed


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
