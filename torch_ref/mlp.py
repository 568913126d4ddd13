"""A hidden layer: `nn.Module`, `nn.Sequential` and `torch.optim`."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init
from torch.optim import Optimizer

from torch_ref._checks import check_training, check_whole
from torch_ref._net import evaluating
from torch_ref.data import as_generator, batches
from torch_ref.dropout import Dropout
from torch_ref.init import uniform_
from torch_ref.normalization import BatchNorm, LayerNorm
from torch_ref.optim import SGD


class MLP(nn.Module):
    """`nn.Linear` layers of the given widths with relu between them."""

    def __init__(self, widths: Sequence[int],
                 generator: torch.Generator | int = 0,
                 device: torch.device | str = "cpu",
                 norm: str | None = None, dropout: float = 0.0):
        super().__init__()
        if len(widths) < 2:
            raise ValueError("widths must have at least two entries, "
                             f"got {list(widths)}")
        if norm not in (None, "batch", "layer"):
            raise ValueError("norm must be None, 'batch' or 'layer', "
                             f"got {norm!r}")
        widths = [check_whole("widths", m, 1) for m in widths]
        generator = as_generator(generator)
        # nn.Linear's own start is drawn from the global generator.
        self.layers = nn.ModuleList(
            skip_init(nn.Linear, m, n)
            for m, n in zip(widths, widths[1:]))
        self.norms = nn.ModuleList(
            (BatchNorm if norm == "batch" else LayerNorm)(n)
            for n in widths[1:-1] if norm)
        self.drop = Dropout(dropout, generator)
        for m, layer in zip(widths, self.layers):
            bound = 1 / m ** 0.5
            for p in layer.parameters():
                uniform_(p, -bound, bound, generator)
        self.to(device)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs (n, outputs) for the rows of x (n, features)."""
        *hidden, last = self.layers
        for i, layer in enumerate(hidden):
            x = layer(x)
            if self.norms:
                x = self.norms[i](x)
            x = torch.relu(x)
            if self.drop.p:
                x = self.drop(x)
        return last(x)


def sequential(model: MLP) -> Callable[[Tensor], Tensor]:
    """The same net as `nn.Sequential`, on the same parameters."""
    chain: list[nn.Module] = []
    *hidden, last = model.layers
    for i, layer in enumerate(hidden):
        chain += [layer, *model.norms[i:i + 1], nn.ReLU()]
        if model.drop.p:
            chain.append(model.drop)
    # no relu after the last layer, and no dropout
    return nn.Sequential(*chain, last)


def train(model: MLP, loss_function: Callable[[Tensor, Tensor], Tensor],
          x: Tensor, y: Tensor, lr: float, epochs: int,
          batch_size: int | None = None,
          generator: torch.Generator | None = None) -> Iterator[float]:
    """Plain SGD; yields each step's loss."""
    lr, epochs = check_training(model, lr=lr, epochs=epochs)
    optimizer = SGD(model.parameters(), lr=lr)
    yield from train_with(optimizer, model, loss_function, x, y, epochs,
                          batch_size, generator)


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
    size = len(x) if batch_size is None else batch_size
    for epoch in range(epochs):
        for rows, targets in batches(x, y, batch_size=size,
                                     shuffle=generator is not None,
                                     generator=generator):
            loss = loss_function(model(rows), targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            yield loss.item()


def classify(model: MLP, x: Tensor) -> Tensor:
    """Labels (n,), dtype int64, by sigmoid or by softmax and argmax."""
    with evaluating(model):
        output = model(x)
    if output.shape[1] == 1:
        return torch.sigmoid(output).squeeze(1).gt(0.5).long()
    return torch.softmax(output, dim=1).argmax(dim=1)
