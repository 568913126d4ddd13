"""Bugs in the gradients written out by hand."""

from tests.museum.plant import Bug

BUGS = [
    Bug("softmax-entry-by-entry", "backprop.cross_entropy_gradient",
        {"(torch.exp(log_p) - q).div_(n)":
         "(torch.exp(log_p) - q).mul_(\n"
         "        torch.exp(log_p) * (1 - torch.exp(log_p))).div_(n)"},
        "The slope of softmax is p (1 - p), like that of sigmoid.",
        "test_backprop.py::test_losses",
        "eriklindernoren/ML-From-Scratch #71"),
    Bug("sigmoid-slope-twice",
        "backprop.binary_cross_entropy_with_logits_gradient",
        {"return loss, (s - y).div_(x.numel())":
         "return loss, ((s - y) * s * (1 - s)).div_(x.numel())"},
        "The chain rule needs the slope of the sigmoid.",
        "test_backprop.py::test_losses"),
    Bug("gradient-of-the-sum", "backprop.mse_loss_gradient",
        {"error * (2 / input.numel())": "error * 2"},
        "The slope of a square is 2 x.", "test_backprop.py::test_losses"),
    Bug("bias-gradient-is-a-mean", "backprop.linear_parameter_gradients",
        {"upstream.sum(dim=0)": "upstream.mean(dim=0)"},
        "All rows share the bias.",
        "test_backprop.py::test_linear"),
    Bug("relu-forgotten-on-the-way-back", "backprop.mlp_gradients",
        {"upstream = relu_gradient(h[i], upstream)": "pass"},
        "relu is linear where it is active.",
        "test_backprop.py::test_mlp_gradients"),
    Bug("relu-masks-by-the-gradient", "backprop.relu_gradient",
        {"torch.where(output <= 0, 0, upstream)":
         "upstream.clamp(min=0)"},
        "The gradient goes through relu, too.", "test_backprop.py::test_relu"),
    Bug("input-of-the-wrong-layer", "backprop.mlp_gradients",
        {"linear_parameter_gradients(h[i - 1], upstream)":
         "linear_parameter_gradients(h[i], upstream)"},
        "The input of layer i is h[i].",
        "test_backprop.py::test_mlp_gradients"),
]
