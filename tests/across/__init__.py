"""Proofs that concern all topics at once."""
