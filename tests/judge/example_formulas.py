"""Examples of bugs in formulas that the judge does not know.

Gains, accuracy, and gradients by hand: the code is run.
"""

from typing import Any

from tests.judge.example_run import Example, Names, tensor


def _accuracy(names: Names) -> Any:
    return names["accuracy"](tensor(0, 1, 2, 2), tensor(0, 1, 2, 3))


def _gain(a: float) -> Example:
    return (f"gain for leaky_relu with slope {a:g} below 0",
            lambda names: names["calculate_gain"]("leaky_relu", a))


def _zeros(names: Names) -> Any:
    return names["zeros_"](tensor(5, float("nan")))


def _of_logits(names: Names) -> Any:
    """The gradient of the cross-entropy."""
    import torch
    return names["cross_entropy_gradient"](
        tensor([0, 0]), torch.tensor([0]))[1]


def _of_bias(names: Names) -> Any:
    return names["linear_parameter_gradients"](
        tensor([1], [1]), tensor([1], [3]))[1]


def _of_first_weight(first: float) -> Example:
    """In a net with one hidden feature, where L is the output."""

    def compute(names: Names) -> Any:
        model = names["MLP"]([1, 1, 1])
        for p, value in zip(model.parameters(), (first, 0, 1, 0)):
            p.data.fill_(value)
        return names["mlp_gradients"](
            model, tensor([2]), None,
            lambda output, y: (output, output.new_ones(1, 1)))[1][0]

    return (f"x = 2, w = {first:g}, h = relu(w x), L = h · dL/dw",
            compute)


def _two_channels(names: Names) -> Any:
    return names["flatten"](tensor([[[1, 2]], [[3, 4]]]))


def _of_wide_image(names: Names) -> Any:
    """Each of its pixels is seen once, by the only weight."""
    import torch
    return names["conv2d_gradients"](
        tensor([[[0, 0]]]), tensor([[[2]]]),
        torch.ones(1, 1, 3, 4, dtype=torch.float64), padding=1)[0]


def _of_batch_norm(names: Names, column: list[float], upstream: list[float],
                   weight: float = 1) -> Any:
    """dL/dx and dL/dweight; eps is too small to change the variance."""
    return names["batch_norm_gradients"](
        tensor(*column)[:, None], tensor(weight),
        tensor(*upstream)[:, None], eps=1e-20)


COLUMN = "batch_norm of the column 1, 3, eps 1e-20, upstream gradient"

FORMULAS: dict[str, Example] = {
    "accuracy-always-0": (
        "predicted 0, 1, 2, 2 for the labels 0, 1, 2, 3 · accuracy",
        _accuracy),
    "slope-not-squared": _gain(0.5),
    "leaky-slope-ignored": _gain(1),
    "zero-times-what-was-there": (
        "zeros_ of the tensor 5, nan", _zeros),
    "softmax-entry-by-entry": (
        "cross-entropy of the logits 0, 0, class 0 · dL/dx", _of_logits),
    "bias-gradient-is-a-mean": (
        "two rows with upstream gradients 1 and 3 · dL/db", _of_bias),
    "relu-forgotten-on-the-way-back": _of_first_weight(-1),
    "input-of-the-wrong-layer": _of_first_weight(3),
    "flatten-channels-last": (
        "an image with the channels [1, 2] and [3, 4], as a row",
        _two_channels),
    "images-are-square": (
        "an image of 1 row and 2 columns, padding 1, a filter of the one "
        "weight 2, upstream gradient 1 everywhere · dL/dx",
        _of_wide_image),
    "mean-taken-for-a-constant": (
        f"{COLUMN} 1, 1 · dL/dx",
        lambda names: _of_batch_norm(names, [1, 3], [1, 1])[0]),
    "std-taken-for-a-constant": (
        f"{COLUMN} -1, 1 · dL/dx",
        lambda names: _of_batch_norm(names, [1, 3], [-1, 1])[0]),
    "weight-left-out-on-the-way-back": (
        "batch_norm of the column 1, 1, 3, 3, eps 1e-20, weight 2, "
        "upstream gradient 1, -1, 0, 0 · dL/dx",
        lambda names: _of_batch_norm(names, [1, 1, 3, 3], [1, -1, 0, 0],
                                     2)[0]),
    "weight-gradient-of-x": (
        f"{COLUMN} 0, 1 · dL/dweight",
        lambda names: _of_batch_norm(names, [1, 3], [0, 1])[1]),
}
