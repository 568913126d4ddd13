"""Solutions of the exercises of docs/optim.md."""
