"""Bugs in the first weights."""

from tests.museum.plant import Bug

DRAWS = "test_init.py::test_draws"
NORMAL, UNIFORM = f"{DRAWS}[xavier_normal_]", f"{DRAWS}[xavier_uniform_]"

BUGS = [
    Bug("fan-of-the-wrong-axis", "init._fans",
        {"outputs, inputs, *field": "inputs, outputs, *field"},
        "A weight is (inputs, outputs), as in x @ W.",
        f"{DRAWS}[kaiming_normal_]",
        "udacity/deep-reinforcement-learning #14"),
    Bug("receptive-field-ignored", "init._fans",
        {"return inputs * prod(field), outputs * prod(field)":
         "return inputs, outputs"},
        "The fans are the first two axes.", f"{DRAWS}[kaiming_normal_]",
        "tensorflow/swift-apis PR #22, FluxML/Flux.jl #442"),
    Bug("fan-out-for-fan-in", "init._kaiming_std",
        {'if mode == "fan_in"': 'if mode == "fan_out"'},
        "fan_in is the number of units that the layer has.",
        f"{DRAWS}[kaiming_normal_]", "tkipf/pygcn #42"),
    Bug("std-without-root", "init.xavier_normal_",
        {"std = gain * sqrt(2 / (fan_in + fan_out))\n    return":
         "std = gain * 2 / (fan_in + fan_out)\n    return"},
        "N(0, 2 / (fan_in + fan_out)), as the paper writes it.", NORMAL,
        "dlvu/vugrad PR #2"),
    Bug("xavier-without-brackets", "init.xavier_normal_",
        {"std = gain * sqrt(2 / (fan_in + fan_out))\n    return":
         "std = gain * sqrt(2 / fan_in + fan_out)\n    return"},
        "2 over fan_in + fan_out.", NORMAL, "mlverse/torch #555"),
    Bug("xavier-without-the-2", "init.xavier_normal_",
        {"std = gain * sqrt(2 / (fan_in + fan_out))\n    return":
         "std = gain * sqrt(1 / (fan_in + fan_out))\n    return"},
        "One over the sum of the fans.", NORMAL),
    Bug("xavier-3-for-2", "init.xavier_normal_",
        {"std = gain * sqrt(2 / (fan_in + fan_out))\n    return":
         "std = gain * sqrt(3 / (fan_in + fan_out))\n    return"},
        "There was a 3 in the formula.", NORMAL, "tflearn/tflearn #870"),
    Bug("std-is-the-bound", "init.xavier_uniform_",
        {"bound = sqrt(3) * std": "bound = std"},
        "U(-std, std) has the standard deviation std.", UNIFORM,
        "keras-team/keras PR #372"),
    Bug("gain-forgotten", "init.xavier_uniform_",
        {"std = gain * sqrt(2 / (fan_in + fan_out))\n    # U":
         "std = sqrt(2 / (fan_in + fan_out))\n    # U"},
        "The gain is 1.", UNIFORM),
    Bug("kaiming-without-gain", "init._kaiming_std",
        {"return calculate_gain(nonlinearity, a) / sqrt(fan)":
         "return 1 / sqrt(fan)"},
        "relu halves nothing; this is LeCun's.",
        f"{DRAWS}[kaiming_uniform_]", "LBANN/lbann PR #316"),
    Bug("slope-not-squared", "init.calculate_gain",
        {"(1 + a ** 2)": "(1 + a)"},
        "It lets a part a through below 0.", "test_init.py::test_gain"),
    Bug("leaky-slope-ignored", "init.calculate_gain",
        {"sqrt(2 / (1 + a ** 2))": "sqrt(2)"},
        "0.01 is as good as 0.", "test_init.py::test_gain"),
    Bug("variance-for-std", "init.normal_",
        {"normal_(mean, std, generator": "normal_(mean, std ** 2, generator"},
        "N(mean, std ** 2) takes std ** 2.", f"{DRAWS}[normal_]"),
    Bug("global-generator", "init.uniform_",
        {"uniform_(a, b, generator=generator)": "uniform_(a, b)"},
        "The seed has been set above.", f"{DRAWS}[uniform_]"),
    Bug("a-fresh-tensor", "init.normal_",
        {"tensor.data.normal_": "tensor = tensor.data.clone().normal_"},
        "The caller keeps what comes back.", f"{DRAWS}[normal_]"),
    Bug("gradient-switched-off", "init.normal_",
        {"tensor.data.normal_": "tensor.requires_grad_(False).normal_"},
        "Else torch complains of a leaf that is used in place.",
        f"{DRAWS}[normal_]"),
    Bug("zero-times-what-was-there", "init.zeros_",
        {"return constant_(tensor, 0.0)":
         "tensor.data.mul_(0)\n    return tensor"},
        "Anything times 0 is 0; what torch.empty holds may be NaN.",
        "test_init.py::test_constants"),
]
