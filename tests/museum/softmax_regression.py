"""Bugs in softmax regression."""

from tests.museum.plant import Bug

BUGS = [
    Bug("partial-batch-by-the-full-size", "softmax_regression.train",
        {"p.data.sub_(p.grad, alpha=lr)":
         "p.data.sub_(p.grad,\n"
         "                                alpha=lr * len(rows) / batch_size)"},
        "Divide the sum by batch_size.",
        "test_softmax_regression.py::test_training", "d2l-ai/d2l-en #1000"),
    Bug("gamma-every-step", "softmax_regression.train",
        {"            yield loss.item()\n":
         "            yield loss.item()\n            lr *= gamma\n"},
        "The learning rate falls during training.",
        "test_softmax_regression.py::test_training"),
    Bug("bias-left-out", "softmax_regression.train",
        {"for p in model.parameters():": "for p in [model.w]:"},
        "Training the weights is enough.",
        "test_softmax_regression.py::test_training"),
]
