"""Solutions of the exercises of docs/cnn.md."""
