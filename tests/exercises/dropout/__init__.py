"""Solutions of the exercises of docs/dropout.md."""
