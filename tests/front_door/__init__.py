"""The front door: what it prints, draws, rejects, and returns."""
