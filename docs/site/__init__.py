"""Extensions of Sphinx that build the pages, and what they share."""
