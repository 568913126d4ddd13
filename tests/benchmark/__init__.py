"""Where the time goes: `python -m tests.benchmark [NAME ...]`.

Ratios only, for they travel and seconds don't. All sides of a ratio run
in turns in one process, in a new order each round.
"""
