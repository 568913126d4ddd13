"""Weight decay in gradient descent."""

from collections.abc import Iterator

from torch import Tensor

from scratch._checks import check_training
from scratch.linear_regression import LinearRegression
from scratch.losses import mse_loss


def train(model: LinearRegression, x: Tensor, y: Tensor,
          lr: float = 0.02, steps: int = 1000, stop: float = 1.0,
          keep_gradients: bool = False,
          weight_decay: float = 0.0) -> Iterator[float]:
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
                # dL/dp <- dL/dp + weight_decay p
                p.data.sub_(p.grad + weight_decay * p.data, alpha=lr)
            if not keep_gradients:
                p.grad = None
        yield loss.item()
