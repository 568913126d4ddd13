"""Measure where the time goes: `python -m tests.benchmark [NAME ...]`.

It reports ratios only: seconds differ from one computer to the next. The
cases of a benchmark take turns in one process, in a new order each round.
"""
