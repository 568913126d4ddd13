"""The front door: it trains both wings and reports how they differ.

Only the files in this folder, and `scratch/__main__.py`, know both
wings. Torch is imported once the command line is checked, so that
`--help` is quick.
"""
