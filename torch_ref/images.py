"""Images by `torchvision.datasets` and `torchvision.transforms`."""

import tempfile
import zlib
from pathlib import Path

import torch
from torch import Tensor
from torchvision.datasets import MNIST, FashionMNIST
from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor
from torchvision.datasets.utils import extract_archive
from torchvision.transforms.functional import convert_image_dtype

# What torchvision raises when it reads or unpacks a damaged file.
_DAMAGED = (AssertionError, EOFError, KeyError, OSError, OverflowError,
            RuntimeError, ValueError, zlib.error)


def read_idx(path: str | Path) -> Tensor:
    """The array in an IDX file, which may be compressed as `.gz`.

    Torchvision reads 1 to 3 axes. Raises ValueError, with the path, if
    the file is too short, too long, damaged, or not an IDX file.
    """
    Path(path).open("rb").close()
    with tempfile.TemporaryDirectory() as folder:
        try:
            plain = str(path)
            if plain.endswith(".gz"):
                plain = extract_archive(path, folder)
            return read_sn3_pascalvincent_tensor(plain)
        except _DAMAGED as error:
            raise ValueError(f"{path}: must be a valid IDX file "
                             f"({error!r})") from error


def mnist(root: str | Path, train: bool = True,
          ) -> tuple[Tensor, Tensor]:
    """Digits: images (n, 28, 28) and labels (n,), dtype int64.

    Pixels range from 0 (paper) to 1 (ink). The files must be unpacked,
    in `root`/MNIST/raw: `.gz` files alone raise FileNotFoundError, as
    missing files do. Raises ValueError if the content is not MNIST's.
    LeCun, Bottou, Bengio and Haffner (1998),
    https://doi.org/10.1109/5.726791
    """
    return _load(MNIST, root, train)


def fashion_mnist(root: str | Path, train: bool = True,
                  ) -> tuple[Tensor, Tensor]:
    """Like `mnist`: ten kinds of clothes, in `root`/FashionMNIST/raw.

    Xiao, Rasul and Vollgraf (2017), https://arxiv.org/abs/1708.07747
    """
    return _load(FashionMNIST, root, train)


def _load(kind: type[MNIST], root: str | Path, train: bool,
          ) -> tuple[Tensor, Tensor]:
    folder = Path(root, kind.__name__, "raw")
    part = "train" if train else "t10k"
    _check(folder / f"{part}-images-idx3-ubyte",
           folder / f"{part}-labels-idx1-ubyte")
    dataset = kind(root, train)
    # ToTensor, for all images at once. Not to_dtype of
    # transforms.v2: it multiplies by 1 / 255, which rounds differently.
    images = convert_image_dtype(dataset.data,
                                 torch.get_default_dtype())
    return images, dataset.targets


def _check(images_path: Path, labels_path: Path) -> None:
    # Torchvision reports a damaged file without its name.
    for path in images_path, labels_path:
        if not path.is_file():
            raise FileNotFoundError(f"{path}: no such file")
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.dtype != torch.uint8 or images.shape[1:] != (28, 28):
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
