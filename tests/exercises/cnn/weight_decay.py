"""Decoupled weight decay, as in AdamW."""

from dataclasses import dataclass
from math import ceil

from torch import Tensor

from scratch._checks import check_rows, check_whole
from scratch._scheduler import LRScheduler
from scratch.cnn import CNN
from scratch.lr_scheduler import ExponentialLR, OneCycleLR
from scratch.optim import AdamW


@dataclass(frozen=True)
class Recipe:
    batch_size: int
    lr: float
    betas: tuple[float, float] = (0.9, 0.999)
    label_smoothing: float = 0.0
    # lr rises from lr / 25 to lr, then falls to almost 0; a training
    # of fewer than 4 steps takes the first of 4
    one_cycle: bool = False
    # the net sees pixels with mean 0 and std 1
    normalise: bool = False
    # the net does not see the frame around the digits of MNIST
    crop: bool = False
    # torch's faster kernels: by hand there are none
    accelerate: bool = False
    # before each step p <- p - lr weight_decay p
    weight_decay: float = 0.0


class Training:
    def __init__(self, model: CNN, x: Tensor, y: Tensor, recipe: Recipe,
                 epochs: int = 1, seed: int = 0, bf16: bool = False):
        self.model, self.x, self.y, self.recipe = model, x, y, recipe
        self._seed, self.bf16, self.step = seed, bf16, 0
        if bf16:
            raise ValueError("bf16 must be False by hand, got True")
        check_rows(x, y)
        size = check_whole("batch_size", recipe.batch_size, 1)
        self.epochs = check_whole("epochs", epochs, 1)
        self.steps = self.epochs * ceil(len(x) / size)
        self.optimizer = AdamW(model.parameters(), recipe.lr,
                               recipe.betas,
                               weight_decay=recipe.weight_decay)
        # The cycle of 1 step would be its end, with lr / 250000; of 2
        # or 3 it would begin near the peak. With gamma = 1 lr stays.
        self.scheduler: LRScheduler = OneCycleLR(
            self.optimizer, recipe.lr, max(self.steps, 4)
        ) if recipe.one_cycle else ExponentialLR(self.optimizer, 1)
