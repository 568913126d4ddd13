"""Solutions of the exercises of docs/checkpoint.md."""
