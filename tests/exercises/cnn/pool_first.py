"""Pooling before relu: the same logits, a quarter of the relus."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torch_ref.data import as_generator


class CNN(nn.Module):
    def __init__(self, mean: float = 0.0, std: float = 1.0,
                 generator: torch.Generator | int = 0):
        super().__init__()
        # Buffers are saved with the weights, but not trained.
        self.mean = nn.Buffer(torch.tensor(mean))
        self.std = nn.Buffer(torch.tensor(std))
        self.conv1 = nn.Conv2d(1, 16, 5, padding=2)
        self.conv2 = nn.Conv2d(16, 32, 5, padding=2)
        # 32 feature maps of 7 x 7: see forward
        self.linear = nn.Linear(32 * 7 * 7, 10)
        generator = as_generator(generator)
        for layer in self.conv1, self.conv2, self.linear:
            bound = 1 / layer.weight[0].numel() ** 0.5
            for p in layer.parameters():
                nn.init.uniform_(p, -bound, bound, generator)

    def forward(self, x: Tensor) -> Tensor:
        x = (x - self.mean) / self.std
        # (n, 16, 28, 28), after pooling (n, 16, 14, 14)
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        # (n, 32, 14, 14), after pooling (n, 32, 7, 7)
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        return self.linear(x.flatten(1))
