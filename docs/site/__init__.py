"""What builds the pages: extensions of Sphinx, and what they share."""
