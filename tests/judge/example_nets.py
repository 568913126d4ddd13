"""Examples of the bugs in nets and their training: the code is run."""

from collections.abc import Callable
from typing import Any

from tests.judge.example_run import Example, Names, tensor


def _mlp(names: Names, *widths: int, **options: Any) -> Any:
    """All weights are 1, all biases 0."""
    net = names["MLP"](widths, **options)
    for weight, bias in net.layers:
        weight.data.fill_(1)
        bias.data.fill_(0)
    return net


def _column(*entries: float) -> Any:
    """A row for each entry."""
    return tensor(*entries)[:, None]


def _output(names: Names, rows: Any, *widths: int, **options: Any) -> Any:
    return _mlp(names, *widths, **options)(rows).detach()


def _bound(names: Names, make: Callable[[], Any]) -> Any:
    """The largest number that a weight may start with."""
    bounds: list[float] = []
    names["uniform_"] = lambda p, low, high, generator: bounds.append(high)
    make()
    return bounds[0]


def _filters(names: Names) -> Any:
    """The bound for filters of 5 x 5 over 4 channels."""
    return _bound(names, lambda: names["layer"]([1, 4, 5, 5], None, "cpu"))


def _starts(names: Names) -> Any:
    """One weight of each net."""
    return [names["MLP"]([1, 1], seed).layers[0][0].item()
            for seed in (0, 1)]


def _dealt(names: Names) -> Any:
    import torch
    x = tensor(*range(4))
    return [rows for rows, _ in names["_deal"](
        x, x, 2, torch.Generator().manual_seed(0))]


def _evaluated(names: Names) -> Any:
    """Does a net train on after `evaluating`?"""
    net = names["Mode"]()
    with names["evaluating"](net):
        pass
    return net.training


def _norm_of_a_net(names: Names) -> Any:
    import torch
    net = names["Net"]("batch", [1], 0.0, torch.Generator(), "cpu")
    return net.eval().norms[0](_column(1, 3)).detach()


def _cnn(names: Names, *args: float, size: int = 4,
         channels: tuple[int, int] = (1, 1), **options: Any) -> Any:
    """Each filter copies a pixel; a logit is an entry of the row."""
    import torch
    net = names["CNN"](*args, channels=channels, size=size, **options)
    for p in net.parameters()[:6]:
        p.data.fill_(0)
    for weight, _ in net.conv1, net.conv2:
        weight.data[..., 2, 2] = 1
    net.linear[0].data.copy_(torch.eye(*net.linear[0].shape))
    return net


def _logit(names: Names, pixel: float, *args: float) -> Any:
    """The first one, of an image of equal pixels."""
    import torch
    return _cnn(names, *args)(torch.full((1, 1, 4, 4), pixel))[
        0, 0].detach()


def _two_channels(names: Names) -> Any:
    """The eight numbers that the linear layer gets."""
    import torch
    net = _cnn(names, size=8, channels=(1, 2))
    net.conv2[0].data[1] *= 10
    pixels = torch.tensor([[[[1.0, 2], [3, 4]]]])
    return net(pixels.repeat_interleave(4, 2).repeat_interleave(4, 3))[
        0, :8].detach()


def _trained(names: Names) -> Any:
    """How many tensors are parameters?"""
    net = names["CNN"](channels=(1, 1), size=4, norm="batch")
    return len(net.parameters())


def _labels(names: Names) -> Any:
    """A dropped entry leaves logits of 0: the label is 0."""
    import torch
    net = _cnn(names, dropout=0.5)
    net.linear[0].data[:2] = tensor([0], [1])
    return names["classify"](net, torch.ones(4, 1, 4, 4))


def _training(names: Names, rows: int, batch_size: int = 1,
              epochs: int = 1, lr: float = 0.0) -> Any:
    """Of images of zeros, all in class 0; all parameters are 0."""
    import torch
    net = _cnn(names)
    net.linear[0].data.fill_(0)
    return names["Training"](
        net, torch.zeros(rows, 1, 4, 4),
        torch.zeros(rows, dtype=torch.int64),
        names["Recipe"](batch_size, lr), epochs)


def _gradients(names: Names) -> Any:
    """Of the bias of class 0, when the optimiser makes its step."""
    training, seen = _training(names, 2), []
    step, bias = training.optimizer.step, training.model.linear[1]

    def watched() -> None:
        seen.append(bias.grad[0].clone())
        step()

    training.optimizer.step = watched
    list(training)
    return seen


def _rates(names: Names) -> Any:
    """The learning rate of each step."""
    from scratch.lr_scheduler import ExponentialLR
    training = _training(names, 3, lr=1.0)
    training.scheduler = ExponentialLR(training.optimizer, 0.5)
    groups = training.optimizer.param_groups
    rates = [groups[0]["lr"]]
    for _ in training:
        rates.append(groups[0]["lr"])
    return rates[:3]


