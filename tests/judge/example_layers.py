"""Examples of the bugs in normalisation and dropout: the code is run."""

from typing import Any

from tests.judge.example_run import Example, Names, slope, tensor


def _gradient(names: Names) -> Any:
    """At 8 zeros, with an upstream gradient of 1."""
    import torch
    return slope(lambda x: names["dropout"](
        x, 0.5, generator=torch.Generator().manual_seed(0)),
        tensor(*[0] * 8))


def _dropped(names: Names, *shape: int, p: float = 0.5,
             training: bool = True) -> Any:
    """What dropout makes of ones."""
    import torch
    return names["dropout"](
        torch.ones(shape, dtype=torch.float64), p, training,
        torch.Generator().manual_seed(0))


def _twice_from_one_seed(names: Names) -> Any:
    return all(_dropped(names, 50).eq(_dropped(names, 50)))


def _two_calls(names: Names) -> Any:
    import torch
    layer = names["Dropout"](0.5, 0)
    x = torch.ones(50)
    return all(layer(x).eq(layer(x)))


def _kept_input(names: Names) -> Any:
    import torch
    x = torch.ones(8)
    names["dropout"](x, 0.5, generator=torch.Generator().manual_seed(0))
    return x


def _evaluated(names: Names) -> Any:
    import torch
    layer = names["Dropout"](0.5, 0)
    layer.training = False
    return layer(torch.ones(8))


def _mode(names: Names) -> Any:
    return names["Mode"]().eval().training


def _normalised(names: Names,
                training: bool = True) -> tuple[Any, Any, Any]:
    """batch_norm of the column 1, 3; running mean and variance."""
    mean, var = tensor(0), tensor(1)
    return names["batch_norm"](tensor([1], [3]), mean, var,
                               training=training), mean, var


def _needs_gradient(names: Names) -> Any:
    mean, var = tensor(0), tensor(1)
    names["batch_norm"](tensor([1], [3]).requires_grad_(), mean, var,
                        training=True)
    return mean.requires_grad


def _images(names: Names) -> Any:
    """Two images of 2 x 2, with one channel."""
    return names["batch_norm"](tensor([[[1, 2], [3, 4]]],
                                      [[[5, 6], [7, 8]]]),
                               None, None, training=True)[0]


def _halves(names: Names) -> Any:
    import torch
    x = torch.tensor([[100.0], [100.5], [100.5]], dtype=torch.bfloat16)
    return names["batch_norm"](x, None, None, training=True)


def _rows(names: Names, *rows: Any, shape: Any = (2,), single: bool = False,
          **options: Any) -> Any:
    x = tensor(*rows)
    return names["layer_norm"](x.float() if single else x, shape, **options)


COLUMN = "the column 1, 3, running mean 0, variance 1"
BATCH, EVALUATED = f"training, {COLUMN}", f"evaluation, {COLUMN}"
IMAGES = ("the images [[1, 2], [3, 4]], [[5, 6], [7, 8]] · the first output",
          _images)

