"""What proofs are written with: what is drawn, what is compared, how."""
