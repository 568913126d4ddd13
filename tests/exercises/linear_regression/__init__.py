"""Solutions of the exercises of docs/linear_regression.md."""
