"""Bugs in the tensors' functions."""

from tests.museum.plant import Bug

BUGS = [
    Bug("lerp-one-way", "tensors.lerp",
        {"return end - (end - input) * (1 - weight)":
         "return input + weight * (end - input)"},
        "One formula is enough; it misses the end by a rounding.",
        "test_tensors.py::test_lerp"),
    Bug("slope-from-one-side", "tensors.numerical_gradient",
        {"(function(x + step) - function(x - step)) / (2 * eps)":
         "(function(x + step) - function(x)) / eps"},
        "The definition of the derivative.",
        "test_tensors.py::test_numerical_gradient"),
]
