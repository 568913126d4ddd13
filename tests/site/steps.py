"""The trainings of the playground, by scratch, and how they compare.

With a bug, it is the source that the museum has planted, so that what
the page plants is the museum's bug.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from itertools import chain, islice
from math import isfinite, nan
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from tests.compare.closeness import close
from tests.museum import BUGS
from tests.museum.fresh import planted_in
from tests.site.choices import LOOKS, STEPS

# The losses, and the parameters after some of the steps.
Run = tuple[list[float], dict[str, list[list[float]]]]
EPS = torch.finfo(torch.float64).eps

TOPICS = ("activations", "losses", "optim", "linear_regression",
          "logistic_regression", "softmax_regression", "mlp", "backprop")
# Where a bug is in a gradient written out by hand, the loss and its
# gradient come from there.
BY_HAND = {"softmax-entry-by-entry": "cross_entropy_gradient",
           "sigmoid-slope-twice": "binary_cross_entropy_with_logits_gradient",
           "gradient-of-the-sum": "mse_loss_gradient"}
# And here those of the whole net, or of its last layer.
BACKPROP = ("relu-forgotten-on-the-way-back", "relu-masks-by-the-gradient",
            "bias-gradient-is-a-mean")
# These are in the loop of softmax regression.
LOOP = ("bias-left-out", "partial-batch-by-the-full-size")


@lru_cache(maxsize=1)
def wing_with(bug: str) -> Any:
    """The topics of scratch, imported anew, with a bug or with none.

    Once for the trainings in a row that need it.
    """
    with planted_in(BUGS[bug] if bug else None) as fresh:
        return SimpleNamespace(**{
            topic: getattr(fresh, topic) for topic in TOPICS})


def tables(data: dict[str, Any], name: str) -> tuple[Tensor, Tensor]:
    """x and y of a data set, from what the page contains."""
    x, y = data[name]["x"], torch.tensor(data[name]["y"])
    if isinstance(x[0], str):
        return torch.tensor([[int(digit, 17) for digit in row]
                             for row in x]) / 16, y
    return torch.tensor(x), y


def training(choice: dict[str, Any], data: dict[str, Any],
             ) -> tuple[list[Tensor], Iterator[float]]:
    """The parameters, and the generator of losses that trains them."""
    bug, seed = choice["bug"], choice["seed"]
    wing = wing_with(bug)
    # The net by hand has no other activation than relu.
    setattr(wing.mlp, "relu", getattr(wing.activations,
                                      choice["activation"]))
    model, loss = model_and_loss(wing, choice)
    x, y = tables(data, choice["data"])
    if choice["loss"] != "cross_entropy":
        y = y.to(x.dtype)[:, None]
    size = choice["batch_size"] or None
    generator = torch.Generator().manual_seed(seed) if size else None
    epochs = 1000
    parameters, options = model.parameters(), choice["options"]
    if bug in LOOP:
        return parameters, wing.softmax_regression.train(
            model, x, y, options["lr"], epochs, size, generator=generator)
    if bug in BACKPROP:
        hand = wing.backprop
        gradient = getattr(hand, f"{choice['loss']}_gradient")
        return parameters, hand.train(
            model, lambda *given: hand.mlp_gradients(*given, gradient),
            x, y, options["lr"], epochs, size, generator)
    if bug in BY_HAND:
        loss = tangent(getattr(wing.backprop, BY_HAND[bug]))
    elif bug == "softmax-without-maximum":
        # The loss does not call softmax: it has the log of it.
        loss = partial(through_softmax, wing)
    optimizer = getattr(wing.optim, choice["optimizer"])(
        parameters, **options)
    return parameters, wing.mlp.train_with(
        optimizer, model, loss, x, y, epochs, size, generator)


def model_and_loss(wing, choice):
    """The model and the loss of its topic.

    A logistic regression returns probabilities, so its loss is another.
    """
    name, widths = choice["loss"], choice["widths"]
    loss = getattr(wing.losses, name)
    if len(widths) != 2:
        return wing.mlp.MLP(widths, choice["seed"]), loss
    if name == "cross_entropy":
        return wing.softmax_regression.SoftmaxRegression(*widths), loss
    if name == "mse_loss":
        return wing.linear_regression.LinearRegression(widths[0]), loss
    return (wing.logistic_regression.LogisticRegression(widths[0]),
            wing.losses.binary_cross_entropy)


def through_softmax(wing, x, y):
    """The cross-entropy, as the mean of -log softmax(x)_y."""
    return wing.losses.nll_loss(
        torch.log(wing.activations.softmax(x, dim=1)), y)


def tangent(gradient):
    """A loss for autograd, from a function that returns its gradient."""

    def loss(x, y):
        value, slope = gradient(x.detach(), y)
        return value + (slope * (x - x.detach())).sum()

    return loss


def taken(params: list[Tensor], training: Iterator[float]) -> Run:
    """The losses, and the parameters after some of the steps."""
    losses: list[float] = []
    parameters = {"0": values(params)}
    for loss in islice(training, STEPS):
        losses.append(loss)
        if len(losses) in LOOKS:
            parameters[str(len(losses))] = values(params)
        if not isfinite(loss):
            break
    return losses, parameters


def values(params: list[Tensor]) -> list[list[float]]:
    """The numbers of each parameter."""
    return [p.detach().flatten().tolist() for p in params]


def tensor(values: Iterable[float | None]) -> Tensor:
    """As a tensor; NaN for what is infinite, which JSON cannot hold."""
    return torch.tensor([nan if v is None or not isfinite(v) else v
                         for v in values], dtype=torch.float64)


def compare(run: dict[str, Any], right: Run,
            near: Run | None = None) -> None:
    """Check that the page takes these steps.

    At first they are equal to the bit. After step t they differ by at
    most 32 + 2 t eps of the largest parameter, or loss, so far. Torch
    adds up the products of a matrix product and the losses of the rows
    in another order: for 300 terms that is about 17 eps. Each step adds
    about 1 eps: torch fuses a product and a sum, and its exp and log are
    not the browser's. The bound is twice that, for other processors.
    What diverges does so at the same step.

    near: the training by scratch from a start that is an eps larger. A
    training may enlarge that to any size, and what the page rounds as
    well: 30 times as much is added to the bound.
    """
    losses, parameters = right
    near_losses, near_parameters = near or right
    assert run["parameters"]["0"] == parameters["0"]
    assert len(run["losses"]) == len(losses)
    steps = torch.arange(1, len(losses) + 1)
    hand, ref, other = map(tensor, (run["losses"], losses, near_losses))
    drift = (ref - other).nan_to_num().abs().cummax(dim=0).values
    close(hand, ref, 1, 30 * drift / EPS + (32 + 2 * steps)
          * ref.nan_to_num().abs().cummax(dim=0).values)
    scale = moved = torch.zeros(())
    for t, params in parameters.items():
        hand, ref, other = (tensor(chain(*these)) for these in (
            run["parameters"][t], params, near_parameters[t]))
        moved = torch.maximum(moved, (ref - other).nan_to_num().abs().max())
        scale = torch.maximum(scale, ref.nan_to_num().abs().max())
        close(hand, ref, 1, 30 * moved / EPS + (32 + 2 * int(t)) * scale)
