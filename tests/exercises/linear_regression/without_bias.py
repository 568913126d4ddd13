"""A line through the origin: no bias."""

import torch
from torch import Tensor

from scratch._checks import check_whole


class LinearRegression:
    def __init__(self, features: int = 1,
                 device: torch.device | str = "cpu",
                 bias: bool = True):
        features = check_whole("features", features, 1)
        self.w = torch.zeros(1, features, device=device,
                             requires_grad=True)
        self.b = torch.zeros(1, device=device, requires_grad=True)
        self.bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        output = x @ self.w.T
        return output + self.b if self.bias else output

    def parameters(self) -> list[Tensor]:
        return [self.w, self.b] if self.bias else [self.w]
