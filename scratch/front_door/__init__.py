"""The front door: it trains both wings and reports how they differ.

Only the files in this folder, and `scratch/__main__.py`, know both
wings. Nothing here imports torch until a lesson runs, so that `--help`
is quick.
"""
