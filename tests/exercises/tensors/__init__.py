"""Solutions of the exercises of docs/tensors.md."""
