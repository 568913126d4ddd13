"""Bugs in the CNN and in its training."""

from tests.museum.plant import Bug

TRAINING = "test_cnn.py::test_training_is_adam_on_the_mean_loss"
BUGS = [
    Bug("cnn-gradients-kept", "cnn.Training._advance",
        {"        self.optimizer.zero_grad()\n": ""},
        "backward() sets the gradient.", f"{TRAINING}[lecture]"),
    Bug("cnn-softmax-before-the-loss", "cnn.CNN.__call__",
        {"return self.drop(flatten(x)) @ weight.T + bias":
         "z = torch.exp(flatten(x) @ weight.T + bias)\n"
         "        return z / z.sum(1, keepdim=True)"},
        "A loss takes probabilities. This one takes logits.",
        "test_cnn.py::test_forward"),
    Bug("cnn-std-without-mean", "cnn.CNN.__call__",
        {"x = (x - mean) / std": "x = x / std - mean"},
        "Scale, then shift.", "test_cnn.py::test_normalised"),
    Bug("cnn-schedule-once-an-epoch", "cnn.Training._advance",
        {"        self.scheduler.step()\n": ""},
        "The schedule moves at the end of an epoch.", f"{TRAINING}[fast]"),
    Bug("cnn-without-relu", "cnn.CNN.__call__",
        {"x = relu(max_pool2d(x, 2))": "x = max_pool2d(x, 2)"},
        "The maximum is not linear: pooling needs no relu.",
        "test_cnn.py::test_forward"),
    Bug("cnn-channels-last", "cnn.CNN.__call__",
        {"flatten(x)": "x.permute(0, 2, 3, 1).flatten(1)"},
        "A row has the channels of one place side by side.",
        "test_cnn.py::test_forward"),
    Bug("cnn-filter-size-forgotten", "_net.layer",
        {"1 / prod(shape[1:]) ** 0.5": "1 / shape[1] ** 0.5"},
        "A convolution has as many inputs as channels.",
        "test_cnn.py::test_start"),
    Bug("cnn-same-order-in-each-epoch", "cnn.Training.__iter__",
        {"        generator = as_generator(self._seed)\n": "",
         "            order = torch":
         "            generator = as_generator(self._seed)\n"
         "            order = torch"},
        "Each epoch shuffles from the seed.", f"{TRAINING}[lecture]"),
    Bug("cnn-resumed-from-the-start-of-the-epoch", "cnn.Training.__iter__",
        {"batches[self.step - epoch * per_epoch:]": "batches"},
        "The order of the rows follows from the seed.",
        "test_cnn.py::test_resumed_training[scratch.cnn]"),
    Bug("cnn-mean-of-the-parts", "cnn.evaluate",
        {"return accuracy(classify(model, x), y)":
         "parts = list(zip(x.split(250), y.split(250)))\n"
         "    return sum(accuracy(classify(model, a), b)\n"
         "               for a, b in parts) / len(parts)"},
        "The accuracy is the mean of the batches' accuracies.",
        "test_cnn.py::test_evaluate[scratch.cnn]"),
    Bug("cnn-norms-not-trained", "cnn.CNN.parameters",
        {", *(\n            p for norm in self.norms for p in "
         "norm.parameters())]": "]"},
        "The parameters are the weights and biases of the layers.",
        "across/test_norm_and_dropout.py::test_cnn[batch-0.0]"),
    Bug("cnn-classify-in-training-mode", "cnn.classify",
        {"evaluating(model), ": ""},
        "Without a gradient there is no training.",
        "across/test_norm_and_dropout.py::test_cnn[batch-0.3]"),
    Bug("cnn-masks-start-again", "_state.restore",
        {"    training.model.drop.generator.set_state("
         "state[\"generator\"])\n": ""},
        "The masks are random: any will do.",
        "across/test_norm_and_dropout.py::"
        "test_cnn_stopped_and_continued[hand]"),
]
