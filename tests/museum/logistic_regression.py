"""Bugs in logistic regression."""

from tests.museum.plant import Bug

BUGS = [
    Bug("velocity-restarts-every-epoch", "logistic_regression.train",
        {"        loss = loss_function(model(x), y)\n":
         "        velocity = [0 * p.detach() for p in model.parameters()]\n"
         "        loss = loss_function(model(x), y)\n"},
        "Each epoch starts at rest.",
        "test_logistic_regression.py::test_training"),
    Bug("velocity-adds-twice", "logistic_regression.train",
        {"                p.grad = None\n": ""},
        "The velocity already remembers the gradients.",
        "test_logistic_regression.py::test_training"),
    Bug("boundary-at-zero", "logistic_regression.classify",
        {"> 0.5": "> 0"},
        "Positive means class 1; true of a logit, not of a probability.",
        "test_logistic_regression.py::test_boundary_is_the_line"),
]
