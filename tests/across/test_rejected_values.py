"""Rule 11: values that both sides reject, in tensors to losses."""

import numpy as np
import pytest
import torch

from scratch.front_door.lesson import WINGS

on_both_sides = pytest.mark.parametrize(
    "wing", WINGS, ids=["by hand", "by torch"])
ALONG = ("textbook_softmax", "softmax", "log_softmax")
BY_ENTRY = ("mse_loss", "binary_cross_entropy",
            "binary_cross_entropy_with_logits")
BY_ROW = ("nll_loss", "cross_entropy")
NOT_FLOATS = (torch.int64, torch.int32, torch.uint8, torch.bool,
              torch.complex64)
X = torch.tensor([[0.25, 0.5], [0.75, 0.125], [0.5, 0.375]])
LABELS = torch.tensor([0, 1, 1])


def of_one(wing):
    """Every function of one tensor."""
    return {
        **{name: getattr(wing.tensors, name)
           for name in ("abs", "mean_square")},
        "gradient": lambda x: wing.tensors.gradient(
            wing.tensors.mean_square, x),
        "numerical_gradient": lambda x: wing.tensors.numerical_gradient(
            wing.tensors.mean_square, x),
        **{name: getattr(wing.activations, name)
           for name in ("relu", "sigmoid", "tanh", "softplus")},
        **{name: lambda x, name=name: getattr(wing.activations, name)(x, 0)
           for name in ALONG},
        **{name: lambda x, name=name: getattr(wing.losses, name)(x, LABELS)
           for name in BY_ROW}}


def of_two(wing):
    """Every function of two tensors of the same shape."""
    return {
        "dot": lambda a, b: wing.tensors.dot(a[0], b[0]),
        "mm": lambda a, b: wing.tensors.mm(a, b.T),
        "lerp": lambda a, b: wing.tensors.lerp(a, b, 0.5),
        **{f"{name}, {reduction}": lambda a, b, name=name, r=reduction:
           getattr(wing.losses, name)(a, b, r)
           for name in BY_ENTRY for reduction in ("none", "mean", "sum")}}


@pytest.mark.parametrize("dtype", NOT_FLOATS)
@pytest.mark.parametrize("name", of_one(WINGS[0]))
@on_both_sides
def test_only_floats(wing, name, dtype):
    """Another dtype raises RuntimeError and is named.

    Softmax promotes integers by hand, and has no kernel by torch; -1 is
    255 in uint8.
    """
    function = of_one(wing)[name]
    with pytest.raises(RuntimeError, match=f"{dtype}$"):
        function(X.to(dtype))
    for wrong in X.tolist(), X.numpy(force=True), 0.5, None:
        with pytest.raises(TypeError, match="input must be a tensor, got"):
            function(wrong)