def _order(names: Names, batch_size: int, epochs: int = 1,
           step: int = 0) -> Any:
    """The rows of each step, of an epoch of 4 rows."""
    training = _training(names, 4, batch_size, epochs)
    training._advance, training.step = lambda rows: rows, step
    return list(training)


def _accuracy(names: Names) -> Any:
    """Only the last of 251 labels is right."""
    import torch
    names["classify"] = lambda model, x: x
    x = torch.zeros(251, dtype=torch.int64)
    x[-1] = 1
    return names["evaluate"](None, x, torch.ones_like(x))


WITHIN = "its weights start within plus or minus"
COPY = "filters that copy the pixel"
UNIT = "one hidden unit, weights 1, biases 0"

NETS: dict[str, Example] = {
    "relu-after-the-last-layer": (
        "one linear layer, weight 1, bias 0, x = -2 · the output",
        lambda names: _output(names, _column(-2), 1, 1)),
    "relu-left-out": (
        f"{UNIT}, x = -2 · the output",
        lambda names: _output(names, _column(-2), 1, 1, 1)),
    "start-without-root": (
        f"a layer with 100 inputs · {WITHIN}",
        lambda names: _bound(names, lambda: names["MLP"]([100, 1]))),
    "start-from-another-draw": (
        "two nets from the seeds 0 and 1 · the first weight of each",
        _starts),
    "never-shuffled": (
        "rows 0 to 3, shuffled batches of 2", _dealt),
    "logit-above-half": (
        "a logit of 0.25, whose sigmoid is above 1/2 · the label",
        lambda names: names["classify"](
            _mlp(names, 1, 1), _column(0.25))),
    "classify-in-training-mode": (
        f"{UNIT}, dropout 0.5, four rows x = 1 · the labels",
        lambda names: names["classify"](
            _mlp(names, 1, 1, 1, dropout=0.5), _column(1, 1, 1, 1))),
    "classify-ends-the-training": (
        "a net in training classifies some rows · 1 if it is in training "
        "afterwards", _evaluated),
    "norms-keep-their-mode": (
        "after eval(), a batch norm with running mean 0 and variance 1, the "
        "column 1, 3 · its output", _norm_of_a_net),
    "norm-after-relu": (
        f"{UNIT}, batch norm in training, the rows x = -3 and x = -1 · the "
        "outputs", lambda names: _output(
            names, _column(-3, -1), 1, 1, 1, norm="batch")),
    "dropout-before-the-norm": (
        f"{UNIT}, batch norm and dropout 0.5 in training, the rows x = 1 "
        "and x = 3 · the outputs", lambda names: _output(
            names, _column(1, 3), 1, 1, 1, norm="batch", dropout=0.5,
            generator=1)),
    "dropout-after-the-last-layer": (
        "one linear layer, weight 1, bias 0, dropout 0.5 in training, four "
        "rows x = 1 · the outputs", lambda names: _output(
            names, _column(1, 1, 1, 1), 1, 1, dropout=0.5)),
    "cnn-filter-size-forgotten": (
        f"a convolution of 5 x 5 over 4 channels · {WITHIN}", _filters),
    "cnn-gradients-kept": (
        "all parameters 0, two steps with lr 0, images of class 0 · the "
        "gradient of that class's bias in each step", _gradients),
    "cnn-softmax-before-the-loss": (
        "an image of zeros, all biases 0 · the first of the 10 logits",
        lambda names: _logit(names, 0.0)),
    "cnn-std-without-mean": (
        f"an image of ones, mean 0.5, std 0.25, {COPY} · the first logit",
        lambda names: _logit(names, 1.0, 0.5, 0.25)),
    "cnn-schedule-once-an-epoch": (
        "lr 1, which the schedule halves after each step · lr in the first "
        "three steps", _rates),
    "cnn-without-relu": (
        f"an image of zeros, mean 1, std 1, {COPY} · the first logit",
        lambda names: _logit(names, 0.0, 1.0, 1.0)),
    "cnn-channels-last": (
        "the channels 1, 2, 3, 4 and 10, 20, 30, 40 · the row for the linear "
        "layer", _two_channels),
    "cnn-same-order-in-each-epoch": (
        "4 rows in one batch, two epochs · the order of the rows in each",
        lambda names: _order(names, 4, 2)),
    "cnn-resumed-from-the-start-of-the-epoch": (
        "an epoch of 4 rows, one a step, saved after step 2 and resumed · "
        "the rows that follow",
        lambda names: _order(names, 1, step=2)),
    "cnn-mean-of-the-parts": (
        "251 images in parts of 250 and 1, only the last one is classified "
        "correctly · the accuracy", _accuracy),
    "cnn-norms-not-trained": (
        "two convolutions with batch norm, a linear layer · how many "
        "tensors are trained", _trained),
    "cnn-classify-in-training-mode": (
        "four equal images of class 1, dropout 0.5 · their labels",
        _labels),
}
