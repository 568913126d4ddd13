"""Solutions of the exercises of docs/logistic_regression.md."""
