"""What builds the pages: each file here is an extension of Sphinx."""
