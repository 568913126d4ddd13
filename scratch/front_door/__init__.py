"""The front door: it pairs the two wings and reports on both.

Only the files in this folder, and `scratch/__main__.py`, know both
wings. Nothing here imports torch until a lesson runs, so that `--help`
is quick.
"""
