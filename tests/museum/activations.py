"""Bugs in the activations."""

from tests.museum.plant import Bug

BUGS = [
    Bug("relu-slope-1-at-0", "activations.relu",
        {"input <= 0": "input < 0"},
        "0 is on the side that passes.",
        "test_activations.py::test_relu",
        "oreilly-japan/deep-learning-from-scratch"),
    Bug("relu-slope-half-at-0", "activations.relu",
        {"input.masked_fill(input <= 0, 0)":
         "torch.maximum(input, torch.zeros_like(input))"},
        "max(x, 0) is what the formula says.",
        "test_activations.py::test_relu"),
    Bug("sigmoid-textbook", "activations.sigmoid",
        {"return torch.where(negative, z, 1) / (1 + z)":
         "return 1 / (1 + torch.exp(-input))"},
        "1 / inf is 0, so all is well.",
        "test_activations.py::test_sigmoid"),
    Bug("sigmoid-by-abs", "activations.sigmoid",
        {"z = torch.exp(torch.where(negative, input, -input))":
         "z = torch.exp(-input.abs())"},
        "exp(-|x|) never overflows; its slope at 0 is 0.",
        "test_activations.py::test_gradient_at_zero[sigmoid-0.25-dtype0]"),
    Bug("tanh-textbook", "activations.tanh",
        {"return torch.where(negative, -difference, difference) / (1 + z)":
         "a, b = torch.exp(input), torch.exp(-input)\n"
         "    return (a - b) / (a + b)"},
        "The formula in the book.", "test_activations.py::test_tanh"),
    Bug("tanh-without-expm1", "activations.tanh",
        {"torch.where(power > -1, -torch.expm1(power), 1 - z)": "1 - z"},
        "1 - exp(-2|x|) is 1 - exp(-2|x|).",
        "test_activations.py::test_tanh"),
    Bug("tanh-by-expm1-alone", "activations.tanh",
        {"torch.where(power > -1, -torch.expm1(power), 1 - z)":
         "-torch.expm1(power)"},
        "expm1 is exact everywhere; its slope is not.",
        "across/test_every_value.py::"
        "test_every_number_of_16_bits[tanh-dtype0]"),
    Bug("softplus-textbook", "activations.softplus",
        {"return torch.where(negative, 0, input) + torch.log1p(z)":
         "return torch.log(1 + torch.exp(input))"},
        "The formula in the book.", "test_activations.py::test_softplus",
        "ddbourgin/numpy-ml, eriklindernoren/ML-From-Scratch"),
    Bug("softplus-slope-0-at-0", "activations.softplus",
        {"torch.where(negative, 0, input)":
         "input.masked_fill(~(input > 0), 0)",
         "z = torch.exp(torch.where(negative, input, -input))":
         "z = torch.exp(-input.abs())"},
        "max(x, 0) + log(1 + exp(-|x|)), by relu and abs.",
        "test_activations.py::test_gradient_at_zero[softplus-0.5-dtype0]"),
    Bug("softplus-both-branches", "activations.softplus",
        {"return torch.where(negative, 0, input) + torch.log1p(z)":
         "return torch.where(input > 20, input,\n"
         "                       torch.log1p(torch.exp(input)))"},
        "where chooses, so the other branch is not computed.",
        "test_activations.py::test_softplus"),
    Bug("softplus-without-log1p", "activations.softplus",
        {"torch.log1p(z)": "torch.log(1 + z)"},
        "log1p(z) is log(1 + z).",
        "test_activations.py::test_softplus"),
    Bug("softmax-without-maximum", "activations.softmax",
        {"z = torch.exp(x - highest)": "z = torch.exp(x)"},
        "The constant cancels anyway.",
        "test_activations.py::test_softmax"),
    Bug("softmax-global-maximum", "activations.softmax",
        {"x.detach().max(dim, keepdim=True).values":
         "x.detach().max()"},
        "Any constant will do.", "test_activations.py::test_softmax",
        "lionelmessi6410/Neural-Networks-from-Scratch"),
    Bug("softmax-wrong-axis", "activations.softmax",
        {"p = z / z.sum(dim, keepdim=True)":
         "p = z / z.sum(0, keepdim=True)"},
        "Sum over the classes; which axis was that?",
        "test_activations.py::test_softmax"),
    Bug("softmax-without-keepdim", "activations.softmax",
        {"p = z / z.sum(dim, keepdim=True)": "p = z / z.sum(dim)"},
        "Broadcasting sorts it out.",
        "test_activations.py::test_softmax"),
    Bug("log-of-softmax", "activations.log_softmax",
        {"log_p = z - torch.log(torch.exp(z).sum(dim, keepdim=True))":
         "p = torch.exp(z)\n"
         "    log_p = torch.log(p / p.sum(dim, keepdim=True))"},
        "log_softmax is the log of softmax.",
        "test_activations.py::test_log_softmax"),
    Bug("log-of-p-plus-1e-12", "activations.log_softmax",
        {"log_p = z - torch.log(torch.exp(z).sum(dim, keepdim=True))":
         "p = torch.exp(z)\n"
         "    log_p = torch.log(p / p.sum(dim, keepdim=True) + 1e-12)"},
        "A small number keeps the log from -inf.",
        "test_activations.py::test_log_softmax"),
    Bug("relu-slope-1-everywhere", "activations.relu",
        {"return input.masked_fill(input <= 0, 0)":
         "value = input.detach().clamp(min=0)\n"
         "    return value + (input - input.detach())"},
        "The slope is computed from the wrong mask.",
        "test_activations.py::test_relu",
        "lionelmessi6410/Neural-Networks-from-Scratch"),
    Bug("sigmoid-by-tanh", "activations.sigmoid",
        {"return torch.where(negative, z, 1) / (1 + z)":
         "return torch.tanh(input / 2) / 2 + 0.5"},
        "tanh(x / 2) / 2 + 1/2 is the same on paper.",
        "test_activations.py::test_sigmoid",
        "oreilly-japan/deep-learning-from-scratch-3 (DeZero)"),
    Bug("softmax-of-the-whole-batch", "activations.softmax",
        {"x.detach().max(dim, keepdim=True).values": "x.detach().max()",
         "p = z / z.sum(dim, keepdim=True)": "p = z / z.sum()"},
        "Written for one sample.", "test_activations.py::test_softmax"),
    Bug("softmax-numerator-shifted", "activations.softmax",
        {"p = z / z.sum(dim, keepdim=True)":
         "p = z / torch.exp(x).sum(dim, keepdim=True)"},
        "The maximum is subtracted above, and not below.",
        "test_activations.py::test_softmax"),
    Bug("log-softmax-maximum-not-given-back", "activations.log_softmax",
        {"log_p = z - torch.log(": "log_p = x - torch.log("},
        "The sum is that of shifted x, the x is not.",
        "test_activations.py::test_log_softmax"),
]
