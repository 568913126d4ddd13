"""Solutions of the exercises of docs/backprop.md."""
