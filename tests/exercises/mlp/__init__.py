"""Solutions of the exercises of docs/mlp.md."""
