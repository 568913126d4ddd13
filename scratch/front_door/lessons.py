"""The lessons: the data, and the recipe that both wings follow.

A recipe is written once, for a `wing`, `scratch` or `torch_ref`: they
have the same names.
"""

from importlib import import_module

from scratch import data
from scratch.front_door import KEEP
from scratch.front_door.lesson import Lesson
from scratch.front_door.lockstep import Side
from scratch.front_door.sources import RECIPES, ten_classes

for topic in ("backprop", "linear_regression", "logistic_regression",
              "losses", "mlp", "optim", "softmax_regression"):
    import_module(f"scratch.{topic}")
    import_module(f"torch_ref.{topic}")


class LinearRegression(Lesson):
    name, lr, epochs = "linear_regression", 0.02, 1000
    keep_gradients = False

    def data(self, seed):
        return data.line(20, generator=seed)

    def side(self, wing, label):
        topic = wing.linear_regression
        model = topic.LinearRegression(device=self.options.device)
        return Side(model, self.by_backprop(
            wing, "linear_regression", model, self.y, stop=1.0
        ) or topic.train(
            model, self.x, self.y, lr=self.lr, steps=self.epochs,
            keep_gradients=self.keep_gradients))

    def learnt(self, side):
        w, b = side.model.parameters()
        return {"w": w.item(), "b": b.item()}


class KeptGradients(LinearRegression):
    name, lr = KEEP, 0.1
    keep_gradients = True


class LogisticRegression(Lesson):
    name, lr, epochs = "logistic_regression", 1e-3, 1000

    def data(self, seed):
        return data.blobs(100, generator=seed)

    def side(self, wing, label):
        topic = wing.logistic_regression
        model = topic.LogisticRegression(device=self.options.device)
        training = topic.train(
            model, wing.losses.binary_cross_entropy, self.x,
            self.column(), lr=self.lr, momentum=0.9, epochs=self.epochs)
        return Side(model, training, self.accuracy(wing, topic, model))


class RegressionNet(Lesson):
    name, lr, epochs = "regression_net", 0.5, 200

    def data(self, seed):
        return data.parabola(100, uniform=0.2, generator=seed)

    def side(self, wing, label):
        model = self.net(wing, [1, 10, 1])
        return Side(model, wing.mlp.train(
            model, wing.losses.mse_loss, self.x, self.y, self.lr,
            self.epochs))


class ClassificationNet(Lesson):
    name, lr, epochs = "classification_net", 0.01, 100

    def data(self, seed):
        return data.blobs(100, generator=seed)

    def side(self, wing, label):
        model = self.net(wing, [2, 10, 2])
        return Side(model, wing.mlp.train(
            model, wing.losses.cross_entropy, self.x, self.y,
            lr=self.lr, epochs=self.epochs),
            self.accuracy(wing, wing.mlp, model))


class Optimizers(Lesson):
    name, lr, epochs, batch_size = "optimizers", 0.01, 12, 32
    labels = ("SGD", "momentum", "RMSprop", "Adam")

    def data(self, seed):
        return data.parabola(1000, uniform=0.0, normal=0.1,
                             generator=seed)

    def side(self, wing, label):
        model = self.net(wing, [1, 20, 1])
        params, lr, optim = model.parameters(), self.lr, wing.optim
        optimizer = {
            "SGD": lambda: optim.SGD(params, lr),
            "momentum": lambda: optim.SGD(params, lr, momentum=0.8),
            "RMSprop": lambda: optim.RMSprop(params, lr, alpha=0.9),
            "Adam": lambda: optim.Adam(params, lr, betas=(0.9, 0.99)),
        }[label]()
        return Side(model, wing.mlp.train_with(
            optimizer, model, wing.losses.mse_loss, self.x, self.y,
            self.epochs, self.batch_size, self.generator()))


class BreastCancer(Lesson):
    name, lr, epochs, batch_size = "breast_cancer", 0.01, 700, 64

    def data(self, seed):
        x, y = data.breast_cancer()
        return data.standardize(x, x), y

    def side(self, wing, label):
        model = self.net(wing, [30, 32, 64, 1])
        y = self.column()
        training = self.by_backprop(
            wing, "mlp", model, y) or wing.mlp.train(
            model, wing.losses.binary_cross_entropy_with_logits, self.x,
            y, self.lr, self.epochs, self.batch_size)
        return Side(model, training,
                    self.accuracy(wing, wing.mlp, model))


class SoftmaxRegression(Lesson):
    name, batch_size = "softmax_regression", 64

    def __init__(self, options):
        self.source = options.data
        self.lr, self.epochs, self.gamma = RECIPES[self.source]
        super().__init__(options)

    def data(self, seed):
        x, x_test, y, y_test = ten_classes(
            self.options.data, self.options.data_dir, seed)
        device = self.options.device
        self.x_test, self.y_test = x_test.to(device), y_test.to(device)
        return x, y

    def side(self, wing, label):
        topic = wing.softmax_regression
        model = topic.SoftmaxRegression(self.x.shape[1],
                                        device=self.options.device)
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
        return self.steps() // self.epochs


BY_NAME = {lesson.name: lesson for lesson in (
    LinearRegression, KeptGradients, LogisticRegression, RegressionNet,
    ClassificationNet, Optimizers, BreastCancer, SoftmaxRegression)}
