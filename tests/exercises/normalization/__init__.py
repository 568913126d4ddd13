"""Solutions of the exercises of docs/normalization.md."""
