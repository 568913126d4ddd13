"""Solutions of the exercises of docs/losses.md."""
