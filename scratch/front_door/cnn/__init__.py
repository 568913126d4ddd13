"""The program of the CNN: `python -m scratch cnn`."""
