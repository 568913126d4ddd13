"""The boundary between two clusters."""

import torch

from scratch import data
from scratch.front_door.gap import Side
from scratch.front_door.lesson import (Lesson, both, correct,
                                       scatter_labels)
from scratch.tensors import to_numpy


class LogisticRegression(Lesson):
    """A boundary between two clusters."""

    name = "logistic_regression"
    topic = "logistic_regression"
    lr, epochs = 1e-3, 1000

    def data(self, seed):
        """100 points around (2, 2), and 100 around (-2, -2)."""
        return data.blobs(100, generator=seed)

    def side(self, wing, label):
        """Momentum 0.9 on the binary cross-entropy."""
        topic = wing.logistic_regression
        model = topic.LogisticRegression(device=self.options.device)
        training = topic.train(
            model, wing.losses.binary_cross_entropy, self.x,
            self.column(), lr=self.lr, momentum=0.9, epochs=self.epochs)
        return Side(model, training, self.accuracy(wing, topic, model))

    def draw(self, axes):
        """The points, and the line on which the model is undecided."""
        scatter_labels(axes, self)
        x = torch.linspace(-5, 5, 2).to(self.x)
        lines = []
        for side in self.runs[0].hand, self.runs[0].torch:
            w, b = side.model.parameters()
            # w_0 x_0 + w_1 x_1 + b = 0
            lines.append(to_numpy(-(w[0, 0] * x + b) / w[0, 1]))
        both(axes, to_numpy(x), lines[0], lines[1])
        axes.set(xlim=(-5, 5), ylim=(-5, 5),
                 xlabel="$x_0$", ylabel="$x_1$",
                 title=f"the boundary P = 1/2\n{correct(self)}")