@pytest.mark.parametrize("dtype", [
    *NOT_FLOATS, torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("name", of_two(WINGS[0]))
@on_both_sides
def test_one_dtype(wing, name, dtype):
    """Two dtypes raise RuntimeError; so do two that are not floats.

    Torch promotes in some losses, and raises in others.
    """
    function, y = of_two(wing)[name], X.to(dtype)
    pairs = [(X, y), (y, X)] + [(y, y)] * (dtype in NOT_FLOATS)
    for a, b in pairs:
        with pytest.raises(RuntimeError, match=str(dtype)):
            function(a, b)
    if name not in ("dot", "mm"):
        for pair in (X, X.tolist()), (X.numpy(force=True), X):
            with pytest.raises(TypeError, match="must be a tensor, got a"):
                function(*pair)


@pytest.mark.parametrize("wrong, error", [
    (True, TypeError), ("0.5", TypeError), (None, TypeError),
    (torch.tensor(0.5), TypeError), (0.5j, TypeError),
    (torch.nan, ValueError)])
@on_both_sides
def test_weight_and_step_are_numbers(wing, wrong, error):
    """Of lerp and numerical_gradient; a step below 0 raises, too."""
    with pytest.raises(error, match="^weight must be"):
        wing.tensors.lerp(X, X, wrong)
    for eps in wrong, -1.0:
        with pytest.raises((error, ValueError), match="^eps must be"):
            wing.tensors.numerical_gradient(torch.sum, X, eps)


@on_both_sides
def test_numbers_of_numpy_are_numbers(wing):
    """np.float32 and np.float64 do what a float does."""
    a, b = torch.zeros(2, requires_grad=True), torch.ones(2)
    for kind in np.float32, np.float64:
        assert wing.tensors.lerp(a, b, kind(0.25)).tolist() == [0.25] * 2
        slope = wing.tensors.numerical_gradient(torch.sum, b, kind(0.5))
        assert slope.tolist() == [1.0, 1.0]
        args = X, LABELS, "mean"
        assert (wing.losses.cross_entropy(*args, kind(0.25))
                == wing.losses.cross_entropy(*args, 0.25))


@pytest.mark.parametrize("name", ALONG)
@on_both_sides
def test_dim_is_an_axis_with_entries(wing, name):
    """No such axis, no axis, or an empty one raise; a scalar has one."""
    function, x = getattr(wing.activations, name), torch.ones(2, 3)
    for dim in 2, -3, 10 ** 30:
        with pytest.raises(IndexError):
            function(x, dim)
    for wrong in None, 1.0, "1", [0], (0, 1), torch.tensor(1.0):
        with pytest.raises(TypeError):
            function(x, wrong)
    for shape, dim in ((2, 0), 1), ((0, 2), 0), ((0,), -1):
        with pytest.raises(ValueError, match="at least one entry"):
            function(torch.ones(shape), dim)
    assert function(torch.ones(0, 2), 1).shape == (0, 2)
    for dim in 0, -1:
        assert function(torch.tensor(2.0), dim) == (name != "log_softmax")


@pytest.mark.parametrize("wrong", [True, False, torch.tensor(0.1), "0.1",
                                   None, 0.1j])
@on_both_sides
def test_label_smoothing_is_a_number(wing, wrong):
    """Anything else raises TypeError."""
    with pytest.raises(TypeError):
        wing.losses.cross_entropy(X, LABELS, label_smoothing=wrong)


@pytest.mark.parametrize("labels", [[0, 1, -1], [-1, 0, 1], [-1, -1, -1]])
@pytest.mark.parametrize("name", BY_ROW)
@on_both_sides
def test_the_label_minus_1(wing, name, labels):
    """-1 is not the last class, alone among labels that are right."""
    labels = torch.tensor(labels)
    loss = getattr(wing.losses, name)
    for reduction in "none", "mean", "sum":
        with pytest.raises(IndexError, match="from 0 to 1, got -1"):
            loss(X, labels, reduction)
    with pytest.raises(IndexError, match="from 0 to 1, got -1"):
        wing.losses.cross_entropy(X, labels, label_smoothing=0.1)


@pytest.mark.parametrize("name, first", [
    ("linear_input_gradient", "weight"),
    ("linear_parameter_gradients", "input")])
@on_both_sides
def test_two_matrices(wing, name, first):
    """A wrong type, dtype or number of axes: the argument is named."""
    function = getattr(wing.backprop, name)
    for wrong, error, words in ((X.tolist(), TypeError, "be a tensor"),
                                (X.long(), RuntimeError, "have a floating"),
                                (X[0], ValueError, "have two axes")):
        with pytest.raises(error, match=f"^{first} must {words}"):
            function(wrong, X)
        with pytest.raises(error, match=f"^upstream must {words}"):
            function(X, wrong)


@pytest.mark.parametrize("wrong", [[0, 1, 1], None, 1])
@pytest.mark.parametrize("name", BY_ROW)
@on_both_sides
def test_labels_are_a_tensor(wing, name, wrong):
    """Anything else raises TypeError, which says what it is."""
    with pytest.raises(TypeError, match="^target must be a tensor, got a"):
        getattr(wing.losses, name)(X, wrong)


@pytest.mark.parametrize("wrong", ["average", "", None, ["mean"], 1,
                                   "elementwise_mean"])
@pytest.mark.parametrize("name", BY_ENTRY + BY_ROW)
@on_both_sides
def test_reduction(wing, name, wrong):
    """There are three. Torch still takes "elementwise_mean", too."""
    with pytest.raises(ValueError, match="or 'sum', got "):
        getattr(wing.losses, name)(
            X, LABELS if name in BY_ROW else X, wrong)
