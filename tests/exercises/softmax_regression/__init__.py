"""Solutions of the exercises of docs/softmax_regression.md."""
