"""The front door of the CNN, and what both front doors share.

`python -m scratch` knows both wings, so it may borrow from here;
nothing here knows `scratch`. Torch is imported only where it is needed,
so that `--help` is quick.
"""
