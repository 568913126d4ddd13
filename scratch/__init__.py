"""Machine learning by hand: raw tensors, `backward()`, our updates."""

__version__ = "0.1.0"

# The topics in reading order, and what a reader learns from each.
CONTENTS = {
    "tensors": "NumPy and torch side by side, one line of autograd",
    "activations": "relu, sigmoid, tanh, softplus, softmax",
    "autograd": "an engine that finds every gradient by itself",
    "losses": "squared error, binary cross-entropy, cross-entropy",
    "init": "how large the first weights are: Xavier, Kaiming",
    "optim": "SGD, momentum, Nesterov, RMSprop, Adagrad, Adam, AdamW",
    "lr_scheduler": "steps, warm-up, cosine, one cycle, in sequence",
    "data": "making, standardising, splitting and batching data",
    "images": "MNIST and Fashion-MNIST, a file format byte by byte",
    "linear_regression": "the whole training loop, for a straight line",
    "logistic_regression": "two clusters of points and a boundary",
    "softmax_regression": "ten digits with one matrix",
    "mlp": "a hidden layer: a curve, two clusters, a table of tumours",
    "backprop": "every gradient by hand, without autograd",
    "convolution": "one filter for all places of an image, pooling",
    "normalization": "a net that keeps the size of its signal",
    "dropout": "drop entries at random, in training only",
    "checkpoint": "save, stop, resume as if nothing had happened",
    "cnn": "convolution: digits and clothes with a small net",
}
