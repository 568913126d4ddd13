"""Images: `torchvision.datasets` and `torchvision.transforms`."""

import tempfile
import zlib
from pathlib import Path

import torch
from torch import Tensor
from torchvision.datasets import MNIST, FashionMNIST
from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor
from torchvision.datasets.utils import extract_archive
from torchvision.transforms.functional import convert_image_dtype

# What torchvision's reader and its unpacking raise for a damaged file.
_DAMAGED = (AssertionError, EOFError, KeyError, OSError, OverflowError,
            RuntimeError, ValueError, zlib.error)


def read_idx(path: str | Path) -> Tensor:
    """The array in an IDX file, by torchvision: 1 to 3 axes."""
    Path(path).open("rb").close()
    with tempfile.TemporaryDirectory() as folder:
        try:
            plain = str(path)
            if plain.endswith(".gz"):
                plain = extract_archive(path, folder)
            return read_sn3_pascalvincent_tensor(plain)
        except _DAMAGED as error:
            raise ValueError(
                f"{path}: wanted an IDX file, given one that is damaged"
                f" or foreign ({error!r})") from error


def mnist(root: str | Path, train: bool = True,
          ) -> tuple[Tensor, Tensor]:
    """Digits: images (n, 28, 28) in [0, 1] and labels (n,)."""
    return _load(MNIST, root, train)


def fashion_mnist(root: str | Path, train: bool = True,
                  ) -> tuple[Tensor, Tensor]:
    """Clothes of ten kinds, as `mnist`."""
    return _load(FashionMNIST, root, train)


def _load(kind: type[MNIST], root: str | Path, train: bool,
          ) -> tuple[Tensor, Tensor]:
    folder = Path(root, kind.__name__, "raw")
    part = "train" if train else "t10k"
    _check(folder / f"{part}-images-idx3-ubyte",
           folder / f"{part}-labels-idx1-ubyte")
    dataset = kind(root, train)
    # What ToTensor does to one image, for all at once. Not to_dtype
    # of transforms.v2: it multiplies by 1 / 255, which rounds
    # otherwise.
    images = convert_image_dtype(dataset.data,
                                 torch.get_default_dtype())
    return images, dataset.targets


def _check(images_path: Path, labels_path: Path) -> None:
    # Torchvision would say that a file is damaged, but not which.
    for path in images_path, labels_path:
        if not path.is_file():
            raise FileNotFoundError(f"{path}: no such file")
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.dtype != torch.uint8 or images.shape[1:] != (28, 28):
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
