"""Linear regression: the same loop with `nn.Linear` and `SGD`."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init

from torch_ref._checks import check_training, check_whole
from torch_ref.losses import mse_loss
from torch_ref.optim import SGD


class LinearRegression(nn.Module):
    """An `nn.Linear` with one output, initialised to 0."""

    def __init__(self, features: int = 1,
                 device: torch.device | str = "cpu"):
        super().__init__()
        features = check_whole("features", features, 1)
        # nn.Linear's own start is drawn from the global generator.
        self.linear = skip_init(nn.Linear, features, 1)
        for p in self.parameters():
            nn.init.zeros_(p)
        self.to(device)

    def forward(self, x: Tensor) -> Tensor:
        """Predictions (n, 1) for the rows of x (n, features)."""
        return self.linear(x)


def train(model: LinearRegression, x: Tensor, y: Tensor,
          lr: float = 0.02, steps: int = 1000, stop: float = 1.0,
          keep_gradients: bool = False) -> Iterator[float]:
    """SGD on half the mean squared error; yields each step's loss."""
    lr, steps, stop = check_training(model, lr=lr, steps=steps,
                                     stop=stop)
    optimizer = SGD(model.parameters(), lr=lr)
    for step in range(steps):
        loss = 0.5 * mse_loss(model(x), y)
        if loss < stop:
            yield loss.item()
            return
        loss.backward()
        optimizer.step()
        if not keep_gradients:
            optimizer.zero_grad()
        yield loss.item()
