"""Decoupled weight decay, as in AdamW."""

import math
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.lr_scheduler import ConstantLR, LRScheduler, OneCycleLR

from torch_ref._checks import check_rows, check_whole
from torch_ref.cnn import CNN


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
    # faster kernels and number formats, which only round differently
    accelerate: bool = False
    # before each step p <- p - lr weight_decay p
    weight_decay: float = 0.0


class Training:
    def __init__(self, model: CNN, x: Tensor, y: Tensor, recipe: Recipe,
                 epochs: int = 1, seed: int = 0, bf16: bool = False):
        self.model, self.x, self.y, self.recipe = model, x, y, recipe
        self.seed, self.bf16, self.step = seed, bf16, 0
        check_rows(x, y)
        size = check_whole("batch_size", recipe.batch_size, 1)
        self.epochs = check_whole("epochs", epochs, 1)
        self.steps = self.epochs * math.ceil(len(x) / size)
        self.rank, self.world = 0, 1
        if recipe.accelerate:
            model.to(memory_format=torch.channels_last)
        self.parallel: nn.Module = model
        if dist.is_initialized():
            self.rank = dist.get_rank()
            self.world = dist.get_world_size()
            self.parallel = DistributedDataParallel(model)
        self.optimizer = torch.optim.AdamW(
            model.parameters(), recipe.lr, recipe.betas,
            weight_decay=recipe.weight_decay,
            fused=recipe.accelerate)
        # The cycle of 1 step would be its end, with lr / 250000; of 2
        # or 3 it would begin near the peak.
        self.scheduler: LRScheduler = OneCycleLR(
            self.optimizer, recipe.lr, max(self.steps, 4),
            cycle_momentum=False
        ) if recipe.one_cycle else ConstantLR(self.optimizer, factor=1)
