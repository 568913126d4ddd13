"""Solutions of the exercises of docs/activations.md."""
