"""Solutions of the exercises of docs/data.md."""
