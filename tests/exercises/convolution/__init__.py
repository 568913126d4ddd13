"""Solutions of the exercises of docs/convolution.md."""
