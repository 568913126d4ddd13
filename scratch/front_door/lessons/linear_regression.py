"""A line through 20 points, and what kept gradients do to it."""

import numpy as np
import torch

from scratch import data, linear_regression
from scratch.front_door.gap import Side
from scratch.front_door.lesson import Lesson, both, scatter
from scratch.tensors import to_numpy


class LinearRegression(Lesson):
    """A line through 20 points."""

    name = "linear_regression"
    topic = "linear_regression"
    lr, epochs = 0.02, 1000
    backprop = True
    keep_gradients = False

    def data(self, seed):
        """20 points around y = 2 x + 5."""
        return data.line(20, generator=seed)

    def side(self, wing, label):
        """Gradient descent until the loss is below 1."""
        topic = wing.linear_regression
        model = self.ready(wing, topic.LinearRegression(
            device=self.options.device))
        return Side(model, self.by_backprop(
            wing, "linear_regression", model, self.y, stop=1.0
        ) or topic.train(
            model, self.x, self.y, lr=self.lr, steps=self.epochs,
            keep_gradients=self.keep_gradients))

    def learnt(self, side):
        """Slope and intercept."""
        w, b = side.model.parameters()
        return {"w": w.item(), "b": b.item()}

    def draw(self, axes):
        """The points and the line."""
        hand, by_torch = self.runs[0].hand, self.runs[0].torch
        x = torch.linspace(0, 10, 2)[:, None].to(self.x)
        scatter(axes, self)
        both(axes, to_numpy(x), to_numpy(hand.model(x)),
             to_numpy(by_torch.model(x)))
        w, b = self.learnt(hand).values()
        axes.set(xlabel="x", ylabel="y",
                 title=f"y = {w:.2f} x + {b:.2f}\n(made with y = 2 x "
                       f"+ 5), {len(hand.losses)} steps")


class KeptGradients(LinearRegression):
    """The same loop, gradients never cleared."""

    name = "linear_regression --keep-gradients"
    lr = 0.1
    keep_gradients = True
    backprop = False

    def draw(self, axes):
        """The loss of this loop, and of one that clears gradients."""
        hand, by_torch = self.runs[0].hand, self.runs[0].torch
        steps = range(1, len(hand.losses) + 1)
        # matplotlib's log axis warns of more than 1e30
        both(axes, steps, np.clip(hand.losses, 0, 1e30),
             np.clip(by_torch.losses, 0, 1e30), "kept")
        # the same start and lr
        model = linear_regression.LinearRegression(
            device=self.options.device)
        losses = list(linear_regression.train(
            model, self.x, self.y, self.lr, len(hand.losses)))
        axes.plot(range(1, len(losses) + 1), np.clip(losses, 0, 1e30),
                  "C3.-", label="cleared")
        axes.set(yscale="log", xlabel="step", ylabel="loss",
                 title=f"lr {self.lr:g}: gradients kept\n"
                       "in every step, or cleared")
        axes.legend(loc="upper left")
