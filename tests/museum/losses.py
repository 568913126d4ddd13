"""Bugs in the losses."""

from tests.museum.plant import Bug

BUGS = [
    Bug("sum-for-mean", "losses._reduce",
        {"return loss.mean()": "return loss.sum()"},
        "The learning rate takes care of the scale.",
        "test_losses.py::test_mse_loss"),
    Bug("mean-twice", "losses._reduce",
        {"return loss.mean()": "return loss.mean() / len(loss)"},
        "The mean over the batch.", "test_losses.py::test_mse_loss"),
    Bug("half-the-square", "losses.mse_loss",
        {"error * error": "0.5 * error * error"},
        "The 2 of the slope then cancels.",
        "test_losses.py::test_mse_loss",
        "ddbourgin/numpy-ml"),
    Bug("rows-against-a-column", "losses.mse_loss",
        {"input, target = check_pair(input, target)": "pass"},
        "Broadcasting is convenient.",
        "test_linear_regression.py::"
        "test_targets_in_one_dimension_are_rejected"),
    Bug("cross-entropy-target-swapped", "losses.binary_cross_entropy",
        {"x, y = wide(input), wide(target)":
         "x, y = wide(input), 1 - wide(target)"},
        "Which of the two is the label?",
        "test_losses.py::test_binary_cross_entropy"),
    Bug("cross-entropy-plus-eps", "losses.binary_cross_entropy",
        {"torch.log(p).clamp(min=-100)": "torch.log(p + 1e-12)",
         "torch.log1p(-p).clamp(min=-100)": "torch.log(1 - p + 1e-12)"},
        "A small number keeps the log from -inf.",
        "test_losses.py::test_binary_cross_entropy",
        "9 places, 1e-8 to 1e-3"),
    Bug("cross-entropy-slope-by-autograd", "losses.binary_cross_entropy",
        {"p = x.detach()": "p = x",
         "loss = loss + slope * (x - p)": "pass"},
        "Autograd can do it: 0 * inf at p = 0.",
        "test_losses.py::test_binary_cross_entropy"),
    Bug("logits-through-a-probability",
        "losses.binary_cross_entropy_with_logits",
        {"return _reduce(linear + torch.log1p(z), reduction)":
         "p = 1 / (1 + torch.exp(-x))\n"
         "    return _reduce((y - 1) * torch.log(1 - p)\n"
         "                   - y * torch.log(p), reduction)"},
        "Sigmoid first, then the cross-entropy.",
        "test_losses.py::test_binary_cross_entropy_with_logits"),
    Bug("logits-slope-at-0", "losses.binary_cross_entropy_with_logits",
        {"z = torch.exp(x * (2 * n - 1))": "z = torch.exp(-x.abs())"},
        "exp(-|x|) never overflows; its slope at 0 is 0.",
        "test_losses.py::test_binary_cross_entropy_with_logits"),
    Bug("label-shifted", "losses._pick",
        {"return input[rows, target]": "return input[rows, target - 1]"},
        "Classes count from 1.", "test_losses.py::test_cross_entropy"),
    Bug("smoothing-among-the-others", "losses.cross_entropy",
        {"share = label_smoothing / input.shape[1]":
         "share = label_smoothing / max(input.shape[1] - 1, 1)"},
        "The other classes share it.",
        "test_losses.py::test_cross_entropy",
        "cavaface"),
    Bug("smoothing-adds-up-to-more", "losses.cross_entropy",
        {"(1 - label_smoothing) * loss": "loss"},
        "Smoothing is a term that is added.",
        "test_losses.py::test_cross_entropy"),
    Bug("accuracy-always-0", "losses.accuracy",
        {'return _reduce(right, "mean").item()':
         "return float(int(right.sum()) // len(right))"},
        "Right ones divided by all of them, as integers.",
        "test_losses.py::test_accuracy", "MorvanZhou/PyTorch-Tutorial #59"),
    Bug("cross-entropy-clipped", "losses.binary_cross_entropy",
        {"p = x.detach()": "p = x.detach().clamp(1e-7, 1 - 1e-7)",
         "loss = loss + slope * (x - p)":
         "loss = loss + slope * (x - x.detach())"},
        "p is kept away from 0 and 1.",
        "test_losses.py::test_binary_cross_entropy",
        "13 places, 1e-20 to 1e-7"),
    Bug("cross-entropy-zero-times-log-zero", "losses.binary_cross_entropy",
        {"log_p = torch.log(p).clamp(min=-100)": "log_p = torch.log(p)",
         "log_q = torch.log1p(-p).clamp(min=-100)":
         "log_q = torch.log1p(-p)"},
        "0 * log(0) is 0.", "test_losses.py::test_binary_cross_entropy",
        "7 places, among them lionelmessi6410/"
        "Neural-Networks-from-Scratch"),
]
