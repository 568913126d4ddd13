"""A hidden layer learns a curve."""

from scratch import data
from scratch.front_door.gap import Side
from scratch.front_door.lesson import Lesson, both, scatter
from scratch.tensors import to_numpy


class RegressionNet(Lesson):
    """A curve through 100 points, 1-10-1."""

    name = "regression_net"
    topic = "mlp"
    lr, epochs = 0.5, 200

    def data(self, seed):
        """A parabola with uniform noise."""
        return data.parabola(100, uniform=0.2, generator=seed)

    def side(self, wing, label):
        """Gradient descent on the mean squared error, all rows."""
        model = self.net(wing, [1, 10, 1])
        return Side(model, wing.mlp.train(
            model, wing.losses.mse_loss, self.x, self.y, self.lr,
            self.epochs))

    def draw(self, axes):
        """The points and the curve."""
        hand, by_torch = self.runs[0].hand, self.runs[0].torch
        scatter(axes, self)
        both(axes, to_numpy(self.x), to_numpy(hand.model(self.x)),
             to_numpy(by_torch.model(self.x)))
        axes.set(xlabel="x", ylabel="y",
                 title="1-10-1 net, relu:\na curve of straight pieces")
