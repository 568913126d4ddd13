"""The images of the CNN, and the names of their classes."""

from pathlib import Path

import torch.nn.functional as F
from torch import Tensor
from torchvision.datasets import FashionMNIST

from scratch.front_door.files import read_images
from torch_ref import data, images

READ = {"mnist": images.mnist, "fashion": images.fashion_mnist}
DIGITS = [str(i) for i in range(10)]
CLASSES = {"digits": DIGITS, "mnist": DIGITS,
           "fashion": FashionMNIST.classes}


def read(name: str, folder: Path, seed: int,
         ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x_train, x_test, y_train, y_test; x (n, 1, 28, 28) in [0, 1]."""
    if name == "digits":
        x, x_test, y, y_test = data.train_test_split(
            *data.digits(), generator=seed)
        return _enlarge(x), _enlarge(x_test), y, y_test
    x, x_test, y, y_test = read_images(READ[name], folder)
    return x[:, None], x_test[:, None], y, y_test


def _enlarge(x: Tensor) -> Tensor:
    """Rows of 64 to images of 28 x 28."""
    return F.interpolate(x.reshape(-1, 1, 8, 8), size=28,
                         mode="bilinear")
