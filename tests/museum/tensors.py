"""Bugs in the tensors' functions."""

from tests.museum.plant import Bug

BUGS = [
    Bug("lerp-one-way", "tensors.lerp",
        {"result = y - (y - x) * (1 - w)":
         "result = x + w * (y - x)"},
        "One formula is enough; it misses the end by a rounding.",
        "test_tensors.py::test_lerp"),
    Bug("slope-from-one-side", "tensors.numerical_gradient",
        {"behind = function(x + step), function(x - step)":
         "behind = function(x + step), function(x)",
         "/ (2 * eps)": "/ eps"},
        "The definition of the derivative.",
        "test_tensors.py::test_numerical_gradient"),
]
