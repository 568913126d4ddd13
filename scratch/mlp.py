"""A hidden layer: a net of linear layers and relu, and its training."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce

import torch
from torch import Tensor

from scratch._checks import check_rows, check_training, check_whole
from scratch._mode import evaluating
from scratch._net import Net
from scratch._optimizer import Optimizer
from scratch.activations import relu, sigmoid, softmax
from scratch.data import as_generator, batches
from scratch.init import uniform_


class MLP(Net):
    """Linear layers of the given widths with relu between them.

    widths: input features, hidden widths, output features. Raises
    ValueError for fewer than two, or one below 1. A layer from m to n
    features has a weight (n, m) and a bias (n,), both drawn from
    U(-1/sqrt(m), 1/sqrt(m)), as in `nn.Linear`.

    norm: "batch" or "layer" for `BatchNorm` or `LayerNorm` before each
    relu. dropout: the p of a `Dropout` after each relu; its masks are
    drawn from `generator`, too.
    """

    def __init__(self, widths: Sequence[int],
                 generator: torch.Generator | int = 0,
                 device: torch.device | str = "cpu",
                 norm: str | None = None, dropout: float = 0.0):
        if len(widths) < 2:
            raise ValueError("widths must have at least two entries, "
                             f"got {list(widths)}")
        if norm not in (None, "batch", "layer"):
            raise ValueError("norm must be None, 'batch' or 'layer', "
                             f"got {norm!r}")
        widths = [check_whole("widths", m, 1) for m in widths]
        generator = as_generator(generator)
        super().__init__(norm, widths[1:-1], dropout, generator, device)
        self.layers: list[tuple[Tensor, Tensor]] = []
        for m, n in zip(widths, widths[1:]):
            bound = 1 / m ** 0.5
            weight, bias = torch.empty(n, m), torch.empty(n)
            for p in weight, bias:
                uniform_(p, -bound, bound, generator)
            self.layers.append((
                weight.to(device=device).requires_grad_(),
                bias.to(device=device).requires_grad_()))

    def __call__(self, x: Tensor) -> Tensor:
        """Outputs (n, outputs) for the rows of x (n, features)."""
        *hidden, (weight, bias) = self.layers
        for i, (w, b) in enumerate(hidden):
            x = x @ w.T + b
            if self.norms:
                x = self.norms[i](x)
            x = relu(x)
            if self.drop.p:
                x = self.drop(x)
        return x @ weight.T + bias

    def parameters(self) -> list[Tensor]:
        """The raw tensors: each layer's weight, then its bias.

        Those of the norms follow.
        """
        return [p for layer in [*self.layers, *(
            norm.parameters() for norm in self.norms)] for p in layer]


def sequential(model: MLP) -> Callable[[Tensor], Tensor]:
    """The same net as a chain of functions, on the same parameters."""
    chain: list[Callable[[Tensor], Tensor]] = []
    *hidden, last = model.layers
    for i, layer in enumerate(hidden):
        chain += [_linear(*layer), *model.norms[i:i + 1], relu]
        if model.drop.p:
            chain.append(model.drop)
    # no relu after the last layer, and no dropout
    chain.append(_linear(*last))
    return lambda x: reduce(lambda h, f: f(h), chain, x)


def _linear(weight: Tensor, bias: Tensor) -> Callable[[Tensor], Tensor]:
    return lambda x: x @ weight.T + bias


def train(model: MLP, loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, lr: float, epochs: int,
          batch_size: int | None = None,
          generator: torch.Generator | None = None) -> Iterator[float]:
    """Gradient descent, p <- p - lr dL/dp for every parameter.

    loss_function(outputs, targets) returns a scalar; y are the targets
    of x, row by row. batch_size None: every step uses all rows. With a
    generator the rows are shuffled in each epoch, else they stay in
    order. A step yields its loss once it has updated the parameters.
    Raises ValueError unless lr >= 0 and every parameter requires a
    gradient.
    """
    lr, epochs = check_training(model, lr=lr, epochs=epochs)
    for epoch in range(epochs):
        for rows, targets in _deal(x, y, batch_size, generator):
            loss = loss_function(model(rows), targets)
            loss.backward()
            for p in model.parameters():
                if p.grad is not None:
                    # p <- p - lr dL/dp
                    p.data.sub_(p.grad, alpha=lr)
                    p.grad = None
            yield loss.item()


def _deal(x: Tensor, y: Tensor, batch_size: int | None,
          generator: torch.Generator | None,
          ) -> Iterable[tuple[Tensor, ...]]:
    """One epoch of batches; all rows in order need no copy."""
    if batch_size is None and generator is None:
        check_rows(x, y)
        return [(x, y)]
    size = len(x) if batch_size is None else batch_size
    return batches(x, y, batch_size=size, generator=generator,
                   shuffle=generator is not None)


def train_with(optimizer: Optimizer, model: MLP,
               loss_function: Callable[[Tensor, Tensor], Tensor],
               x: Tensor, y: Tensor, epochs: int,
               batch_size: int | None = None,
               generator: torch.Generator | None = None,
               ) -> Iterator[float]:
    """Like `train`, but an optimiser does the update.

    It skips a frozen parameter.
    """
    epochs = check_whole("epochs", epochs, 0)
    for epoch in range(epochs):
        for rows, targets in _deal(x, y, batch_size, generator):
            loss = loss_function(model(rows), targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            yield loss.item()


def classify(model: MLP, x: Tensor) -> Tensor:
    """Labels (n,), dtype int64.

    One output: 1 where sigmoid(output) > 1/2. Several: the class with
    the largest softmax(outputs). The model is in evaluation mode for
    that, then in its own again.
    """
    with evaluating(model):
        output = model(x)
    if output.shape[1] == 1:
        return (sigmoid(output)[:, 0] > 0.5).to(torch.int64)
    return softmax(output, dim=1).argmax(dim=1)
