"""What the proofs share: what they draw, and how they compare it."""
