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
    return tensor(*entries).float()[:, None]


def _bound(names: Names, make: Callable[[], Any]) -> Any:
    """The largest number that a weight may start with."""
    bounds: list[float] = []
    names["uniform_"] = lambda p, low, high, generator: bounds.append(high)
    make()
    return bounds[0]


def _filters(names: Names) -> Any:
    """The bound for filters of 5 x 5 over 4 channels."""
    return _bound(names, lambda: names["layer"]([1, 4, 5, 5], None, "cpu"))


def _one_start(names: Names) -> Any:
    (first, _), (second, _) = (
        names["MLP"]([2, 2], seed).layers[0] for seed in (0, 1))
    return bool(first.eq(second).all())


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
    return net.eval().norms[0](_column(1, 3))


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
    return _cnn(names, *args)(torch.full((1, 1, 4, 4), pixel))[0, 0]


def _two_channels(names: Names) -> Any:
    """The eight numbers that the linear layer gets."""
    import torch
    net = _cnn(names, size=8, channels=(1, 2))
    net.conv2[0].data[1] *= 10
    pixels = torch.tensor([[[[1.0, 2], [3, 4]]]])
    return net(pixels.repeat_interleave(4, 2).repeat_interleave(4, 3))[
        0, :8]


def _trained(names: Names) -> Any:
    """How many numbers of a norm after one convolution are trained?"""
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


ONES = "all weights 1, all biases 0"
COPY = "filters that copy their pixel"

NETS: dict[str, Example] = {
    "relu-after-the-last-layer": (
        "one linear layer with weight 1 and bias 0, x = -2 · the output",
        lambda names: _mlp(names, 1, 1)(_column(-2))),
    "relu-left-out": (
        f"two layers of one unit, {ONES}, x = -2 · the output",
        lambda names: _mlp(names, 1, 1, 1)(_column(-2))),
    "start-without-root": (
        "a layer with 100 inputs · no weight starts above",
        lambda names: _bound(names, lambda: names["MLP"]([100, 1]))),
    "start-from-another-draw": (
        "two nets from the seeds 0 and 1 · 1 if they start with the same "
        "weights", _one_start),
    "never-shuffled": (
        "rows 0 to 3 in batches of 2, with a generator · the batches",
        _dealt),
    "logit-above-half": (
        "a logit of 0.25, so that class 1 is more probable · the label",
        lambda names: names["classify"](_mlp(names, 1, 1), _column(0.25))),
    "classify-in-training-mode": (
        f"a hidden unit with dropout 0.5, {ONES}, x = 1 four times · the "
        "labels", lambda names: names["classify"](
            _mlp(names, 1, 1, 1, dropout=0.5), _column(1, 1, 1, 1))),
    "classify-ends-the-training": (
        "a net in training classifies some rows · 1 if it is in training "
        "afterwards", _evaluated),
    "norms-keep-their-mode": (
        "a net after eval(), its batch norm with running mean 0 and "
        "variance 1 gets the column 1, 3 · its output", _norm_of_a_net),
    "norm-after-relu": (
        f"a hidden unit with batch norm, {ONES}, in training, the column "
        "-3, -1 · the output", lambda names: _mlp(
            names, 1, 1, 1, norm="batch")(_column(-3, -1))),
    "dropout-before-the-norm": (
        f"a hidden unit with batch norm and dropout 0.5, {ONES}, in "
        "training, the column 1, 3 · the output", lambda names: _mlp(
            names, 1, 1, 1, norm="batch", dropout=0.5)(_column(1, 3))),
    "dropout-after-the-last-layer": (
        "one linear layer with weight 1 and bias 0, dropout 0.5, in "
        "training, x = 1 four times · the output", lambda names: _mlp(
            names, 1, 1, dropout=0.5)(_column(1, 1, 1, 1))),
    "cnn-filter-size-forgotten": (
        "filters of 5 x 5 over 4 channels · no weight starts above",
        _filters),
    "cnn-gradients-kept": (
        "an image of zeros in class 0, all parameters 0, lr 0, two steps · "
        "the gradient of the bias of class 0 in each", _gradients),
    "cnn-softmax-before-the-loss": (
        "an image of zeros, all biases 0 · the first of the 10 logits",
        lambda names: _logit(names, 0.0)),
    "cnn-std-without-mean": (
        f"mean 0.5, std 0.25, an image of ones, {COPY} · the logit",
        lambda names: _logit(names, 1.0, 0.5, 0.25)),
    "cnn-schedule-once-an-epoch": (
        "lr 1 at the start, halved by the schedule after each step · lr in "
        "the first three steps", _rates),
    "cnn-without-relu": (
        f"mean 1, std 1, an image of zeros, {COPY} · the logit",
        lambda names: _logit(names, 0.0, 1.0, 1.0)),
    "cnn-channels-last": (
        "channel 1 has the pixels 1, 2, 3, 4, channel 2 ten times as much "
        "· the row for the linear layer", _two_channels),
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
        "two convolutions with batch norm, a linear layer · the tensors to "
        "train", _trained),
    "cnn-classify-in-training-mode": (
        "a net that puts images of ones into class 1, dropout 0.5, four of "
        "them · the labels", _labels),
}
