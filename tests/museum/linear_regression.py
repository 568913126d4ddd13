"""Bugs in linear regression."""

from tests.museum.plant import Bug

BUGS = [
    Bug("gradient-accumulated", "linear_regression.train",
        {"if not keep_gradients:": "if False:"},
        "backward() sets the gradient, so there is nothing to clear.",
        "test_linear_regression.py::test_training",
        "the source lecture of this project"),
    Bug("bias-not-cleared", "linear_regression.train",
        {"if not keep_gradients:":
         "if not keep_gradients and p is model.w:"},
        "Only the weight matters.",
        "test_linear_regression.py::test_training"),
    Bug("stop-after-the-update", "linear_regression.train",
        {"        if loss < stop:\n            yield loss.item()\n"
         "            return\n": "",
         "        yield loss.item()\n":
         "        yield loss.item()\n        if loss < stop:\n"
         "            return\n"},
        "One more step does no harm.",
        "test_linear_regression.py::test_training"),
]