LAYERS: dict[str, Example] = {
    "running-variance-of-the-batch": (
        f"{BATCH} · the variance afterwards",
        lambda names: _normalised(names)[2]),
    "momentum-the-other-way-round": (
        f"{BATCH}, momentum 0.1 · the mean afterwards",
        lambda names: _normalised(names)[1]),
    "running-statistics-assigned": (
        f"{BATCH} · mean and variance afterwards",
        lambda names: _normalised(names)[1:]),
    "running-statistics-with-gradient": (
        f"{BATCH} · 1 if the mean needs a gradient afterwards",
        _needs_gradient),
    "training-with-running-statistics": (
        f"{BATCH} · the output", lambda names: _normalised(names)[0]),
    "evaluation-with-batch-statistics": (
        f"{EVALUATED} · the output",
        lambda names: _normalised(names, False)[0]),
    "statistics-move-in-evaluation": (
        f"{EVALUATED} · the mean afterwards",
        lambda names: _normalised(names, False)[1]),
    "running-variance-from-0": (
        "a new layer · its running variance",
        lambda names: names["BatchNorm"](1).running_var),
    "statistics-per-pixel": IMAGES,
    "statistics-per-image": IMAGES,
    "normalised-in-16-bits": (
        "the column 100, 100.5, 100.5 in bfloat16", _halves),
    "variance-of-a-sample": (
        "layer_norm of the row 1, 3",
        lambda names: _rows(names, [1, 3])),
    "eps-outside-the-root": (
        "layer_norm of the row 1, 3, eps 1",
        lambda names: _rows(names, [1, 3], eps=1.0)),
    "eps-left-out": (
        "layer_norm of the row 2, 2",
        lambda names: _rows(names, [2, 2])),
    "square-for-root": (
        "layer_norm of the row 1, 5",
        lambda names: _rows(names, [1, 5])),
    "mean-square-minus-square": (
        "layer_norm of the row 10000, 10002 in float32",
        lambda names: _rows(names, [10000, 10002], single=True)),
    "weight-before-the-mean": (
        "layer_norm of the row 1, 3, weight 1, 2",
        lambda names: _rows(names, [1, 3], weight=tensor(1, 2))),
    "layer-norm-over-the-batch": (
        "layer_norm of the rows [1, 3], [5, 5]",
        lambda names: _rows(names, [1, 3], [5, 5])),
    "layer-norm-over-one-axis": (
        "layer_norm of [[1, 3], [5, 5]], normalized_shape (2, 2)",
        lambda names: _rows(names, [1, 3], [5, 5], shape=(2, 2))),
    "dropout-not-scaled": (
        "8 ones in training, p = 0.5", lambda names: _dropped(names, 8)),
    "dropout-scaled-at-evaluation": (
        "a one in evaluation, p = 0.5",
        lambda names: _dropped(names, 1, training=False)),
    "dropout-scaled-twice": (
        "a one in evaluation, p = 0.5",
        lambda names: _dropped(names, 1, training=False)),
    "dropout-p-keeps": (
        "10,000 ones in training, p = 0.2 · the share that is not 0",
        lambda names: (_dropped(names, 10000, p=0.2) != 0).double().mean()),
    "dropout-divided-by-p": (
        "8 ones in training, p = 0.2",
        lambda names: _dropped(names, 8, p=0.2)),
    "dropout-zero-over-zero": (
        "a one in training, p = 1",
        lambda names: _dropped(names, 1, p=1)),
    "dropout-one-mask-for-the-batch": (
        "two rows of 4 ones in training, p = 0.5",
        lambda names: _dropped(names, 2, 4)),
    "dropout-whole-rows": (
        "four rows of 2 ones in training, p = 0.5",
        lambda names: _dropped(names, 4, 2)),
    "dropout-gradient-not-masked": (
        "8 entries in training, p = 0.5 · dL/dx for an upstream gradient "
        "of 1", _gradient),
    "dropout-new-mask-in-backward": (
        "8 entries in training, p = 0.5 · dL/dx for an upstream gradient "
        "of 1", _gradient),
    "dropout-in-place": (
        "8 ones in training, p = 0.5 · the input afterwards",
        _kept_input),
    "dropout-global-generator": (
        "50 ones, two calls with one seed · 1 if their masks are equal",
        _twice_from_one_seed),
    "dropout-mask-not-redrawn": (
        "50 ones, two calls of one layer · 1 if their masks are equal",
        _two_calls),
    "dropout-seeded-anew": (
        "50 ones, two calls of one layer · 1 if their masks are equal",
        _two_calls),
    "dropout-active-at-evaluation": (
        "8 ones in evaluation, p = 0.5", _evaluated),
    "dropout-eval-trains": (
        "after eval() · 1 if it trains", _mode),
}
