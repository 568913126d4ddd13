"""Solutions of the exercises of docs/init.md."""
