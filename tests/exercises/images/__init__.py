"""Solutions of the exercises of docs/images.md."""
