"""The images of the CNN, and the names of their classes."""

from pathlib import Path

import torch.nn.functional as F
from torch import Tensor
from torchvision.datasets import FashionMNIST

from scratch.front_door.files import read_images
from torch_ref import data, images
from torch_ref.cnn import Recipe

READ = {"mnist": images.mnist, "fashion": images.fashion_mnist}
DIGITS = [str(i) for i in range(10)]
CLASSES = {"digits": DIGITS, "mnist": DIGITS,
           "fashion": FashionMNIST.classes}


# Each digit of MNIST fits in 20 x 20 pixels. Its centre of mass lies in
# the middle of the image, so a frame of 4 pixels has 3 % of the ink.
INNER = {"mnist": 20}


def side(name: str, recipe: Recipe) -> int:
    """How many rows and columns of the images the net sees."""
    return INNER.get(name, 28) if recipe.crop else 28


def read(name: str, folder: Path, seed: int, size: int = 28,
         ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x_train, x_test, y_train, y_test.

    x (n, 1, size, size) in [0, 1]: MNIST without a frame, other images
    resized.
    """
    if name == "digits":
        x, x_test, y, y_test = data.train_test_split(
            *data.digits(), generator=seed)
        x, x_test = (rows.reshape(-1, 1, 8, 8) for rows in (x, x_test))
    else:
        x, x_test, y, y_test = read_images(READ[name], folder)
        x, x_test = x[:, None], x_test[:, None]
    fit = _crop if name in INNER else _resize
    return fit(x, size), fit(x_test, size), y, y_test


def _crop(x: Tensor, size: int) -> Tensor:
    edge = (28 - size) // 2
    inner = slice(edge, edge + size)
    return x[..., inner, inner].contiguous()


def _resize(x: Tensor, size: int) -> Tensor:
    if x.shape[-1] == size:
        return x
    return F.interpolate(x, size=size, mode="bilinear")
