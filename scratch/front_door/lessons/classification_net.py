"""A hidden layer tells two clusters apart."""

import torch

from scratch import data
from scratch.front_door.gap import Side
from scratch.front_door.lesson import (WINGS, Lesson, correct,
                                       scatter_labels)
from scratch.tensors import to_numpy


class ClassificationNet(Lesson):
    """Two clusters and their regions, 2-10-2."""

    name = "classification_net"
    topic = "mlp"
    lr, epochs = 0.01, 100

    def data(self, seed):
        """The two clusters of logistic regression."""
        return data.blobs(100, generator=seed)

    def side(self, wing, label):
        """Gradient descent on the cross-entropy of two outputs."""
        model = self.net(wing, [2, 10, 2])
        return Side(model, wing.mlp.train(
            model, wing.losses.cross_entropy, self.x, self.y,
            lr=self.lr, epochs=self.epochs),
            self.accuracy(wing, wing.mlp, model))

    def draw(self, axes):
        """The regions by hand in colour, the boundary by torch."""
        axis = torch.linspace(-5, 5, 101).to(self.x)
        grid = torch.cartesian_prod(axis, axis)
        line = to_numpy(axis)
        hand, by_torch = (to_numpy(
            wing.mlp.classify(side.model, grid).reshape(101, 101).T)
            for wing, side in zip(WINGS, (self.runs[0].hand,
                                          self.runs[0].torch)))
        axes.contourf(line, line, hand, [-0.5, 0.5, 1.5], alpha=0.3,
                      colors=["C0", "C1"])
        if by_torch.min() < by_torch.max():
            axes.contour(line, line, by_torch, levels=[0.5],
                         colors="black", linewidths=1, linestyles="--")
        scatter_labels(axes, self)
        axes.set(xlim=(-5, 5), ylim=(-5, 5),
                 xlabel="$x_0$", ylabel="$x_1$",
                 title=f"2-10-2 net: the two regions\n{correct(self)}")
