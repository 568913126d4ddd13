"""Ten classes with one matrix, from 8 x 8 or 28 x 28 images."""

import math

from scratch import data, images
from scratch.front_door.files import read_images
from scratch.front_door.gap import Side
from scratch.front_door.lesson import Lesson, correct
from scratch.tensors import to_numpy

# lr, epochs, gamma. Clothes have more ink than digits: at lr 0.5 the
# loss oscillates, and rounding error grows until the sides disagree.
RECIPES = {"digits": (0.5, 30, 1.0), "mnist": (0.5, 4, 0.5),
           "fashion": (0.1, 4, 0.5)}
READ = {"mnist": images.mnist, "fashion": images.fashion_mnist}


class SoftmaxRegression(Lesson):
    """Ten digits with one matrix."""

    name = "softmax_regression"
    topic = "softmax_regression"
    batch_size = 64
    backprop = True
    images = True

    def __init__(self, options):
        self.source = options.data
        self.lr, self.epochs, self.gamma = RECIPES[self.source]
        super().__init__(options)

    def data(self, seed):
        """The training set; the test set is kept for `evaluate`."""
        options = self.options
        x, x_test, y, y_test = read(options.data, options.data_dir,
                                    seed)
        self.x_test = x_test.to(options.device)
        self.y_test = y_test.to(options.device)
        return x, y

    def side(self, wing, label):
        """Mini-batches of 64, shuffled; lr times gamma each epoch."""
        topic = wing.softmax_regression
        model = self.ready(wing, topic.SoftmaxRegression(
            self.x.shape[1], device=self.options.device))
        recipe = {"gamma": self.gamma, "generator": self.generator()}
        training = self.by_backprop(
            wing, "softmax_regression", model, self.y, **recipe
        ) or topic.train(
            model, self.x, self.y, lr=self.lr, epochs=self.epochs,
            batch_size=self.batch_size, **recipe)

        def evaluate():
            a, b = topic.evaluate(model, self.x, self.y)
            c, d = topic.evaluate(model, self.x_test, self.y_test)
            return {"train_loss": a, "train_accuracy": b,
                    "test_loss": c, "accuracy": d}

        return Side(model, training, evaluate)

    def look_every(self):
        """Evaluate after each epoch."""
        return self.steps() // self.epochs

    def draw(self, axes):
        """The ten rows of W as images, in two rows of five."""
        w, _ = self.runs[0].hand.model.parameters()
        w = w.detach()
        n = math.isqrt(w.shape[1])
        mosaic = w.reshape(2, 5, n, n).permute(0, 2, 1, 3)
        limit = max(w.abs().max().item(), 1e-9)
        axes.imshow(to_numpy(mosaic.reshape(2 * n, 5 * n)),
                    cmap="RdBu_r", vmin=-limit, vmax=limit)
        axes.set(xticks=[n * i - 0.5 for i in range(1, 5)],
                 xticklabels=[], yticks=[n - 0.5], yticklabels=[],
                 title="rows 0 to 9 of W: red speaks for,\n"
                       f"blue against. Test: {correct(self)}")
        axes.grid(color="black")


def read(name, folder, seed):
    """x_train, x_test, y_train, y_test; x has one row per image."""
    if name == "digits":
        return data.train_test_split(*data.digits(), generator=seed)
    x, x_test, y, y_test = read_images(READ[name], folder)
    return x.flatten(1), x_test.flatten(1), y, y_test
