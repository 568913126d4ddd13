"""Bugs in the hidden layer."""

from tests.museum.plant import Bug

BUGS = [
    Bug("relu-after-the-last-layer", "mlp.MLP.__call__",
        {"return x @ weight.T + bias": "return relu(x @ weight.T + bias)"},
        "Every layer is followed by a relu.",
        "test_mlp.py::test_module_sequential_and_hand_are_one"),
    Bug("relu-left-out", "mlp.MLP.__call__",
        {"x = relu(x @ w.T + b)": "x = x @ w.T + b"},
        "Two layers are deeper than one.",
        "test_mlp.py::test_module_sequential_and_hand_are_one"),
    Bug("start-without-root", "mlp.MLP.__init__",
        {"bound = 1 / m ** 0.5": "bound = 1 / m"},
        "One over the columns in.", "test_mlp.py::test_start"),
    Bug("start-from-another-draw", "mlp.MLP.__init__",
        {"generator = as_generator(generator)\n":
         "generator = as_generator(0)\n"},
        "A fixed seed makes it reproducible.", "test_mlp.py::test_start"),
    Bug("never-shuffled", "mlp._deal",
        {"shuffle=generator is not None": "shuffle=False"},
        "The rows come in no order anyway.",
        "test_mlp.py::test_training"),
    Bug("logit-above-half", "mlp.classify",
        {"(sigmoid(output)[:, 0] > 0.5)": "(output[:, 0] > 0.5)"},
        "Above a half is a yes: of a probability, not of a logit.",
        "test_mlp.py::test_classify"),
]
