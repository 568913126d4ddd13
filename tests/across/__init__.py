"""Proofs about all topics at once."""
