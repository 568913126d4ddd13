"""Bugs in the CNN, the only topic that is not written by hand yet."""

from tests.museum.plant import Bug

BUGS = [
    Bug("cnn-gradients-kept", "cnn.Training._advance",
        {"        self.optimizer.zero_grad()\n": ""},
        "backward() sets the gradient.",
        "test_cnn.py::test_training_is_adam_on_the_mean_loss[lecture]"),
    Bug("cnn-softmax-before-the-loss", "cnn.CNN.forward",
        {"return self.linear(x.flatten(1))":
         "return self.linear(x.flatten(1)).softmax(1)"},
        "A loss takes probabilities. This one takes logits.",
        "test_cnn.py::test_forward"),
    Bug("cnn-std-without-mean", "cnn.CNN.forward",
        {"x = (x - self.mean) / self.std": "x = x / self.std - self.mean"},
        "Scale, then shift.", "test_cnn.py::test_normalised"),
    Bug("cnn-schedule-once-an-epoch", "cnn.Training._advance",
        {"        self.scheduler.step()\n": ""},
        "The schedule moves at the end of an epoch.",
        "test_cnn.py::test_training_is_adam_on_the_mean_loss[fast]"),
]
