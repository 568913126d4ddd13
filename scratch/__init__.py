"""Machine learning by hand: raw tensors, `backward()`, own updates."""

__version__ = "0.1.0"
