"""The program that trains the CNN: `python -m scratch cnn`."""
