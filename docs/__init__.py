"""The lectures: TOPIC.md is a page, TOPIC.py is what it computes."""
