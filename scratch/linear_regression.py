"""Linear regression: the whole training loop, for a straight line."""

from collections.abc import Iterator

import torch
from torch import Tensor

from scratch._checks import check_training, check_whole
from scratch.losses import mse_loss


class LinearRegression:
    """y = x w^T + b; w (1, features) and b (1,) start at 0."""

    def __init__(self, features: int = 1,
                 device: torch.device | str = "cpu"):
        features = check_whole("features", features, 1)
        self.w = torch.zeros(1, features, device=device,
                             requires_grad=True)
        self.b = torch.zeros(1, device=device, requires_grad=True)

    def __call__(self, x: Tensor) -> Tensor:
        """Predictions (n, 1) for the rows of x (n, features)."""
        return x @ self.w.T + self.b

    def parameters(self) -> list[Tensor]:
        """The raw tensors w and b."""
        return [self.w, self.b]


def train(model: LinearRegression, x: Tensor, y: Tensor,
          lr: float = 0.02, steps: int = 1000, stop: float = 1.0,
          keep_gradients: bool = False) -> Iterator[float]:
    """Gradient descent on half the mean squared error of all rows.

    A step yields its loss once it has updated the parameters. Ends
    after `steps` steps, or earlier, before the update, once the loss
    is below `stop`.
    x is (n, features). Raises ValueError unless y is (n, 1), n >= 1,
    lr >= 0, and every parameter requires a gradient.

    With `keep_gradients` the loop never clears the gradients: each
    step adds its own to all earlier ones, which is momentum 1.
    """
    lr, steps, stop = check_training(model, lr=lr, steps=steps,
                                     stop=stop)
    for step in range(steps):
        # L = 1/2 mean (x w^T + b - y)^2
        loss = 0.5 * mse_loss(model(x), y)
        if loss < stop:
            yield loss.item()
            return
        loss.backward()
        # w <- w - lr dL/dw,  b <- b - lr dL/db
        for p in model.parameters():
            if p.grad is not None:
                p.data.sub_(p.grad, alpha=lr)
            if not keep_gradients:
                p.grad = None
        yield loss.item()
