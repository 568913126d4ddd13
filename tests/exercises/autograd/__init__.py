"""Solutions of the exercises of docs/autograd.md."""
